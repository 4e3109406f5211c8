#!/usr/bin/env bash
# Feeds every parser of foreign bytes with what a fuzzer finds. `make test` only repeats what was found before.
# usage: fuzz.sh [seconds for each parser, 60 by default] [class, all by default]
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
export JAVA_HOME
JAVA_HOME=$(native-build/find-jdk.sh)
log=$(mktemp)
trap 'rm -f "$log"' EXIT

failed=0
for file in $(grep -rl --include="${2:-*}FuzzTest.java" '@FuzzTest' java/src/test/java); do
    class=$(basename "$file" .java)
    for method in $(sed -n '/@FuzzTest/{n;s/.* \([A-Za-z]*\)(.*/\1/p}' "$file"); do
        printf '%-24s%-50s' "$class" "$method"
        if JAZZER_FUZZ=1 JAZZER_MAX_DURATION=${seconds}s mvn --batch-mode --no-transfer-progress --projects java \
            test-compile surefire:test@fuzz -Dtest="$class#$method" -Djazzer.max_duration="${seconds}s" >"$log" 2>&1; then
            sed -n 's/.*#\([0-9]*\).*DONE.*/\1 inputs, nothing found/p' "$log" | tail -n 1
        else
            echo "FAILED"
            grep -m 20 -E 'ERROR|Exception|Error|artifact' "$log" | cut -c1-200
            failed=1
        fi
    done
done
exit $failed
