#!/usr/bin/env bash
# How often writescope gate is wrong: gate.sh [RUNS]. RUNS (100) times with the same command on both sides, and as often
# with one whose fsyncs are 25 % slower at P99. Prints a table and keeps it in bench/results/gate.txt; README.md says how it
# is measured. WRITESCOPE is the command to measure; GATE_DIR a directory on the disk to use (/var/tmp).
set -euo pipefail
cd "$(dirname "$0")/.."

[[ $EUID -eq 0 ]] || { echo "gate: tracing needs root" >&2 && exit 3; }
readonly runs=${1:-100} fsyncs=600 base=128
# A quarter is to be told from 5 %; GATE_OPTIONS says otherwise.
read -ra options <<<"${GATE_OPTIONS:---max-regression 5% --repeat 10}"
dist=$(compgen -G 'dist/*/bin/writescope' | tail -n 1 || true)
writescope=$(realpath "${WRITESCOPE:-${dist:-native-build/writescope-dev}}")
readonly writescope out=$PWD/target/bench results=$PWD/bench/results/gate.txt
mkdir -p "$out" bench/results
gcc -O2 -Wall -Wextra -Werror -o "$out/gate_load" bench/gate_load.c
directory=$(mktemp -d "${GATE_DIR:-/var/tmp}/writescope-gate.XXXXXX")
trap 'rm -rf "$directory"' EXIT
trap 'exit 130' INT TERM HUP

# One CPU for the workload, the others for the tracer: on two CPUs both would else meet by chance.
cpu=$(($(nproc) - 1))
others=0$( ((cpu > 1)) && echo "-$((cpu - 1))" || true)
readonly cpu others

load() { # PAGES: a shell command
    echo "exec taskset -c $cpu '$out/gate_load' '$directory/file' $fsyncs $1"
}

# PASSES measurements of P99 with as many pages as each argument says, in turns: a line for each pass.
p99() { # PASSES PAGES…
    local passes=$1 pages
    shift
    for ((i = 0; i < passes; i++)); do
        for pages in "$@"; do
            sync
            sleep 0.1
            sh -c "$(load "$pages")" | awk '{ printf "%s ", $2 }'
        done
        echo
    done
}

median() {
    sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

echo "gate: looking for the number of pages that make P99 25 % slower than $base" >&2
# The ratio to the base of the same pass grows in proportion to the pages; its slope's median withstands what disturbs one.
slope=$(p99 15 "$base" 192 224 256 | awk -v base=$base '{ print ($2 / $1 - 1) / (192 - base); print ($3 / $1 - 1) / (224 - base); print ($4 / $1 - 1) / (256 - base) }' | median)
slower=$(awk -v base=$base -v slope="$slope" 'BEGIN { p = slope > 0 ? base + 0.25 / slope : 256; printf "%d", (p > 256 ? 256 : p + 0.5) }')
true_ratio=$(p99 25 "$base" "$slower" | awk '{ print $2 / $1 }' | median | awk '{ printf "%.2f", $1 }')
echo "gate: $slower pages, $true_ratio times as slow" >&2

run() { # NAME PAGES
    local began status line
    began=$(date +%s%N)
    status=0
    line=$(cd "$directory" && taskset -c "$others" "$writescope" gate --op fsync "${options[@]}" --summary "$directory/$1.json" \
        --baseline-command "$(load $base)" -- sh -c "$(load "$2")" 2>>"$out/gate.log" | head -n 1) || status=${PIPESTATUS[0]}
    echo "$1 $status $((($(date +%s%N) - began) / 1000000)) $(sed -n 's/.*"quantile":0.99,[^}]*"ratio":\([0-9.]*\),"low":\([0-9.]*\),"high":\([0-9.]*\).*/\1 \2 \3/p' "$directory/$1.json")"
    echo "gate: $1 $line" >&2
}

: >"$out/gate.log"
for ((i = 0; i < runs; i++)); do
    run same "$base"
    run slower "$slower"
done >"$out/gate.runs"

facts() {
    echo "commit     $(git rev-parse --short HEAD 2>/dev/null || echo unknown), measured $(date -u +'%F %R UTC')"
    echo "kernel     $(uname -sr)"
    echo "machine    $(nproc) x $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), load $(cut -d' ' -f1-3 /proc/loadavg)"
    echo "disk       $(findmnt -no FSTYPE,SOURCE,OPTIONS --target "$directory")"
    echo "workload   $fsyncs fsyncs of $base pages a repetition; slower: $slower pages, P99 × $true_ratio by its own clock, untraced"
    echo "gate       --op fsync ${options[*]}, $runs runs of each"
}

quartiles() { # ARM COLUMN
    awk -v arm="$1" -v column="$2" '$1 == arm && NF >= column { print $column }' "$out/gate.runs" | sort -n |
        awk '{ v[NR] = $1 } END { if (NR) printf "%8.5g %8.5g %8.5g %8.5g %8.5g\n", v[1], v[int((NR + 3) / 4)], v[int((NR + 1) / 2)], v[int((3 * NR + 3) / 4)], v[NR]; else print "-" }'
}

{
    facts
    echo
    awk '{ count[$1, $2]++ } END {
        printf "%-26s %6s %6s %11s %6s\n", "", "green", "red", "no verdict", "other"
        split("same slower", arms, " ")
        for (i = 1; i <= 2; i++) {
            a = arms[i]
            all = 0
            for (s = 0; s < 256; s++) all += count[a, s]
            printf "%-26s %6d %6d %11d %6d\n", (a == "same" ? "the same command" : "the slower one"), count[a, 0], count[a, 1], count[a, 4], all - count[a, 0] - count[a, 1] - count[a, 4]
        }
    }' "$out/gate.runs"
    echo
    awk -v runs="$runs" '{ count[$1, $2]++ } END {
        print "at most 2 of 100 red without a change   " (100 * count["same", 1] <= 2 * runs ? "yes" : "NO")
        print "at least 95 of 100 red when slower      " (100 * count["slower", 1] >= 95 * runs ? "yes" : "NO")
    }' "$out/gate.runs"
    echo
    printf '%-26s %8s %8s %8s %8s %8s\n' '' least 'quarter' median 'quarter' most
    printf '%-26s %s\n' 'ratio, the same' "$(quartiles same 4)" 'ratio, slower' "$(quartiles slower 4)" \
        'its lower end, slower' "$(quartiles slower 5)" 'ms a run' "$(quartiles same 3)"
} | tee "$results"
