# Run in a guest with cgroup v2: a victim whose writes are slow for reasons that need device mapper, or a memory limit with
# writeback of its own. Each is proved by the kernel's own figures, and then writescope has to name it. Prints a line
# "cause|NAME|ok or WRONG|FIGURES" for each proof and "explained|NAME|ok or WRONG|WHAT IT NAMED" for each explanation.
# With $explain empty, the scenarios are proved only.
set -u
readonly work=/root/cells flush=97 limit=67108864
explain=${explain-writescope explain}
failed=0
# A cgroup whose name is a container's id.
victim=$(printf '1%.0s' $(seq 64))
readonly victim group=/sys/fs/cgroup/cells/$victim

# loop FILE MIB [OPTION...]: prints the device of a new disk
loop() {
    [ -b "$1" ] || truncate -s "$2M" "$1"
    file=$1
    shift 2
    losetup -f --show "$@" "$file"
}

# file_system NAME DEVICE [MKFS-OPTION...]: with a file of 17 blocks, at /mnt/NAME. Mapped devices have no requests of their own to
# be timed: the disk above does, and passes them on at once.
file_system() {
    name=$1 device=$2
    shift 2
    mkfs.ext4 -q "$@" "$device" && mkdir -p "/mnt/$name" && mount -t ext4 "$device" "/mnt/$name" &&
        workload "/mnt/$name/file" create write=17 fsync=1 >/dev/null
}

# mapped NAME TABLE: the disk above a mapped device
mapped() {
    dmsetup create "$1" --table "$2" && dmsetup mknodes && loop "/dev/mapper/$1" 64 --direct-io=on
}

# again_and_again COMMAND...: in the victim's cgroup, until end_victim. Its output goes through a pipe: a file would be
# written to from there.
again_and_again() {
    sh -c 'echo $$ >"$0/cgroup.procs"; while :; do "$@"; done' "$group" "$@" 2>&1 | cat >"$work/calls" &
}

end_victim() {
    echo 1 >"$group/cgroup.kill"
    wait
}

p50() {
    sed -n 's/^fdatasync-p50-ns \([0-9]*\) .*/\1/p' "$work/calls" | tail -n 1
}

proved() { # NAME FIGURES: after a test that says whether
    verdict=$(if [ $? -eq 0 ]; then echo ok; else echo WRONG; fi)
    echo "cause|$1|$verdict|$2"
    [ "$verdict" = ok ] || failed=1
}

# explained NAME: the first cause of the first note about the victim
explained() {
    [ -n "$explain" ] || return 0
    $explain -c "$victim" -d 10s --format json >"$work/$1.json" 2>"$work/$1.err" || tail -n 20 "$work/$1.err"
    named=$(grep -m 1 '"type":"explanation"' "$work/$1.json" | sed -n 's/.*"causes":\[{"name":"\([a-z-]*\)".*/\1/p')
    [ "$named" = "$1" ]
    echo "explained|$1|$(if [ $? -eq 0 ]; then echo ok; else echo WRONG; fi)|$named"
    [ "$named" = "$1" ] || { failed=1 && cat "$work/$1.json"; }
}

counter() { # MOUNT FIELD: of /sys/block/DEVICE/stat
    device=$(sed -n "s|^/dev/\([^ ]*\) $1 .*|\1|p" /proc/mounts)
    awk -v field="$2" '{ print $field }' "/sys/block/$device/stat"
}

slow_flush() {
    file_system quick "$(loop "$work/quick.img" 64)" || return 1
    again_and_again workload /mnt/quick/file - update-fdatasync=53
    sleep 4
    end_victim
    quick=$(p50)

    below=$(loop "$work/flush.img" 64)
    file_system flush "$(mapped flush "0 131072 delay $below 0 0 $below 0 0 $below 0 $flush")" || return 1
    again_and_again workload /mnt/flush/file - update-fdatasync=11
    flushes=$(counter /mnt/flush 16) ticks=$(counter /mnt/flush 17)
    sleep 5
    flushes=$(($(counter /mnt/flush 16) - flushes)) ticks=$(($(counter /mnt/flush 17) - ticks))
    explained slow-flush
    end_victim
    slow=$(p50)
    [ "$flushes" -gt 0 ] && [ $((ticks / flushes)) -ge $flush ] && [ "$slow" -ge $((flush * 1000000)) ] && [ "$slow" -gt $((3 * quick)) ]
    proved slow-flush "$flushes flushes of $((ticks / (flushes + !flushes))) ms, fdatasync of $((slow / 1000)) us against $((quick / 1000))"
}

# Writes fail for one second of three. Without a journal, which the first failure would end.
io_errors() {
    below=$(loop "$work/flakey.img" 64)
    file_system flakey "$(mapped flakey "0 131072 flakey $below 0 3600 0")" -O ^has_journal || return 1
    dmsetup suspend --noflush flakey
    dmsetup reload flakey --table "0 131072 flakey $below 0 2 1 1 error_writes" && dmsetup resume flakey
    again_and_again workload /mnt/flakey/file direct pwrite64=101
    sleep 5
    explained io-errors
    end_victim
    errors=$(awk '/^pwrite64/ { failed += $3 } END { print failed + 0 }' "$work/calls")
    lines=$(dmesg | grep -c "I/O error, dev loop")
    [ "$errors" -gt 0 ] && [ "$lines" -gt 0 ]
    proved io-errors "$errors writes failed, $lines lines in the kernel's log"
}

# Of a cgroup's memory no more than vm.dirty_ratio may be dirty: the host's own limits stay as they are. A disk of few and
# small requests, which even an emulated writer outruns. Each time a new file, which fits in the memory, and nothing else
# takes of it (a loop device that is not direct charges the pages of its file to whom it writes for): where pages have to be
# reclaimed that are all dirty, the kernel may find none in time, and kill the victim. Pages that are dirty already would
# not count.
dirty_throttling() {
    below=$(loop "$work/throttled.img" 320 --direct-io=on)
    disk=$(mapped throttled "0 655360 delay $below 0 0 $below 0 7")
    echo 16 >"/sys/block/${disk#/dev/}/queue/max_sectors_kb"
    echo 4 >"/sys/block/${disk#/dev/}/queue/nr_requests"
    file_system throttled "$disk" || return 1
    echo $limit >"$group/memory.max"
    again_and_again sh -c 'rm -f "$0" && exec workload "$0" create write=8192' /mnt/throttled/file
    most=0 paused=0
    for _ in $(seq 50); do
        dirty=$(awk '/^file_(dirty|writeback) / { sum += $2 } END { print sum }' "$group/memory.stat")
        [ "$dirty" -le "$most" ] || most=$dirty
        for process in $(cat "$group/cgroup.procs"); do
            ! grep -q balance_dirty_pages "/proc/$process/stack" 2>/dev/null || paused=$((paused + 1))
        done
        sleep 0.1
    done
    explained dirty-throttling
    end_victim
    echo max >"$group/memory.max"
    host=$(awk '/^nr_dirty_threshold / { print $2 * 4096 }' /proc/vmstat)
    [ "$most" -gt 0 ] && [ "$most" -lt $((limit / 2)) ] && [ "$most" -lt $((host / 2)) ] && [ "$paused" -gt 10 ]
    proved dirty-throttling "paused in $paused of 50 samples, with $((most >> 10)) KiB dirty at most of $((limit >> 10)) it may have, $((host >> 10)) of the host's"
}

mkdir -p "$work" /sys/fs/cgroup/cells
echo "+io +memory" >/sys/fs/cgroup/cells/cgroup.subtree_control
mkdir "$group"
modprobe -a dm-delay dm-flakey
for scenario in slow_flush io_errors dirty_throttling; do
    $scenario || { echo "$scenario could not be set up" && failed=1; }
done
exit $failed
