#!/bin/sh
# Compiles bpf/*.bpf.c for every architecture into OUTPUT/<arch>/: compile-bpf.sh OUTPUT
# BPF byte code is the same everywhere; what differs is the layout of pt_regs and the system-call numbers.
set -eu
bpf=$(cd "$(dirname "$0")/../bpf" && pwd)
out=$1
clang=${CLANG:-clang}
command -v "$clang" >/dev/null || { echo "clang is not installed: make setup installs it" >&2; exit 1; }
for arch in x86 arm64; do
    case $arch in x86) dir=x86_64 ;; arm64) dir=aarch64 ;; esac
    mkdir -p "$out/$dir"
    for source in "$bpf"/writescope.bpf.c; do
        object=$out/$dir/$(basename "$source" .c).o
        # -g gives the BTF that CO-RE needs; DWARF is stripped again.
        "$clang" -g -O2 -Wall -Wextra -Werror -Wno-unused-parameter -target bpf -mcpu=v3 \
            -D__TARGET_ARCH_$arch -I"$bpf" -c "$source" -o "$object"
        ${LLVM_STRIP:-$(command -v llvm-strip || ls /usr/bin/llvm-strip-* | tail -1)} -g "$object"
    done
done
