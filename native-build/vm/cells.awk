# What judge.awk and waits.awk share: reading the program's lines, printing guest.sh's. Exit code "wrong" is theirs to give.
BEGIN { FS = "|" }

function field(name,   at, rest, part) { # of the JSON object in $0; "-": absent
    at = index($0, "\"" name "\":")
    if (!at) return "-"
    rest = substr($0, at + length(name) + 3)
    sub(/^"/, "", rest)
    split(rest, part, /[",}]/)
    return part[1]
}

function read_coverage(operation,   rest) {
    rest = substr($0, index($0, "\"hooks\":"))
    rest = substr(rest, index(rest, "\"" operation "\":{"))
    match(rest, /\[[^]]*\]/)
    misses[operation] = substr(rest, RSTART + 1, RLENGTH - 2)
}

# The miss that begins like this, if it is declared for an operation and concerns this mount; empty if not.
function missed(operation, beginning, mount,   all, count, i) {
    count = split(misses[operation], all, /","/)
    for (i = 1; i <= count; i++) {
        gsub(/^"|"$/, "", all[i])
        if (index(all[i], beginning) == 1 && !(all[i] ~ / except on ext4$/ && mount == "/mnt/ext4")) return all[i]
    }
    return ""
}

function cell(row, verdict, made, seen, why) {
    printf "cell|%s|%s|%s|%s|%s|%s\n", row, backend, verdict, made, seen, why
    if (verdict == "WRONG") wrong = 1
}

# Both clocks are the guest's, so that a host that is busy with other things slows both.
function judge_time(row, expected, measured, least, most) {
    cell(row, measured >= 0.99 * least && measured <= 1.01 * most ? "ok" : "WRONG", sprintf("%.1f", expected), \
        sprintf("%.1f", measured), sprintf("%.1f to %.1f", least, most))
}

function loss_declared(operation) {
    return missed(operation, "some of many calls that wait at once", "") missed(operation, \
        "some events while a program of ours is preempted", "")
}
