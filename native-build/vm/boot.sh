#!/bin/bash
# Runs a command as root in a virtual machine with another kernel, and exits with the command's exit code:
#   boot.sh VERSION PAYLOAD_DIR COMMAND
# VERSION is one of kernel.sh's. PAYLOAD_DIR is copied and becomes the root file system; what busybox offers is added.
# The command's output goes to standard output. Exit code 124: not finished in time; 125: the machine failed.
#   VM_TIMEOUT  seconds until the machine is stopped (300)      VM_MEMORY   MiB (2048)
#   VM_CONSOLE  file that keeps the kernel's console             VM_RESULTS  directory that receives the guest's /results
#   VM_APPEND   more kernel arguments                            VM_SPACE    MiB free on the guest's root (512)
#   VM_CPUS     processors (2)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=${VM_CACHE:-$(cd "$here/../.." && pwd)/.cache/vm}
[ $# -eq 3 ] || { echo "usage: boot.sh VERSION PAYLOAD_DIR COMMAND" >&2; exit 2; }
payload=$2 command=$3
kernel=$("$here/kernel.sh" "$1")
release=$(ls "$kernel/lib/modules")

work=$(mktemp -d "$cache/run.XXXXXX")
machine=
trap '[ -z "$machine" ] || kill "$machine" 2>/dev/null; rm -rf "$work"' EXIT

# Everything that a module needs comes before it on its line of modules.dep.
modules() {
    local name line
    for name in virtio_pci virtio_blk crc32c_generic crc32c-intel loop overlay fuse xfs btrfs ext4 \
        dm-mod dm-delay dm-flakey null_blk scsi_debug sd_mod; do
        line=$(grep -E "/${name//[-_]/[-_]}\.ko:" "$1/modules.dep" || true)
        echo "${line/:/}"
    done | tr ' ' '\n' | sed '/^$/d' | sort -u
}

initramfs() {
    local root=$work/initramfs from=$kernel/lib/modules/$release to module
    to=$root/lib/modules/$release
    mkdir -p "$root/bin" "$to"
    cp "$(command -v busybox)" "$root/bin/busybox"
    install -m 755 "$here/init.sh" "$root/init"
    printf '%s\n' "$command" >"$root/command"
    cp "$from"/modules.{dep,alias,symbols,builtin} "$to/"
    modules "$from" | while read -r module; do
        install -D -m 644 "$from/$module" "$to/$module"
    done
    (cd "$root" && find . -print0 | cpio -0 -o -H newc -R 0:0 --quiet) >"$work/initramfs.cpio"
    rm -r "$root"
}

disk() {
    local size
    size=$(du -sm --apparent-size "$payload" | cut -f1)
    truncate -s $((size * 5 / 4 + ${VM_SPACE:-512}))M "$work/root.img"
    mkfs.ext4 -q -F -E root_owner=0:0,lazy_itable_init=1 -d "$payload" "$work/root.img"
}

console=${VM_CONSOLE:-$work/console}
initramfs
disk
touch "$work/status"
# Software emulation only. With multi-threaded TCG the guest's TSC is the host's, the same on both processors: saying
# so keeps the kernel from falling back to a timer whose every read leaves the guest.
timeout -k 5 "${VM_TIMEOUT:-300}" qemu-system-x86_64 -machine q35 -accel tcg,thread=multi \
    -cpu max,la57=off -smp "${VM_CPUS:-2}" -m "${VM_MEMORY:-2048}" -nodefaults -no-user-config -display none -no-reboot -nic none \
    -kernel "$kernel/vmlinuz" -initrd "$work/initramfs.cpio" \
    -append "console=ttyS0 panic=-1 oops=panic tsc=reliable mitigations=off nokaslr audit=0 quiet loglevel=4 ${VM_APPEND:-}" \
    -drive file="$work/root.img",if=virtio,format=raw,cache=unsafe \
    -serial file:"$console" -serial stdio -serial file:"$work/status" </dev/null &
machine=$!
code=0
wait "$machine" || code=$?
machine=

status=$(tr -dc 0-9 <"$work/status")
if [ "$code" -eq 124 ] || [ "$code" -eq 137 ]; then
    status=124 failure="ran out of time"
elif [ -z "$status" ]; then
    status=125 failure="stopped before the command ended"
fi
if [ -n "${failure:-}" ]; then
    echo "boot.sh: the machine with $release $failure; the end of its console:" >&2
    tail -n 60 "$console" >&2
elif [ -n "${VM_RESULTS:-}" ]; then
    mkdir -p "$VM_RESULTS"
    debugfs -R "rdump /results $VM_RESULTS" "$work/root.img" 2>/dev/null
fi
exit "$status"
