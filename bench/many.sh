# Sourced by what measures with many cgroups: a place for them, a disk for their files, a tracer that is watched. The disk
# is their own, an ext4 on a loop device or, with disk=tmpfs, a tmpfs: its device tells what they do from all else.

[[ $EUID -eq 0 ]] || { echo "bench: tracing needs root: sudo $0" >&2 && exit 3; }
PATH=$PATH:/usr/sbin:/sbin
readonly out=target/bench
mkdir -p "$out" bench/results
gcc -O2 -Wall -Wextra -Werror -o "$out/cgroup_load" bench/cgroup_load.c
dist=$(compgen -G 'dist/*/bin/writescope' | tail -n 1 || true)
writescope=$(realpath "${WRITESCOPE:-${dist:-native-build/writescope-dev}}")
jdk=$(native-build/find-jdk.sh)
readonly writescope jdk
# As bin/writescope does, for the build directory; and statistics for jstat, for both.
export JDK_JAVA_OPTIONS="-XX:+UseSerialGC -Xms16m -Xmx256m -Xss512k"
export WRITESCOPE_JAVA_OPTIONS=-XX:+UsePerfData

cgroups=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)/writescope-many-$$
memory=$(mktemp -d /dev/shm/writescope-many.XXXXXX)
readonly cgroups memory files=$memory/disk
tracer=
load=
loop=

clean_up() {
    trap - EXIT
    local pid
    for pid in $load $tracer; do
        kill -TERM "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true
    done
    ! mountpoint -q "$files" || umount "$files"
    [[ -z $loop ]] || losetup --detach "$loop" 2>/dev/null || true
    rm -rf "$memory"
    [[ ! -d $cgroups ]] || find "$cgroups" -depth -type d -exec rmdir {} +
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

mkdir "$cgroups" "$files"
if [[ ${disk:-ext4} == tmpfs ]]; then
    mount -t tmpfs tmpfs "$files"
else
    truncate -s 512M "$memory/image"
    mkfs.ext4 -q -F -O ^has_journal -E lazy_itable_init=0 "$memory/image"
    loop=$(losetup --find --show "$memory/image")
    mount "$loop" "$files"
fi
device=$(mountpoint -d "$files")
readonly device

start_load() { # LIVE TOTAL ROUNDS PAUSE_MS
    "$out/cgroup_load" "$cgroups" "$files" "$@" >"$out/made" &
    load=$!
}

end_load() { # sets made_cgroups, made_writes and made_fsyncs
    kill -TERM "$load" 2>/dev/null || true
    await_load
}

await_load() {
    wait "$load" || { echo "bench: the load failed" >&2 && exit 1; }
    load=
    read -r made_cgroups made_writes made_fsyncs <"$out/made"
}

start_tracer() { # OPTION…
    "$writescope" trace --format json --by device "$@" >"$out/trace.json" 2>"$out/trace.err" &
    tracer=$!
    for _ in {1..600}; do
        ! grep -q '"type":"start"' "$out/trace.json" || return 0
        sleep 0.1
    done
    echo "bench: writescope does not start: $(<"$out/trace.err")" >&2
    exit 1
}

end_tracer() {
    kill -TERM "$tracer"
    wait "$tracer" || { echo "bench: writescope ended with $?: $(<"$out/trace.err")" >&2 && exit 1; }
    tracer=
    sed -i '/^NOTE: Picked up JDK_JAVA_OPTIONS/d' "$out/trace.err"
    [[ ! -s $out/trace.err ]] || { echo "bench: writescope says: $(<"$out/trace.err")" >&2 && exit 1; }
}

cgroups_so_far() { # how many the load has made
    echo $((16#$(ls "$cgroups" | sed -n 's/^0*5ca1ab1e\([0-9a-f]*\)$/\1/p' | sort | tail -n 1 | grep . || echo 0)))
}

counted() { # OPERATION: what was counted of it on our disk; totals no longer tell the disks of what is long gone apart
    awk -v type='"type":"interval"' -v device="\"device\":\"$device\"" -v operation="\"operation\":\"$1\"" '
        index($0, type) && index($0, device) && index($0, operation) && index($0, "\"stage\":\"total\"") {
            match($0, /"count":[0-9]+/); sum += substr($0, RSTART + 8, RLENGTH - 8) }
        END { print sum + 0 }' "$out/trace.json"
}

said() { # NAME: a number of the last line of the run
    tail -n 1 "$out/trace.json" | grep -o "\"$1\":[0-9.]*" | cut -d : -f 2
}

lost() { tail -n 1 "$out/trace.json" | grep -o '"lost":{[^}]*}' | grep -o '[0-9]*' | paste -sd + | bc; }

status_kib() { awk -v name="$1:" '$1 == name { print $2 }' "/proc/$tracer/status"; } # VmRSS, VmHWM, Threads

descriptors() { ls "/proc/$tracer/fd" | wc -l; }

map_entries() { # of the hash maps; the others do not grow
    local id entries=0
    for id in $(sed -n 's/^map_id:\s*//p' "/proc/$tracer/fdinfo/"* 2>/dev/null | sort -u); do
        if bpftool map show id "$id" 2>/dev/null | grep -q ': \(lru_\)\?hash '; then
            entries=$((entries + $(bpftool -j map dump id "$id" 2>/dev/null | grep -o '"key":' | wc -l)))
        fi
    done
    echo "$entries"
}

live_heap_kib() { # after a full collection
    "$jdk/bin/jcmd" "$tracer" GC.run >/dev/null
    "$jdk/bin/jstat" -gc "$tracer" | awk 'NR == 2 { printf "%d\n", $3 + $4 + $6 + $8 }'
}

cpu_seconds() { awk -v hz="$(getconf CLK_TCK)" '{ print ($14 + $15) / hz }' "/proc/$tracer/stat"; }
