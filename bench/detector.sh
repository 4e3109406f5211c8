#!/usr/bin/env bash
# How often the regression detector is wrong, how fast it is right, and what it costs, on simulated traffic.
# usage: detector.sh [simulated days for each row, 20 by default] [runs for each change, 40 by default]
set -euo pipefail
cd "$(dirname "$0")/.."
java=$(native-build/find-jdk.sh)
mkdir -p bench/results
nice "$java/bin/java" -XX:+UseSerialGC -cp "bench/target/classes:java/target/classes:java/target/lib/*" \
    dev.writescope.detect.DetectorBenchmark "${1:-20}" "${2:-40}" | tee bench/results/detector.txt
