#!/bin/bash
# Proves the harness and shows what each kernel offers: smoke.sh [VERSION]...   (default: all of them)
# On every kernel: the Java runtime starts, ext4, xfs and btrfs mount from loop devices, a delayed disk is slow, the
# clock keeps time, and a table of the BPF program and map kinds that load, attach and count.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=${VM_CACHE:-$(cd "$here/../.." && pwd)/.cache/vm}
[ $# -gt 0 ] || set -- 5.10 6.1 6.12 newest

"$here/payload.sh" "$cache/payload"
failed=0
for version in "$@"; do
    "$here/kernel.sh" "$version" >/dev/null
    echo "== $version"
    started=$(date +%s.%N)
    VM_TIMEOUT=${VM_TIMEOUT:-120} "$here/boot.sh" "$version" "$cache/payload" "$(cat "$here/smoke-guest.sh")" || failed=1
    awk -v from="$started" -v to="$(date +%s.%N)" 'BEGIN { printf "took %.1f s\n", to - from }'
done
exit $failed
