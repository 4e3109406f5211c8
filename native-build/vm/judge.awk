# Compares what was made with what one tracer saw, and prints the lines of guest.sh: awk -v backend= -v code= -v delay=
# -v own_time= -f cells.awk -f judge.awk EXPECTED REQUESTS DEVICES OUTPUT.json; own_time is what the fdatasyncs took by
# the clock of their caller, in ns. Exit code 1: something is wrong.
# The operations that may differ are those that the start line declares to be missed, each as far as it does, and the few
# that the end line counts as lost.

# Why this row may differ on this mount; empty if it may not.
function excuse(row, mount,   operation, why) {
    operation = row ~ /^write/ ? "write" : "fsync"
    if (row ~ /32-bit/) {
        why = missed(operation, "32-bit system calls", "")
        if (why == "") why = missed(operation, "__ia32_sys_" substr(row, 1, index(row, ",") - 1) " ", mount)
    } else if (row ~ /io_uring/)
        why = missed(operation, "io_uring", mount)
    else if (row == "O_SYNC's sync")
        why = missed(operation, "the sync part of O_SYNC writes", mount == "/mnt/overlay" ? "/mnt/ext4" : mount)
    else if (row == "msync")
        why = missed(operation, "which file msync is for", mount) missed(operation, "which mount msync on overlay is for", \
            mount)
    else if (row == "sync")
        why = missed(operation, "ksys_sync ", mount)
    else if (row == "syncfs")
        why = missed(operation, "__x64_sys_syncfs ", mount)
    else if (row == "sync_file_range")
        why = missed(operation, "sync_file_range ", mount)
    else if (row == "write")
        why = missed(operation, "vfs_writev ", mount)
    # Only what went to a mount without a name may be too much, and only msync on overlay too little.
    if (row == "msync" && why ~ /overlay/ && mount != "/mnt/overlay" && mount != "-") return ""
    return why
}

FILENAME ~ /expected$/ {
    if (!($1 in total)) order[++rows] = $1
    row_of[$2, $3] = $1
    made[$2, $3, $4] += $5
    total[$1] += $5
    next
}
FILENAME ~ /requests$/ { requests[++kinds] = $1; digit[kinds] = $2; size[kinds] = $3; next }
FILENAME ~ /devices$/ { device[$1] = $2; next }
/"type":"start"/ {
    read_coverage("fsync")
    read_coverage("write")
    read_coverage("block")
}
/"type":"end"/ {
    ended = 1
    rest = substr($0, index($0, "\"lost\":"))
    split(rest, part, /[:,}]/)
    lost["fsync"] = part[3]
    lost["write"] = part[5]
    lost["block"] = part[7]
    all_lost = part[3] + part[5] + part[7]
    few = all_lost * 100 < field("events")
}
/"type":"total"/ {
    owner = field("container_id")
    owner = owner == "-" ? field("container") : substr(owner, 1, 1)
    kind = field("operation") ":" field("kind")
    if (field("operation") != "block") {
        key = owner SUBSEP kind SUBSEP field("mount")
        seen[key] += field("count")
        if (owner == "0" && field("mount") == "/mnt/slow" && kind == "fsync:fdatasync") sync_time = field("p50_ns") / 1e6
    } else if (field("stage") == "total" && kind != "block:read") {
        bytes[owner, field("device")] += field("bytes")
    } else if (field("stage") == "device" && kind == "block:write" && owner == "0" && field("device") == device["slow"]) {
        device_time = field("p50_ns") / 1e6
    }
}

function judge_calls(   key, part, row, why, operation, difference, i) {
    for (key in seen) {
        split(key, part, SUBSEP)
        if (part[1] !~ /^[012]$/) continue
        if (!((part[1], part[2]) in row_of)) {
            if (seen[key]) stray = stray " " seen[key] " " part[2] " on " part[3]
            continue
        }
        if (!(key in made)) made[key] = 0
    }
    for (key in made) {
        split(key, part, SUBSEP)
        row = row_of[part[1], part[2]]
        sum[row] += seen[key]
        if (seen[key] + 0 == made[key]) continue
        why = excuse(row, part[3])
        # A kernel may skip a program while it runs for another task (7.x): then the end line says how often.
        operation = substr(part[2], 1, 5)
        # A call whose beginning was skipped is seen by ext4's hooks alone, as another kind: one too few, one too many.
        difference = made[key] - seen[key]
        if (difference < 0) difference = -difference
        if (why == "" && (few || loss_declared(operation)) && (lost[operation] -= difference) >= 0)
            why = "counted as lost"
        if (why == "" || seen[key] + 0 > made[key] && part[3] != "-" && why != "counted as lost")
            detail[row] = detail[row] " " part[3] " " seen[key] + 0 " of " made[key]
        else
            note[row] = why
    }
    for (i = 1; i <= rows; i++) {
        row = order[i]
        # On which mount an msync was is not known everywhere, how many there were is.
        if (row == "msync" && sum[row] != total[row] && !((few || loss_declared("fsync")) && \
            sum[row] + at_end["fsync"] >= total[row] && sum[row] - at_end["fsync"] <= total[row])) detail[row] = detail[row] " not all"
        cell(row, detail[row] != "" ? "WRONG" : note[row] != "" ? "missed" : "ok", total[row], sum[row] + 0, \
            detail[row] != "" ? substr(detail[row], 2) : note[row])
    }
    cell("no other calls", stray == "" ? "ok" : "WRONG", 0, stray == "" ? 0 : "some", substr(stray, 2))
}

# An owner has at least the data; file systems add metadata to it, but less than as much again.
function judge_requests(   i, type, got, all, why, excused) {
    for (i = 1; i <= kinds; i++) {
        all = 0
        why = excused = ""
        for (type in device) {
            if (type == "slow") continue
            got = bytes[digit[i], device[type]] + 0
            all += got
            # One request that was skipped takes its bytes along; no disk here takes more at once than this.
            if ((few || loss_declared("block")) && got < size[i] && size[i] - got <= lost["block"] * 1310720) {
                excused = "counted as lost"
                continue
            }
            if (got < size[i] || got > 2 * size[i]) why = why " " type " " got / 1024 " of " size[i] / 1024 " KiB"
        }
        cell(requests[i] ", KiB", why != "" ? "WRONG" : excused != "" ? "missed" : "ok", 3 * size[i] / 1024, \
            all / 1024, why != "" ? substr(why, 2) : excused)
    }
    got = bytes["unattributed", device["ext4"]] + 0
    cell("block, journal: nobody's", got ? "ok" : "WRONG", "some", got / 1024, "")
}

# Few, or declared; see the README for when a kernel skips programs.
function judge_lost(operation,   n, why) {
    n = at_end[operation] + 0
    why = loss_declared(operation)
    if (why == "" && n && few) why = "under one in a hundred was lost"
    cell("lost, " operation, !ended || n && why == "" ? "WRONG" : n ? "missed" : "ok", 0, ended ? n : "no end", n ? why : "")
}

END {
    for (operation in lost) at_end[operation] = lost[operation]
    judge_calls()
    judge_requests()
    own_time /= 1e6
    # It writes, then it flushes; each takes the delay.
    judge_time("block, on device, P50 ms", delay, device_time, delay, own_time - delay)
    judge_time("fdatasync, P50 ms", own_time, sync_time, 0.8 * own_time > 2 * delay ? 0.8 * own_time : 2 * delay, \
        own_time)
    judge_lost("fsync")
    judge_lost("write")
    judge_lost("block")
    cell("exit code", code == 0 ? "ok" : "WRONG", 0, code, "")
    exit wrong
}
