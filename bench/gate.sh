#!/usr/bin/env bash
# How often writescope gate is wrong, with its defaults: gate.sh [RUNS]. RUNS (100) times each, a fifth as often for steady:
#
#   disk     the same command on both sides, 4 KiB × 128 and an fsync, over and over, on a real disk
#   steady   the same command on both sides, on slowfs: a file system whose fsync takes as long as it is told
#   slower   the same but for fsyncs that take 25 % longer on the candidate's slowfs
#
# Prints a table and keeps it in bench/results/gate.txt. WRITESCOPE is the command to measure; GATE_DIR a directory on the
# disk to use (/var/tmp); GATE_OPTIONS replace --max-regression 10%, the default.
set -euo pipefail
cd "$(dirname "$0")/.."

[[ $EUID -eq 0 ]] || { echo "gate: tracing needs root" >&2 && exit 3; }
readonly runs=${1:-100} pages=128 fast=400 slow=515 # µs
read -ra options <<<"${GATE_OPTIONS:---max-regression 10%}"
dist=$(compgen -G 'dist/*/bin/writescope' | tail -n 1 || true)
writescope=$(realpath "${WRITESCOPE:-${dist:-native-build/writescope-dev}}")
readonly writescope out=$PWD/target/bench results=$PWD/bench/results/gate.txt
mkdir -p "$out" bench/results
gcc -O2 -Wall -Wextra -Werror -o "$out/gate_load" bench/gate_load.c
gcc -O2 -Wall -Wextra -Werror -o "$out/slowfs" bench/slowfs/slowfs.c -lm
directory=$(mktemp -d "${GATE_DIR:-/var/tmp}/writescope-gate.XXXXXX")
clean_up() {
    umount "$directory/fast" "$directory/slow" 2>/dev/null || true
    rm -rf --one-file-system "$directory"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

# One CPU for the workload, the others for the tracer: on two CPUs both would else meet by chance.
cpu=$(($(nproc) - 1))
others=0$( ((cpu > 1)) && echo "-$((cpu - 1))" || true)
readonly cpu others

mount_slowfs() { # NAME MICROSECONDS
    mkdir "$directory/$1"
    echo "$2" >"$directory/$1.us"
    "$out/slowfs" "$directory/$1" "$directory/$1.us" &
    until mountpoint -q "$directory/$1"; do sleep 0.1; done
}
mount_slowfs fast $fast
mount_slowfs slow $slow

load() { # FILE FSYNCS PAGES: a shell command
    echo "exec taskset -c $cpu '$out/gate_load' '$directory/$1' $2 $3"
}

median() {
    sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

true_ratio=$(for ((i = 0; i < 15; i++)); do
    fast_p99=$(sh -c "$(load fast/wal 1500 1)" | awk '{ print $2 }')
    sh -c "$(load slow/wal 1500 1)" | awk -v fast="$fast_p99" '{ print $2 / fast }'
done | median | awk '{ printf "%.2f", $1 }')
echo "gate: slower is $true_ratio times as slow at P99, untraced" >&2

run() { # NAME BASELINE CANDIDATE: prints what came of it
    local began status line
    began=$(date +%s%N)
    status=0
    line=$(cd "$directory" && taskset -c "$others" "$writescope" gate --op fsync "${options[@]}" --summary "$directory/$1.json" \
        --baseline-command "$2" -- sh -c "$3" 2>>"$out/gate.log") || status=$?
    echo "$1 $status $((($(date +%s%N) - began) / 1000000)) $(sed -n 's/.*"quantile":0.99,[^}]*"ratio":\([0-9.]*\),"low":\([0-9.]*\),"high":\([0-9.]*\).*/\1 \2 \3/p' "$directory/$1.json")"
    echo "gate: $1: ${line%%$'\n'*}" >&2
}

: >"$out/gate.log"
# Side by side, as they share no disk.
for ((i = 0; i < runs; i++)); do
    run disk "$(load file 600 $pages)" "$(load file 600 $pages)"
done >"$out/gate.disk" &
disk=$!
for ((i = 0; i < runs; i++)); do
    ((i % 5)) || run steady "$(load fast/wal 1500 1)" "$(load fast/wal 1500 1)"
    run slower "$(load fast/wal 1500 1)" "$(load slow/wal 1500 1)"
done >"$out/gate.slowfs"
wait $disk
cat "$out/gate.disk" "$out/gate.slowfs" >"$out/gate.runs"

facts() {
    echo "commit     $(git rev-parse --short HEAD 2>/dev/null || echo unknown), measured $(date -u +'%F %R UTC')"
    echo "kernel     $(uname -sr)"
    echo "machine    $(nproc) x $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), load $(cut -d' ' -f1-3 /proc/loadavg)"
    echo "disk       $(findmnt -no FSTYPE,SOURCE,OPTIONS --target "$directory")"
    echo "workload   a repetition is 600 fsyncs on the disk, 1500 on slowfs; slower: P99 × $true_ratio by the workload's own clock, untraced"
    echo "gate       --op fsync ${options[*]}, $runs runs of disk and slower each"
}

quartiles() { # ARM COLUMN
    awk -v arm="$1" -v column="$2" '$1 == arm && NF >= column { print $column }' "$out/gate.runs" | sort -n |
        awk '{ v[NR] = $1 } END { if (NR) printf "%8.5g %8.5g %8.5g %8.5g %8.5g\n", v[1], v[int((NR + 3) / 4)], v[int((NR + 1) / 2)], v[int((3 * NR + 3) / 4)], v[NR]; else print "-" }'
}

{
    facts
    echo
    awk '{ count[$1, $2]++ } END {
        printf "%-34s %6s %6s %11s %6s\n", "", "green", "red", "no verdict", "other"
        split("disk steady slower", arms, " ")
        label["disk"] = "the same, on a disk"
        label["steady"] = "the same, on slowfs"
        label["slower"] = "slower by a quarter, on slowfs"
        for (i = 1; i <= 3; i++) {
            a = arms[i]
            all = 0
            for (s = 0; s < 256; s++) all += count[a, s]
            printf "%-34s %6d %6d %11d %6d\n", label[a], count[a, 0], count[a, 1], count[a, 4], all - count[a, 0] - count[a, 1] - count[a, 4]
        }
    }' "$out/gate.runs"
    echo
    awk '{ runs[$1]++; count[$1, $2]++ } END {
        print "at most 2 of 100 red without a change   " (100 * count["disk", 1] <= 2 * runs["disk"] && 100 * count["steady", 1] <= 2 * runs["steady"] ? "yes" : "NO")
        print "at least 95 of 100 red when slower      " (100 * count["slower", 1] >= 95 * runs["slower"] ? "yes" : "NO")
    }' "$out/gate.runs"
    echo
    printf '%-26s %8s %8s %8s %8s %8s\n' '' least 'quarter' median 'quarter' most
    printf '%-26s %s\n' 'ratio, disk' "$(quartiles disk 4)" 'ratio, steady' "$(quartiles steady 4)" \
        'ratio, slower' "$(quartiles slower 4)" 'its lower end' "$(quartiles slower 5)" 'ms a run' "$(quartiles disk 3)"
} | tee "$results"
