#!/usr/bin/env bash
# What more containers cost: scale.sh [--quick]. Prints a table and keeps it in bench/results/scale.txt.
#
#   live      so many cgroups at once, each with a process that writes and calls fsync once a second: two series each
#   replay    a recording of a whole day, 86 400 intervals, read through the table and the detector
set -euo pipefail
cd "$(dirname "$0")/.."
case ${1:-} in
    --quick) readonly seconds=10 hours=1 numbers='10 100 500' ;;
    '') readonly seconds=20 hours=24 numbers='5 50 500 1000 2500' ;;
    *) echo "usage: scale.sh [--quick]" >&2 && exit 2 ;;
esac
disk=tmpfs
source bench/many.sh

live() { # CGROUPS: a line of the table
    local before cpu rss heap lost longest all=NO
    start_tracer --op fsync,write
    start_load "$1" 0 1000000 1000
    while (($(cgroups_so_far) + 1 < $1)); do sleep 0.5; done
    sleep 5
    before=$(cpu_seconds)
    sleep "$seconds"
    cpu=$(awk "BEGIN { printf \"%.1f\", ($(cpu_seconds) - $before) / $seconds * 100 }")
    rss=$(status_kib VmRSS)
    heap=$(live_heap_kib)
    end_load
    end_tracer
    lost=$(lost)
    longest=$(sed -n 's/.*"type":"interval".*"duration_s":\([0-9.]*\).*/\1/p' "$out/trace.json" | sort -n | tail -n 1)
    ((lost == 0 && $(counted write) == made_writes && $(counted fsync) == made_fsyncs)) && all=yes
    printf '%8d %8d %12d %12d %10s %12.3f %12d %8s\n' "$1" $((2 * $1)) "$rss" "$heap" "$cpu" "$longest" \
        $((made_writes + made_fsyncs)) "$all"
}

replay() { # SERIES
    local status=$out/scale.time
    local wall rss
    "$jdk/bin/java" -cp 'java/target/classes:java/target/lib/*:bench/target/classes' \
        dev.writescope.recording.LongRecording "$memory/day.hlog" $((hours * 3600)) "$1"
    command time -f '%e %M' -o "$status" "$writescope" replay --format table "$memory/day.hlog" >"$out/scale.replay" 2>/dev/null
    read -r wall rss <"$status"
    printf '%8d %12d %10s %12s %12d\n' "$1" $((hours * 3600)) "$wall" "$rss" $(($(stat -c %s "$memory/day.hlog") >> 20))
}

{
    echo "writescope scale: $(uname -sr), $(getconf _NPROCESSORS_ONLN) CPUs, $(date -u +%Y-%m-%dT%H:%MZ)"
    echo
    printf '%8s %8s %12s %12s %10s %12s %12s %8s\n' cgroups series 'memory, KiB' 'heap, KiB' 'CPU, %' 'interval, s' events counted
    for number in $numbers; do live "$number"; done
    echo
    printf '%8s %12s %10s %12s %12s\n' series 'intervals' 'replay, s' 'memory, KiB' 'file, MiB'
    for number in 3 10; do replay "$number"; done
} | tee "$out/scale.txt"
cp "$out/scale.txt" bench/results/scale.txt
