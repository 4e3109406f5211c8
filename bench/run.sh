#!/usr/bin/env bash
# Measures what tracing costs, next to bpftrace and to C, in one run: run.sh [--quick]. Prints one table and keeps it, with
# every figure, in bench/results/latest.txt. README.md says how each figure is measured.
# WRITESCOPE is the command to measure; otherwise the one in dist/, or the one just built.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/sbin

[[ $EUID -eq 0 ]] || { echo "bench: tracing needs root: sudo make bench" >&2 && exit 3; }
case ${1:-} in
    --quick) rounds=15 blocks=2 starts=1 seconds=3 passes=100 rates=(1000 100000) ;;
    '') rounds=60 blocks=8 starts=5 seconds=10 passes=300 rates=(1000 10000 100000 1000000) ;;
    *) echo "usage: run.sh [--quick]" >&2 && exit 2 ;;
esac

readonly out=target/bench
mkdir -p "$out" bench/results
dist=$(compgen -G 'dist/*/bin/writescope' | tail -n 1 || true)
writescope=$(realpath "${WRITESCOPE:-${dist:-native-build/writescope-dev}}")
readonly writescope log=$out/tracers.log figures=$out/figures
: >"$log"
: >"$figures"

# ---------------------------------------------------------------- build

compile_bpf() {
    clang -g -O2 -Wall -Wextra -Werror -Wno-unused-parameter -Wno-unused-function -target bpf -mcpu=v3 \
        "-D__TARGET_ARCH_$(uname -m | sed 's/x86_64/x86/; s/aarch64/arm64/')" -Ibpf -c "bench/bpf/$1.bpf.c" -o "$out/$1.bpf.o"
}

gcc -O2 -Wall -Wextra -Werror -o "$out/harness" bench/harness/*.c -lbpf -lpthread
gcc -O2 -Wall -Wextra -Werror -shared -fPIC -Ibpf -o "$out/libpeer.so" bench/peers/drain.c -lbpf
compile_bpf floor
compile_bpf write_histogram
compile_bpf fill
harness=$(realpath "$out/harness")

# ---------------------------------------------------------------- what is needed, and goes away again

cgroups=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)/writescope-bench-$$
traced=$(printf 'a%.0s' {1..64})
other=$(printf 'b%.0s' {1..64})
disk=$(mktemp -d /dev/shm/writescope-bench.XXXXXX)
device=
mounted_tracefs=

clean_up() {
    trap - EXIT
    ! mountpoint -q "$disk/ext4" || umount "$disk/ext4"
    [[ -z $device ]] || losetup --detach "$device"
    rm -rf "$disk"
    rmdir "$cgroups/$traced" "$cgroups/$other" "$cgroups" 2>/dev/null || true
    [[ -z $mounted_tracefs ]] || umount /sys/kernel/tracing 2>/dev/null || true
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

if ! mountpoint -q /sys/kernel/tracing; then
    mount -t tracefs tracefs /sys/kernel/tracing
    mounted_tracefs=yes
fi
mkdir -p "$cgroups/$traced" "$cgroups/$other" "$disk/ext4"
truncate -s 256M "$disk/image"
mkfs.ext4 -q -E lazy_itable_init=0,lazy_journal_init=0 "$disk/image"
device=$(losetup --find --show "$disk/image")
mount "$device" "$disk/ext4"
# Where the scheduler happens to put the journal's thread changes a call by half: put it where the writer is.
taskset -p --cpu-list $(($(nproc) - 1)) "$(pgrep "^jbd2/${device##*/}-")" >/dev/null

# ---------------------------------------------------------------- measure

bpftrace="bpftrace -c '$harness ready' bench/peers/write_fsync.bt 2>>$log"
bpftrace_block="bpftrace -c '$harness ready' bench/peers/block.bt 2>>$log"
biolatency="stdbuf -oL biolatency 2>>$log"

trace() { # OPTION…: the command line that traces
    echo "$writescope trace --format json -d 10m $* 2>>$log"
}

measure() { # WHAT COMMAND…
    echo "bench: $1" >&2
    "${@:2}" >>"$figures"
}

drain() { # NAME JVM-OPTION…
    "$java/bin/java" "${@:2}" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC \
        -cp 'java/target/classes:java/target/lib/*:bench/target/classes' \
        dev.writescope.latency.DrainBenchmark "$1" "$out/libpeer.so" "$out/fill.bpf.o" "${1##*.}" "$passes"
}

java=$(native-build/find-jdk.sh)
began=$SECONDS
measure "tracers as run: write" "$harness" whole write.whole write /dev/shm "$blocks" "bpftrace=$bpftrace" "writescope=$(trace)"
measure "tracers as run: fsync" "$harness" whole fsync.whole fsync "$disk/ext4" "$blocks" "bpftrace=$bpftrace" "writescope=$(trace)"
measure "their programs alone, in pairs: write" "$harness" paired write.paired write /dev/shm "$cgroups/$traced" "$rounds" \
    "bpftrace=$bpftrace" "writescope=$(trace)" "phases=$(trace --by phase)" "selected=$(trace -c "$traced")" "other=$(trace -c "$other")" \
    "histogram@$out/write_histogram.bpf.o:_btf" "empty@$out/floor.bpf.o:empty" "clock@$out/floor.bpf.o:clock"
for workload in cold getppid; do
    measure "their programs alone, in pairs: $workload" "$harness" paired "$workload.paired" "$workload" /dev/shm - "$rounds" \
        "bpftrace=$bpftrace" "writescope=$(trace)" "empty@$out/floor.bpf.o:empty" "clock@$out/floor.bpf.o:clock"
done
measure "their programs alone, in pairs: direct" "$harness" paired direct.paired direct "$disk/ext4" - "$rounds" \
    "bpftrace=$bpftrace_block" "biolatency=$biolatency" "writescope=$(trace --op block)"
for workload in write sync; do
    measure "the kernel's statistics: $workload" "$harness" statistics "$workload.statistics" "$workload" /dev/shm "$rounds" \
        "bpftrace=$bpftrace" "writescope=$(trace)" "empty@$out/floor.bpf.o:empty" "clock@$out/floor.bpf.o:clock"
done
measure "the kernel's statistics: block" "$harness" statistics direct.statistics direct "$disk/ext4" "$rounds" \
    "bpftrace=$bpftrace_block" "biolatency=$biolatency" "writescope=$(trace --op block)" \
    "empty@$out/floor.bpf.o:request_nothing" "clock@$out/floor.bpf.o:request_times"
for each in "${rates[@]}"; do
    measure "the tracer's own CPU and memory at $each writes a second" \
        "$harness" rate "rate.write.$each" write /dev/shm "$seconds" "$each" "$(trace)"
    measure "the tracer's own CPU and memory at $each fsyncs a second" \
        "$harness" rate "rate.sync.$each" sync /dev/shm "$seconds" "$each" "$(trace)"
done
measure "their programs alone, in pairs: fsync" "$harness" paired fsync.paired fsync "$disk/ext4" - $((rounds * 4)) \
    "bpftrace=$bpftrace" "writescope=$(trace)" "phases=$(trace --by phase)" "sleep@$out/floor.bpf.o:sleep"
measure "start and memory" "$harness" startup /dev/shm "$starts" "bpftrace=$bpftrace" "writescope=$(trace)"
measure "every write counted" "$harness" flood "$traced" "$cgroups/$traced" /dev/shm "$seconds" "$(trace)"
measure "drain: Java and C" drain c2.2
measure "drain: Java and C, 3 digits" drain c2.3
measure "drain: Java with its first compiler only" drain c1.2 -XX:TieredStopAtLevel=1

# ---------------------------------------------------------------- show

facts() {
    echo "commit     $(git rev-parse --short HEAD 2>/dev/null || echo unknown), measured $(date -u +'%F %R UTC') in $((SECONDS - began)) s${1:+, $1}"
    echo "writescope ${writescope#"$PWD/"}"
    echo "kernel     $(uname -sr), clock $(</sys/devices/system/clocksource/clocksource0/current_clocksource)"
    echo "machine    $(nproc) x $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), load $(cut -d' ' -f1-3 /proc/loadavg)"
    echo "peers      $(bpftrace --version), libbpf $(realpath /usr/lib/*/libbpf.so.1 | head -n 1 | sed 's/.*so\.//'), $(gcc --version | head -n 1)"
    echo "java       $("$java/bin/java" --version | sed -n 2p)"
}

{
    facts "${1:-}"
    echo
    awk -F'\t' -f bench/table.awk "$figures"
    echo
    echo "All figures: name, median, first and third quartile (ns, ms, MiB)"
    column -t -s $'\t' "$figures"
} | tee bench/results/latest.txt
