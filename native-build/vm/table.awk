# Makes one table of the lines of guest.sh: awk -v backends="fentry kprobe ..." -f table.awk CONSOLE_OUTPUT...
# The files are in the order of the kernels; each ends with its line "kernel|RELEASE|FEATURES".
BEGIN {
    FS = "|"
    columns = split(backends, column, " ")
}

FNR == 1 { kernel = FILENAME; kernels[++count] = kernel; release[kernel] = "?" }

$1 == "kernel" {
    release[kernel] = $2
    features[kernel] = $3
}

$1 == "cell" {
    if ($2 == "everything") {
        refused[kernel, $3] = $7
        if ($4 == "WRONG") wrong[++wrongs] = $3 ": refused, but this kernel takes such programs: " $7
        next
    }
    if (!(($2, "row") in known)) {
        known[$2, "row"] = 1
        order[++rows] = $2
    }
    made[kernel, $2] = $5
    verdict[kernel, $2, $3] = $4
    seen[kernel, $2, $3] = $6
    why[kernel, $2, $3] = $7
}

function letter(reason) {
    if (!(reason in letters)) {
        letters[reason] = substr("abcdefghijklmnopqrstuvwxyz", ++reasons, 1)
        legend[reasons] = reason
    }
    return letters[reason]
}

function text(k, row, backend,   is) {
    is = verdict[k, row, backend]
    if ((k, backend) in refused) return "-  " letter("refused: " refused[k, backend])
    if (is == "") return "not run"
    if (is == "ok") return seen[k, row, backend]
    if (is == "missed") return seen[k, row, backend] " " letter("declared as missed: " why[k, row, backend])
    wrong[++wrongs] = release[k] ", " row ", " backend ": " seen[k, row, backend] " instead of " made[k, row] \
        (why[k, row, backend] == "" ? "" : " (" why[k, row, backend] ")")
    return seen[k, row, backend] " WRONG"
}

END {
    printf "%-26s %-26s %8s", "kernel", "operation", "made"
    for (c = 1; c <= columns; c++) printf " %12s", column[c]
    print ""
    for (n = 1; n <= count; n++) {
        k = kernels[n]
        for (r = 1; r <= rows; r++) {
            printf "%-26s %-26s %8s", release[k], order[r], made[k, order[r]]
            for (c = 1; c <= columns; c++) {
                is = text(k, order[r], column[c])
                # A letter is beside the number, so that the numbers are below each other.
                printf " %12s", is ~ / [a-z]$/ ? is : is "  "
            }
            print ""
        }
        print ""
    }
    for (i = 1; i <= reasons; i++) print substr("abcdefghijklmnopqrstuvwxyz", i, 1) ": " legend[i]
    for (n = 1; n <= count; n++)
        if (features[kernels[n]] != "") print release[kernels[n]] " " features[kernels[n]]
    for (i = 1; i <= wrongs; i++) print "WRONG: " wrong[i]
    exit wrongs > 0
}
