# Holds what one tracer says that syncs waited for against a disk where each write and each flush takes a known time, and
# prints the lines of guest.sh: awk -v backend= -v code= -v delay= -v own_time= -v fdatasyncs= -v fsyncs= -f cells.awk
# -f waits.awk OUTPUT.json; own_time as for judge.awk. The fdatasyncs write and flush, without a commit; the fsyncs are of
# new files, and need one. Exit code 1: something is wrong.
/"type":"start"/ { read_coverage("fsync") }

/"type":"end"/ {
    ended = 1
    rest = substr($0, index($0, "\"lost\":"))
    split(rest, part, /[:,}]/)
    lost = part[3]
    lost_parts = part[9]
}

/"type":"(interval|total)"/ && field("operation") == "fsync" && field("mount") == "/mnt/slow" && \
    field("container_id") ~ /^0/ {
    kind = field("kind")
    stage = field("stage")
    total = field("type") == "total"
    # Of an interval, which is shorter than one of these operations; and of the whole run.
    key = kind " " (total ? "in all" : field("start"))
    if (stage == "total")
        whole[key] = field("sum_ns")
    else if (stage != "overlay")
        parts[key] += field("sum_ns")
    if (total) {
        count[kind, stage] = field("count")
        p50[kind, stage] = field("p50_ns") / 1e6
    }
}

# As many have a part that ran on a CPU as were taken apart.
function judge_number(   made, apart, why) {
    made = fdatasyncs + fsyncs
    apart = count["fdatasync", "running"] + count["fsync", "running"]
    if (!ended) why = "no end"
    else if (lost_parts > 0) why = lost_parts " not taken apart"
    else if (apart < made && apart + lost >= made) excused = loss_declared("fsync")
    cell("waits, taken apart", why != "" || apart != made && excused == "" ? "WRONG" : apart != made ? "missed" : "ok", made, \
        apart, why excused)
}

function away(percent) {
    return percent < 100 ? 100 - percent : percent - 100
}

function judge_sums(   key, percent, worst, why) {
    worst = 100
    for (key in whole) {
        percent = whole[key] > 0 ? 100 * parts[key] / whole[key] : 0
        if (away(percent) <= away(worst)) continue
        worst = percent
        why = key
    }
    for (key in parts)
        if (!(key in whole)) {
            worst = 0
            why = "parts of nothing: " key
        }
    cell("waits, sum of parts, %", away(worst) <= 2 && ("fdatasync in all" in whole) ? "ok" : "WRONG", 100, \
        sprintf("%.2f", worst), why)
}

END {
    judge_number()
    judge_sums()
    own_time /= 1e6
    judge_time("waits, device, P50 ms", delay, p50["fdatasync", "device"], delay, own_time - delay)
    judge_time("waits, flush, P50 ms", delay, p50["fdatasync", "flush"], delay, own_time - delay)
    # The journal's blocks are written, then a flush and the commit record; what the record itself takes differs.
    phases = missed("fsync", "the phases of journal commits", "")
    commit = p50["fsync", phases == "" ? "commit_log" : "commit"]
    judge_time("waits, commit, P50 ms", 2 * delay, commit, 2 * delay, p50["fsync", "total"] - delay)
    cell("waits, exit code", code == 0 ? "ok" : "WRONG", 0, code, "")
    exit wrong
}
