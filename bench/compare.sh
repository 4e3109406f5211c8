#!/usr/bin/env bash
# How often comparisons are wrong, how much it takes for them to find a change, and how long they take, on simulated
# traffic. usage: compare.sh [pairs of recordings for each row, 1000 by default]
set -euo pipefail
cd "$(dirname "$0")/.."
java=$(native-build/find-jdk.sh)
mkdir -p bench/results
nice "$java/bin/java" -XX:+UseSerialGC -cp "bench/target/classes:java/target/classes:java/target/lib/*" \
    dev.writescope.compare.CompareBenchmark "${1:-1000}" | tee bench/results/compare.txt
