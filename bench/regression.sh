#!/usr/bin/env bash
# How soon a regression is flagged, and whether quiet is left alone: regression.sh [--quick | ROUNDS]. Keeps its table in
# bench/results/regression.txt.
#
# Containers append 4 KiB and sync, over and over, each for itself, while writescope trace watches. For ten minutes nothing
# happens: every flag of that time is a false one. Then, round by round, something gets slow until it is flagged, and is
# fast again until that is flagged as recovered. Two kinds of slow:
#
#   the whole distribution times 20, 5, 2, 1.5: on slowfs, a file system whose fsync takes as long as it is told
#   a share of calls waits about 100 ms: on ext4 in memory, limited to so many writes a second by the kernel, which lets
#   a tenth of them pass at once and holds the rest until a tenth of a second is over
#
# A third container is never slowed: flags of it are false ones too.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/sbin

[[ $EUID -eq 0 ]] || { echo "regression: tracing needs root: sudo bench/regression.sh" >&2 && exit 3; }
case ${1:-} in
    --quick) rounds=1 quiet=30 options=(--detect-warmup 20s) patience=60 factors=(5) limits=(200) ;;
    '' | [1-9]) rounds=${1:-3} quiet=600 options=() patience=300 factors=(20 5 2 1.5) limits=(40 100 400 800) ;;
    *) echo "usage: regression.sh [--quick | ROUNDS]" >&2 && exit 2 ;;
esac

readonly out=target/regression median=2000 # µs
mkdir -p "$out" bench/results
dist=$(compgen -G 'dist/*/bin/writescope' | tail -n 1 || true)
writescope=$(realpath "${WRITESCOPE:-${dist:-native-build/writescope-dev}}")
readonly writescope stage=native-build/stage.sh lines=$out/lines.json figures=$out/figures
gcc -O2 -Wall -Wextra -Werror -o "$out/slowfs" bench/slowfs/slowfs.c -lm

dir=$(mktemp -d /var/tmp/writescope-regression.XXXXXX)
tracing=
slowfs=()
clean_up() {
    trap - EXIT
    [[ -z $tracing ]] || kill "$tracing" 2>/dev/null || true
    $stage down "$dir"
    ((${#slowfs[@]} == 0)) || kill "${slowfs[@]}" 2>/dev/null || true
    rm -rf --one-file-system "$dir"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

# ---------------------------------------------------------------- containers

append_forever() { # CONTAINER DIRECTORY
    $stage run "$dir" "$1" --mount "$2:/data" -- fio --name=log --ioengine=psync --rw=write --bs=4k --size=16m --fsync=1 \
        --fallocate=none --thinktime=2ms --time_based --runtime=1d --filename=/data/wal >/dev/null
}

slowfs() { # NAME: mounts one below the stage, which unmounts it
    mkdir "$dir/$1"
    echo $median >"$dir/$1.us"
    "$out/slowfs" "$dir/$1" "$dir/$1.us" &
    slowfs+=($!)
    until mountpoint -q "$dir/$1"; do sleep 0.1; done
}

$stage up "$dir" --owner $$
slowfs shifted
slowfs quiet
read -r disk device < <($stage disk "$dir" throttled 64M --memory)
append_forever shifted "$dir/shifted"
append_forever quiet "$dir/quiet"
append_forever throttled "$disk"

# ---------------------------------------------------------------- what is flagged

"$writescope" trace -c shifted -c quiet -c throttled --op fsync --format json "${options[@]}" >"$lines" &
tracing=$!

flags() { # CONTAINER STATE FROM-LINE: the flags since that line
    tail -n "+$3" "$lines" | { grep '"type":"regression"' || true; } | { grep "\"container\":\"$1\"" || true; } |
        { grep "\"state\":\"$2\"" || true; }
}

field() { sed -n "1s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }

now() { echo $(($(wc -l <"$lines") + 1)); }

await_flag() { # CONTAINER STATE FROM-LINE: fails after a while. Without a loop that asks: that would be the load that is measured
    timeout "$patience" grep -q -m 1 "\"type\":\"regression\".*\"container\":\"$1\".*\"state\":\"$2\"" \
        < <(exec tail --pid="$tracing" -n "+$3" -f "$lines") && return
    kill -0 "$tracing" || { echo "regression: writescope has ended" >&2 && exit 1; }
    return 1
}

ms() { awk -v ns="${1:-0}" 'BEGIN { printf "%.2f", ns / 1e6 }'; }

round() { # CONTAINER WHAT SLOW-COMMAND FAST-COMMAND
    local from began alarm delay since
    from=$(now)
    began=$(date +%s.%N)
    eval "$3"
    echo "regression: $1 $2" >&2
    if ! await_flag "$1" alarm "$from"; then
        printf '%s\t%s\tnot within %s s\n' "$1" "$2" "$patience" >>"$figures"
        eval "$4"
        return
    fi
    alarm=$(flags "$1" alarm "$from")
    delay=$(awk -v from="$began" -v to="$(date -d "$(field time <<<"$alarm")" +%s.%N)" 'BEGIN { printf "%.1f", to - from }')
    since=$(awk -v from="$began" -v to="$(date -d "$(field since <<<"$alarm")" +%s.%N)" 'BEGIN { printf "%+.1f", to - from }')
    eval "$4"
    from=$(now)
    began=$SECONDS
    if await_flag "$1" recovered "$from"; then began=$((SECONDS - began)); else began="> $patience"; fi
    printf '%s\t%s\t%s\tP%s\t%s -> %s\tx%s\t%s\t%s\n' "$1" "$2" "$delay" "$(field quantile <<<"$alarm")" \
        "$(ms "$(field baseline_ns <<<"$alarm")")" "$(ms "$(field current_ns <<<"$alarm")")" "$(field ratio <<<"$alarm")" \
        "$since" "$began" >>"$figures"
}

: >"$figures"
started=$SECONDS
until [[ -s $lines ]]; do
    kill -0 "$tracing" || { echo "regression: writescope did not start" >&2 && exit 1; }
    sleep 0.1
done
echo "regression: quiet for $quiet s" >&2
sleep "$quiet"
early=$(grep -c '"type":"regression"' "$lines" || true)
for ((n = 1; n <= rounds; n++)); do
    for factor in "${factors[@]}"; do
        slow=$(awk -v us=$median -v factor="$factor" 'BEGIN { print int(us * factor) }')
        round shifted "all calls x$factor" "echo $slow >$dir/shifted.us" "echo $median >$dir/shifted.us"
    done
    for limit in "${limits[@]}"; do
        round throttled "$limit writes/s" "$stage slow $dir $device $limit throttled" "$stage slow $dir $device off throttled"
    done
done
quiet_alarms=$(flags quiet alarm 1 | wc -l)
kill -TERM "$tracing" # INT is ignored in what a script starts in the background
wait "$tracing" || true
tracing=

# ---------------------------------------------------------------- show

{
    echo "commit     $(git rev-parse --short HEAD 2>/dev/null || echo unknown), measured $(date -u +'%F %R UTC') in $((SECONDS - started)) s${1:+, $1}"
    echo "kernel     $(uname -sr)"
    echo "machine    $(nproc) x $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), load $(cut -d' ' -f1-3 /proc/loadavg)"
    echo "detector   ${options[*]:-as it is}"
    echo
    echo "false flags in $quiet s of quiet, three containers: $early"
    echo "false alarms of the container that was never slowed, in $((SECONDS - started)) s: $quiet_alarms"
    echo
    {
        printf 'CONTAINER\tSLOWED\tALARM AFTER s\tQUANTILE\tms\tRATIO\tSINCE s\tRECOVERED AFTER s\n'
        cat "$figures"
    } | column -t -s $'\t'
    echo
    sed -n 's/.*"type":"end"/{"type":"end"/p' "$lines"
} | tee bench/results/regression.txt
