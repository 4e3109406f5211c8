#!/bin/bash
# Runs the program on other kernels, in virtual machines: vm-test.sh [VERSION]...   (default: all of kernel.sh's)
# On each, every hook kind counts calls of known number, owners of block requests are told apart, latencies are held
# against a disk of known delay, and nothing may be left loaded. Prints one table; exit code 1: a cell of it is wrong, or
# a machine failed, whose console is shown. A run of everything leaves its table in bench/results/kernels.txt.
# On 6.12, explain has to name causes that only a guest can have, in another machine.
#   VM_BACKENDS   hook kinds (fentry kprobe tp_btf raw_tp tracepoint)     VM_JOBS    machines at once (2)
#   VM_TIMEOUT    seconds for each machine (1500)
set -euo pipefail
project=$(cd "$(dirname "$0")/.." && pwd)
vm=$project/native-build/vm
export VM_CACHE=${VM_CACHE:-$project/.cache/vm}
readonly every_backend='fentry kprobe tp_btf raw_tp tracepoint' every_version='5.10 6.1 6.12 newest'
backends=${VM_BACKENDS:-$every_backend} jobs=${VM_JOBS:-2}
[ $# -gt 0 ] || set -- $every_version
versions=("$@")

if [ "$(uname -m)" != x86_64 ]; then
    echo "vm-test: other kernels are run on x86-64 hosts only; nothing was tested"
    exit
fi
mkdir -p "$VM_CACHE"
work=$(mktemp -d "$VM_CACHE/matrix.XXXXXX")
trap 'jobs -p | xargs -r kill 2>/dev/null; wait; rm -rf "$work"' EXIT

"$vm/payload.sh" "$work/payload"
mkdir "$work/payload/opt/vm"
cp "$vm/guest.sh" "$vm/explain-guest.sh" "$vm"/{cells,judge,waits}.awk "$work/payload/opt/vm/"

run() { # NAME VERSION COMMAND
    local code=0
    # One processor: with two of them emulated, the Java runtime crashes now and then, and 7.2 panics.
    VM_TIMEOUT=${VM_TIMEOUT:-1500} VM_SPACE=1800 VM_CPUS=1 VM_CONSOLE=$work/console-$1 \
        "$vm/boot.sh" "$2" "$work/payload" "$3" >"$work/output-$1" 2>&1 || code=$?
    echo $code >"$work/code-$1"
    echo "vm-test: $1 took $((SECONDS - started)) s"
}

for version in "${versions[@]}"; do
    "$vm/kernel.sh" "$version" >/dev/null
done
for version in "${versions[@]}"; do
    [ "$(jobs -rp | wc -l)" -lt "$jobs" ] || wait -n
    started=$SECONDS
    run "$version" "$version" "backends='$backends'; . /opt/vm/guest.sh" &
done
machines=("${versions[@]}")
if [[ " ${versions[*]} " == *" 6.12 "* ]]; then
    [ "$(jobs -rp | wc -l)" -lt "$jobs" ] || wait -n
    started=$SECONDS
    machines+=(explain)
    run explain 6.12 '. /opt/vm/explain-guest.sh' &
fi
wait

failed=0
for version in "${machines[@]}"; do
    if [ "$(cat "$work/code-$version")" -ne 0 ]; then
        failed=1
        echo "== $version failed (exit code $(cat "$work/code-$version")); what it printed:"
        grep -v '^cell|' "$work/output-$version" | tail -n 200
        echo "== the end of its console:"
        tail -n 40 "$work/console-$version"
    fi
done
awk -v backends="$backends" -f "$vm/table.awk" "${versions[@]/#/$work/output-}" >"$work/table" || failed=1
cat "$work/table"
! grep -sE '^(cause|explained)\|' "$work/output-explain" || echo
if [ "$backends" = "$every_backend" ] && [ "${versions[*]}" = "$every_version" ]; then
    { echo "make vm-test, $(date -u +%F), $SECONDS s"; echo; cat "$work/table"; } >"$project/bench/results/kernels.txt"
fi
exit $failed
