# Run in the guest by vm-test.sh, with the hook kinds to try in $backends. Prints a line "cell|OPERATION|BACKEND|ok, missed, refused or WRONG|MADE|SEEN|WHY" for each cell of the table.
set -u
readonly here=/opt/vm work=/root/cells delay=97
failed=0

# Each kind of work has a cgroup of its own, whose name is a container's id: one digit, 64 times.
owner() {
    printf '/sys/fs/cgroup/cells/'
    printf "$1%.0s" $(seq 64)
}

# in_owner DIGIT COMMAND...: the shell moves itself into the cgroup. Through a pipe: a file would be written to from there.
in_owner() {
    group=$(owner "$1")
    shift
    sh -c 'echo $$ >"$0/cgroup.procs"; exec "$@"' "$group" "$@" 2>&1 | cat >>"$work/calls"
}

# loop FILE MIB [OPTION...]: prints the device of a new disk
loop() {
    [ -b "$1" ] || truncate -s "$2M" "$1"
    file=$1
    shift 2
    losetup -f --show "$@" "$file"
}

number() { # DEVICE: as the program names it
    cat "/sys/block/${1#/dev/}/dev"
}

make_file_systems() {
    for type in ext4 xfs btrfs; do
        device=$(loop "$work/$type.img" 320)
        "mkfs.$type" -q "$device" >/dev/null 2>&1
        mkdir -p "/mnt/$type"
        mount -t "$type" "$device" "/mnt/$type" || return 1
        echo "$type|$(number "$device")" >>"$work/devices"
    done
    mkdir -p /mnt/overlay /mnt/ext4/lower /mnt/ext4/upper /mnt/ext4/work
    mount -t overlay -o lowerdir=/mnt/ext4/lower,upperdir=/mnt/ext4/upper,workdir=/mnt/ext4/work overlay /mnt/overlay
}

# A disk that takes $delay ms for each write and each flush. Device mapper has no requests of its own to be timed: the
# disk above it has, and passes them on at once.
make_slow_disk() {
    disk=$(loop "$work/slow.img" 64)
    mkfs.ext4 -q "$disk"
    modprobe dm-delay
    dmsetup create slow --table "0 131072 delay $disk 0 0 $disk 0 $delay" && dmsetup mknodes
    disk=$(loop /dev/mapper/slow 64 --direct-io=on)
    mkdir -p /mnt/slow
    mount -t ext4 "$disk" /mnt/slow || return 1
    echo "slow|$(number "$disk")" >>"$work/devices"
}

# 0: calls, 1: calls of 32-bit programs, 2: io_uring, 3: direct, 4: fsynced, 5: left to be written back.
make_owners() {
    mkdir /sys/fs/cgroup/cells
    echo "+io +memory" >/sys/fs/cgroup/cells/cgroup.subtree_control
    for digit in 0 1 2 3 4 5; do
        mkdir "$(owner $digit)"
    done
    # Mounts are named by looking into a process of the cgroup; those that make the calls may be gone too soon.
    for digit in 0 1 2; do
        sh -c 'echo $$ >"$0/cgroup.procs"; exec sleep 10000' "$(owner $digit)" &
    done
    in_owner 0 workload /mnt/slow/file create write=17 fsync=1 # so that no later sync has an allocation to commit
}

# All calls on one file system. Each has its own number, so that a mistake can be told by the difference.
calls() {
    file=/mnt/$1/file-$backend
    in_owner 0 workload "$file" create write=101 pwrite64=103 writev=107 pwritev=109 pwritev2=113 \
        fsync=2 fdatasync=3 sync_file_range=5 syncfs=7 msync=13 msync-async=17 pwritev2-dsync=19
    in_owner 0 workload "$file" sync write=23
    in_owner 0 workload "$file" dsync pwrite64=29
    in_owner 0 workload "$file" direct pwrite64=31
    in_owner 1 workload "$file" - write32=37 fsync32=41 fdatasync32=43 syncfs32=47
    in_owner 2 workload "$file" - uring-write=53 uring-fsync=59
}

# OPERATION of the table|digit of the owner|kind|mount|made
expected_calls() {
    for mount in /mnt/ext4 /mnt/overlay /mnt/xfs /mnt/btrfs; do
        cat <<LINES
write|0|write:buffered|$mount|$((101 + 103 + 107 + 109 + 113))
write, synchronous|0|write:sync|$mount|$((19 + 23 + 29))
write, direct|0|write:direct|$mount|31
O_SYNC's sync|0|fsync:osync|$mount|$((19 + 23 + 29))
fsync|0|fsync:fsync|$mount|2
fdatasync|0|fsync:fdatasync|$mount|3
sync_file_range|0|fsync:sync_file_range|$mount|5
syncfs|0|fsync:syncfs|$mount|7
msync|0|fsync:msync|$mount|13
write, 32-bit|1|write:buffered|$mount|37
fsync, 32-bit|1|fsync:fsync|$mount|41
fdatasync, 32-bit|1|fsync:fdatasync|$mount|43
syncfs, 32-bit|1|fsync:syncfs|$mount|47
write, io_uring|2|write:buffered|$mount|53
fsync, io_uring|2|fsync:fsync|$mount|59
LINES
    done
    cat <<LINES
write|0|write:buffered|/mnt/slow|13
fdatasync|0|fsync:fdatasync|/mnt/slow|13
sync|0|fsync:sync|-|11
LINES
}

# Files of known size, written in three ways; the last is left to whoever syncs, which is not its cgroup.
owned_requests() {
    for type in ext4 xfs btrfs; do
        in_owner 3 workload "/mnt/$type/direct-$backend" create+direct pwrite64=127
        in_owner 4 workload "/mnt/$type/fsynced-$backend" create write=131 fsync=1
        in_owner 5 workload "/mnt/$type/written-back-$backend" create write=137
    done
    sync
}

expected_requests() {
    cat <<LINES
block, direct|3|$((127 * 4096))
block, fsynced|4|$((131 * 4096))
block, written back|5|$((137 * 4096))
LINES
}

programs() {
    bpftool prog show 2>/dev/null | grep -c '^[0-9]*:'
}

# Whether nothing is loaded but what was before us. The kernel takes programs away a little after their last use.
nothing_left() {
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        [ "$(programs)" -gt "$programs_before" ] || [ -n "$(ls -A /sys/fs/bpf)" ] || return 0
        sleep 0.5
    done
    bpftool prog show
    return 1
}

cell() { # OPERATION VERDICT MADE SEEN WHY
    echo "cell|$1|$backend|$2|$3|$4|${5:-}"
    [ "$2" != WRONG ] || failed=1
}

started() { # waits for the start line of process $1 in file $2
    until grep -q '"type":"start"' "$2" 2>/dev/null; do
        kill -0 "$1" 2>/dev/null || return 1
        sleep 0.2
    done
}

trace() { # OUTPUT BY OPTION...
    output=$1 by=$2
    shift 2
    writescope --debug trace --backend "$backend" --format json --by "$by" "$@" >"$output.json" 2>"$output.err" &
    tracer=$!
}

ended() { # waits for the tracer, whose exit code is then in $code
    sleep 1 # the last writes are collected once an interval
    kill -TERM $tracer # a shell lets its background jobs ignore INT
    wait $tracer
    code=$?
    [ $code -eq 0 ] || tail -n 45 "$1.err"
    own_time=$(sed -n 's/^fdatasync-p50-ns \([0-9]*\) .*/\1/p' "$work/calls" | tail -n 1)
}

count_everything() {
    out=$work/$backend
    trace "$out" kind,mount,device
    if ! started $tracer "$out.json"; then
        # A refusal is an answer only where the kernel takes no program of that kind from anybody.
        verdict=refused
        ! grep -q "^$backend .* works" "$work/trial" || { verdict=WRONG && tail -n 45 "$out.err"; }
        cell everything $verdict - - "$(grep '^writescope: ' "$out.err" | head -n 1 | tr '|' ' ')"
        return
    fi
    for type in ext4 overlay xfs btrfs; do
        calls "$type"
    done
    in_owner 0 workload none - sync=11
    owned_requests
    in_owner 0 workload /mnt/slow/file - update-fdatasync=13
    ended "$out"
    awk -v backend="$backend" -v code=$code -v delay=$delay -v own_time="${own_time:-0}" -f "$here/cells.awk" \
        -f "$here/judge.awk" "$work/expected" "$work/requests" "$work/devices" "$out.json" ||
        { failed=1 && cat "$work/devices" && grep -E '"type":"(start|total|end)"' "$out.json"; }
    if nothing_left; then cell "nothing left" ok 0 0; else cell "nothing left" WRONG 0 "$(programs)"; fi
    take_apart
}

# What syncs wait for, on the slow disk; after a run in which this hook kind counted.
take_apart() {
    out=$work/waits-$backend
    trace "$out" kind,mount,phase --op fsync,block -i 100ms
    if ! started $tracer "$out.json"; then
        tail -n 45 "$out.err"
        cell "waits, taken apart" WRONG - "did not start"
        return
    fi
    in_owner 0 workload /mnt/slow/file - update-fdatasync=11
    for each in 1 2 3 4 5 6 7; do
        in_owner 0 workload "/mnt/slow/new-$backend-$each" create write=1 fsync=1
    done
    ended "$out"
    awk -v backend="$backend" -v code=$code -v delay=$delay -v own_time="${own_time:-0}" -v fdatasyncs=11 -v fsyncs=7 \
        -f "$here/cells.awk" -f "$here/waits.awk" "$out.json" ||
        { failed=1 && grep -E '"type":"(start|total|end)"' "$out.json"; }
}

# All kinds at once, as each start takes long.
kill_at_once() {
    tracers=
    for backend in $backends; do
        grep -q '"type":"end"' "$work/$backend.json" || continue
        trace "$work/killed-$backend" kind,mount,device --op fsync,block
        tracers="$tracers $backend:$tracer"
    done
    for each in $tracers; do
        started "${each#*:}" "$work/killed-${each%:*}.json" || { backend=${each%:*} && cell "nothing left, -9" WRONG 0 - "did not start"; }
    done
    loaded=$(programs)
    for each in $tracers; do
        kill -KILL "${each#*:}"
        wait "${each#*:}" 2>/dev/null
    done
    verdict=ok
    nothing_left && [ "$loaded" -gt "$programs_before" ] || verdict=WRONG
    for each in $tracers; do
        backend=${each%:*}
        cell "nothing left, -9" $verdict 0 "$(($(programs) - programs_before))" "$loaded programs before"
    done
}

mkdir -p "$work"
make_file_systems && make_slow_disk && make_owners || { echo "the guest could not be set up" && exit 1; }
expected_calls >"$work/expected"
expected_requests >"$work/requests"
programs_before=$(programs)
trial /mnt/ext4 fentry:vfs_write kprobe:vfs_write tp_btf:sys_enter raw_tp:sys_enter \
    tracepoint:syscalls/sys_enter_pwrite64 fsession:vfs_write >"$work/trial"
for backend in $backends; do
    count_everything
done
kill_at_once
if grep -v ' 0$' "$work/calls"; then
    echo "these calls failed" && failed=1
fi
fsession="has no fsession"
! grep -q '^fsession .* works' "$work/trial" || fsession="has fsession"
echo "kernel|$(uname -r)|$fsession"
exit $failed
