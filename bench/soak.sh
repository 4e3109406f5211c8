#!/usr/bin/env bash
# Lets writescope trace, judge and record while cgroups come and go, dozens a second: soak.sh [DURATION], such as 3m, the
# default, or 1h, after a minute or more until so many have been there that everything is full that has a limit. Prints a
# table and keeps it in bench/results/soak.txt; ends with 1 if something grew or events are missing.
set -euo pipefail
cd "$(dirname "$0")/.."

case ${1:-3m} in
    *[!0-9smh]* | [smh]*) echo "usage: soak.sh [DURATION]: 90s, 3m, 1h" >&2 && exit 2 ;;
    *h) seconds=$((${1%h} * 3600)) ;;
    *s) seconds=${1%s} ;;
    *) seconds=${1:-3m} seconds=$((${seconds%m} * 60)) ;;
esac
readonly seconds warm_up=17000 # cgroups, with two series each
readonly growth=10 # per cent that the last quarter may be above the second
source bench/many.sh
readonly samples=$out/soak.samples recording=$memory/soak.hlog
: >"$samples"

# ---------------------------------------------------------------- run

start_tracer -o "$recording"
start_load 12 0 5 20
pause=$((seconds / 40 > 3 ? seconds / 40 : 3))
echo "soak: until $warm_up cgroups have come and gone, then $seconds s" >&2
began=$SECONDS
while (($(cgroups_so_far) < warm_up)); do sleep 1; done
begin=$SECONDS
while ((SECONDS - begin < seconds)); do
    sleep "$pause"
    echo "$((SECONDS - begin)) $(status_kib VmRSS) $(live_heap_kib) $(descriptors) $(status_kib Threads) $(map_entries)" >>"$samples"
done
end_load
ran=$((SECONDS - began))
sleep 1
cpu=$(cpu_seconds)
end_tracer

# ---------------------------------------------------------------- judge

lost=$(lost)
writes=$(counted write)
fsyncs=$(counted fsync)
"$writescope" replay --format json "$recording" >"$out/soak.replay" 2>"$out/trace.err"
replayed=$(tail -n 1 "$out/soak.replay" | grep -o '"events":[0-9]*' | cut -d : -f 2)

failed=0
verdict() { # OK-CONDITION: yes, or NO and the whole run fails
    if (($1)); then verdict=yes; else verdict=NO failed=1; fi
}

table() {
    echo "writescope soak: $seconds s, $(uname -sr), $(getconf _NPROCESSORS_ONLN) CPUs, $(date -u +%Y-%m-%dT%H:%MZ)"
    echo "$made_cgroups cgroups made and removed, $((made_cgroups / ran)) a second; writescope used $(awk "BEGIN { printf \"%.1f\", 100 * $cpu / $ran }") % of a CPU"
    echo
    printf '%-24s %12s %12s %12s %14s  %s\n' '' 'second quarter' 'last quarter' 'most' 'slope per hour' 'flat'
    local column=2 name
    for name in 'resident memory, KiB' 'live heap, KiB' 'file descriptors' 'threads' 'entries in BPF maps'; do
        read -r second last most slope <<<"$(quarters "$column")"
        verdict "$last * 100 <= $second * (100 + growth) + 200"
        printf '%-24s %14d %12d %12d %14d  %s\n' "$name" "$second" "$last" "$most" "$slope" "$verdict"
        column=$((column + 1))
    done
    echo
    printf '%-24s %14s %12s %12s  %s\n' '' made counted lost 'all'
    verdict "writes <= made_writes && writes + lost >= made_writes"
    printf '%-24s %14d %12d %12d  %s\n' writes "$made_writes" "$writes" "$lost" "$verdict"
    verdict "fsyncs <= made_fsyncs && fsyncs + lost >= made_fsyncs"
    printf '%-24s %14d %12d %12d  %s\n' fsyncs "$made_fsyncs" "$fsyncs" "$lost" "$verdict"
    verdict "replayed == $(said events)"
    printf '%-24s %14d %12d %12d  %s\n' 'events in the recording' "$(said events)" "$replayed" 0 "$verdict"
}

quarters() { # COLUMN: medians of the second and the last quarter, the most, the slope of the second half per hour
    awk -v column="$1" '
        function median(from, to,    n, i, j, held, sorted) {
            for (i = from; i <= to; i++) {
                held = value[i]
                for (j = n; j > 0 && sorted[j] > held; j--) sorted[j + 1] = sorted[j]
                sorted[j + 1] = held
                n++
            }
            return sorted[int((n + 1) / 2)]
        }
        { time[NR] = $1; value[NR] = $column; if ($column > most) most = $column }
        END {
            for (i = int(NR / 2) + 1; i <= NR; i++) { n++; t += time[i]; v += value[i]; tt += time[i] ^ 2; tv += time[i] * value[i] }
            slope = n * tt - t * t ? (n * tv - t * v) / (n * tt - t * t) * 3600 : 0
            print median(int(NR / 4) + 1, int(NR / 2)), median(int(3 * NR / 4) + 1, NR), most, int(slope)
        }' "$samples"
}

table >"$out/soak.txt"
cat "$out/soak.txt"
cp "$out/soak.txt" bench/results/soak.txt
exit "$failed"
