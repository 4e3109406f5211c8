#!/usr/bin/env bash
# How often the regression detector is wrong, how fast it is right, and what it costs, on simulated traffic and on what was
# recorded: detector.sh [--quick] [--cost] [RECORDING.hlog…]. Prints the tables; keeps those of a whole run in
# results/detector.txt. --cost: only what it costs.
set -euo pipefail
cd "$(dirname "$0")/.."
java=$(native-build/find-jdk.sh)
kept=bench/results/detector.txt
[[ ${1:-} != --* ]] || kept=/dev/null
mkdir -p bench/results
{
    echo "commit     $(git rev-parse --short HEAD 2>/dev/null || echo unknown), $(date -u +'%F %R UTC')"
    echo "machine    $(nproc) x $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), one thread, heap of bin/writescope"
    echo
    nice -n 10 "$java/bin/java" -XX:+UseSerialGC -Xmx256m -cp "bench/target/classes:java/target/classes:java/target/lib/*" \
        dev.writescope.detect.DetectorBenchmark "$@"
} | tee "$kept"
