#!/usr/bin/env bash
# How often comparisons are wrong and what they find, on simulated pairs of recordings: compare.sh [PAIRS]. Keeps its table
# in bench/results/compare.txt.
set -euo pipefail
cd "$(dirname "$0")/.."
java=$(native-build/find-jdk.sh)
mkdir -p bench/results
{
    echo "commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown), measured $(date -u +'%F %R UTC'), ${1:-1000} pairs a row of 300 s each"
    echo
    nice "$java/bin/java" -XX:+UseSerialGC -cp "bench/target/classes:java/target/classes:java/target/lib/*" \
        dev.writescope.compare.CompareBenchmark "${1:-1000}"
} | tee bench/results/compare.txt
