#!/usr/bin/env bash
# How often comparisons are wrong, how much it takes for them to find a change, and how long they take, on simulated pairs
# of recordings: compare.sh [PAIRS]. 1000 pairs for each row by default; keeps its table in bench/results/compare.txt.
set -euo pipefail
cd "$(dirname "$0")/.."
java=$(native-build/find-jdk.sh)
mkdir -p bench/results
{
    echo "commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown), measured $(date -u +'%F %R UTC'), ${1:-1000} pairs a row"
    echo
    nice "$java/bin/java" -XX:+UseSerialGC -cp "bench/target/classes:java/target/classes:java/target/lib/*" \
        dev.writescope.compare.CompareBenchmark "${1:-1000}"
} | tee bench/results/compare.txt
