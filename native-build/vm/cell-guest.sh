# Run in the guest by cell.sh, with the kinds to try in $backends.
set -u
for type in ext4 xfs btrfs; do
    truncate -s 320M "/root/$type.img"
    "mkfs.$type" -q "/root/$type.img" >/dev/null 2>&1
    mkdir -p "/mnt/$type"
    mount -t "$type" -o loop "/root/$type.img" "/mnt/$type" || exit 1
done
mkdir -p /mnt/overlay /mnt/ext4/lower /mnt/ext4/upper /mnt/ext4/work
mount -t overlay -o lowerdir=/mnt/ext4/lower,upperdir=/mnt/ext4/upper,workdir=/mnt/ext4/work overlay /mnt/overlay
cell=/sys/fs/cgroup/cell
mkdir "$cell"
# Mounts are named by looking into a process of the cgroup; those that make the calls may be gone too soon.
sh -c 'echo $$ >'"$cell"'/cgroup.procs; exec sleep 1000' &
# The shell moves itself into the cgroup, then makes the calls.
in_cell() {
    sh -c 'echo $$ >'"$cell"'/cgroup.procs; exec "$@"' sh "$@" | cat >>/root/calls # through a pipe: a file would be written to from the cgroup
}

# All calls of one file system. Each has its own number, so that a mistake can be told by the difference.
calls() {
    file=/mnt/$1/file-$backend
    in_cell workload "$file" create write=101 pwrite64=103 writev=107 pwritev=109 pwritev2=113
    in_cell workload "$file" - fsync=2 fdatasync=3 sync_file_range=5 syncfs=7 msync=13 msync-async=17
    in_cell workload "$file" - pwritev2-dsync=19
    in_cell workload "$file" sync write=23
    in_cell workload "$file" dsync pwrite64=29
    in_cell workload "$file" direct pwrite64=31
    in_cell workload "$file" - write32=37 fsync32=41 fdatasync32=43
}

expected() {
    for mount in /mnt/ext4 /mnt/overlay /mnt/xfs /mnt/btrfs; do
        cat <<LINES
$mount write:buffered $((101 + 103 + 107 + 109 + 113 + 37))
$mount write:sync $((19 + 23 + 29))
$mount write:direct 31
$mount fsync:osync $((19 + 23 + 29))
$mount fsync:fsync $((2 + 41))
$mount fsync:fdatasync $((3 + 43))
$mount fsync:sync_file_range 5
$mount fsync:syncfs 7
$mount fsync:msync 13
LINES
    done
    echo "- fsync:sync 11"
}

# field NAME: of the JSON line in $0
counts='
    function field(name,   at, rest, part) {
        at = index($0, "\"" name "\":")
        if (!at) return "-"
        rest = substr($0, at + length(name) + 3)
        sub(/^"/, "", rest)
        split(rest, part, /[",}]/)
        return part[1]
    }
    /"type":"total"/ && field("operation") != "block" { print field("mount"), field("operation") ":" field("kind"), field("count") }
    /"type":"total"/ && field("operation") == "block" && field("stage") == "total" { print "block", field("kind"), field("count") }'

for backend in $backends; do
    out=/root/$backend
    writescope --debug trace --backend "$backend" --op fsync,write,block --format json --by kind,mount --cgroup "$cell" \
        >"$out.json" 2>"$out.err" &
    tracer=$!
    until grep -q '"type":"start"' "$out.json" 2>/dev/null; do
        kill -0 $tracer 2>/dev/null || break
        sleep 0.2
    done
    if kill -0 $tracer 2>/dev/null; then
        for type in ext4 overlay xfs btrfs; do
            calls "$type"
        done
        in_cell workload none - sync=11 2>/dev/null || in_cell workload /mnt/ext4/file-$backend - sync=11
        sleep 1
        kill -TERM $tracer # a shell lets its background jobs ignore INT
    fi
    wait $tracer
    echo "$backend: exit code $?; $(sed -n 's/.*"hooks"://p' "$out.json"); lost $(sed -n 's/.*"lost"://p' "$out.json" | tail -1)"
    [ ! -s "$out.err" ] || tail -n 45 "$out.err"
    awk "$counts" "$out.json" >"$out.counts"
done
grep -v ' 0$' /root/calls && echo "calls failed"

expected >/root/expected
echo "== $(uname -r)"
awk -v backends="$backends" '
    BEGIN {
        columns = split(backends, name, " ")
        printf "%-14s %-22s %8s", "mount", "kind", "made"
        for (i = 1; i <= columns; i++) {
            printf " %11s", name[i]
            start = "/root/" name[i] ".json"
            getline hooks[i] <start
            file = "/root/" name[i] ".counts"
            while ((getline line <file) > 0) {
                split(line, part, " ")
                seen[i, part[1], part[2]] += part[3]
                keys[part[1] " " part[2]] = 1
            }
        }
        print ""
    }
    # What is declared to be missed, of these calls.
    function declared(i, mount, kind, made, count) {
        if (kind == "fsync:msync" && mount ~ /overlay|^-/) return 1 # it syncs the real file, on a mount without a name
        if (kind == "fsync:msync" && hooks[i] ~ /which file msync is for/) return 1
        if (hooks[i] ~ /"32-bit (system calls"|syncfs; 32-bit fsync and fdatasync)/) {
            if (kind == "write:buffered" && hooks[i] ~ /"32-bit system calls"/ && made - count == 37) return 1
            if (kind == "fsync:fsync" && made - count == 41) return 1
            if (kind == "fsync:fdatasync" && made - count == 43) return 1
        }
        if (kind == "fsync:osync" && hooks[i] ~ /the sync part of O_SYNC writes"/) return 1
        if (kind == "fsync:osync" && mount !~ /ext4|overlay/ && hooks[i] ~ /the sync part of O_SYNC writes except on ext4"/) return 1
        return 0
    }
    {
        delete keys[$1 " " $2]
        printf "%-14s %-22s %8d", $1, $2, $3
        for (i = 1; i <= columns; i++) {
            count = seen[i, $1, $2] + 0
            mark = count == $3 ? " " : declared(i, $1, $2, $3, count) ? "~" : "!"
            if (mark == "!") failed = 1
            printf " %10d%s", count, mark
        }
        print ""
    }
    END {
        for (key in keys) {
            split(key, part, " ")
            printf "%-14s %-22s %8s", part[1], part[2], "-"
            for (i = 1; i <= columns; i++) {
                count = seen[i, part[1], part[2]] + 0
                wrong = count && part[1] != "block" && !declared(i, part[1], part[2], 0, count)
                if (wrong) failed = 1
                printf " %10d%s", count, wrong ? "!" : " "
            }
            print ""
        }
        print "!: wrong   ~: the start line says that it is missed   -: not made by us"
        exit failed
    }' /root/expected
