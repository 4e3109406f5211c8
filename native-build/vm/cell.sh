#!/bin/bash
# Counts every call of the write path through every backend: cell.sh [VERSION]...   (default: all of them)
# Prints a table of what was made and what each backend saw, and fails where they differ without the start line of that
# backend saying so.
#   CELL_BACKENDS  which ("fentry kprobe tp_btf raw_tp tracepoint")
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
cache=${VM_CACHE:-$project/.cache/vm}
[ $# -gt 0 ] || set -- 5.10 6.1 6.12 newest

"$here/payload.sh" "$cache/payload-cell"
gcc -O1 -Wall -Werror -static -o "$cache/payload-cell/usr/bin/workload" "$project/java/src/test/resources/workload.c"
failed=0
for version in "$@"; do
    "$here/kernel.sh" "$version" >/dev/null
    started=$SECONDS
    VM_TIMEOUT=${VM_TIMEOUT:-400} VM_SPACE=1600 "$here/boot.sh" "$version" "$cache/payload-cell" \
        "backends='${CELL_BACKENDS:-fentry kprobe tp_btf raw_tp tracepoint}'
$(cat "$here/cell-guest.sh")" || failed=1
    echo "took $((SECONDS - started)) s"
done
exit $failed
