#!/bin/bash
# Builds the root file system of a test machine: payload.sh DIR
# This host's binaries with the libraries they need, the program as dist.sh made it (in /opt/writescope, started by
# /usr/bin/writescope), trial (trial.c) and the tests' workload.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
[ $# -eq 1 ] || { echo "usage: payload.sh DIR" >&2; exit 2; }
root=$1
program=$(readlink -e "$project/dist/writescope") || { echo "payload.sh: no dist/writescope: run make dist" >&2; exit 1; }
tools=(bash dash mkfs.ext4 mkfs.xfs mkfs.btrfs losetup dmsetup bpftool)

# Copies a file to the same path, links followed, and the libraries that the dynamic loader would find for it.
add() {
    local file
    for file in "$1" $({ ldd "$1" 2>/dev/null || true; } | grep -oE '/[^ )]+'); do
        case $file in "$root"/*) continue ;; esac
        [ -e "$root$file" ] || install -D -m 755 "$file" "$root$file"
    done
}

rm -rf "$root"
mkdir -p "$root"/{usr/bin,usr/sbin,usr/lib,usr/lib64,etc,opt,tmp,root}
for directory in bin sbin lib lib64; do
    ln -s "usr/$directory" "$root/$directory"
done
echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
echo 'root:x:0:' >"$root/etc/group"
echo '127.0.0.1 localhost' >"$root/etc/hosts"

for tool in "${tools[@]}"; do
    path=$(command -v "$tool") || { echo "payload.sh: $tool is not installed: run make setup" >&2; exit 1; }
    add "$path"
done
ln -s dash "$root/usr/bin/sh"
gcc -O2 -Wall -Wextra -Werror -o "$root/usr/bin/trial" "$here/trial.c" -lbpf
add "$root/usr/bin/trial"
gcc -O1 -Wall -Werror -static -o "$root/usr/bin/workload" "$project/java/src/test/resources/workload.c"

cp -a "${program%/bin/writescope}" "$root/opt/writescope"
for file in "$root"/opt/writescope/runtime/{bin/java,lib/*.so,lib/server/libjvm.so} "$root"/opt/writescope/lib/native/*.so.*; do
    add "$file"
done
ln -s /opt/writescope/bin/writescope "$root/usr/bin/writescope"
