#!/usr/bin/env bash
# A stage for demos and tests: real containers from a private containerd, on disks of their own.
#
#   stage.sh up DIR [--owner PID]                                 starts containerd, imports an image with busybox, bash and fio
#   stage.sh disk DIR NAME SIZE [--memory] [MKFS-OPTION]…         an ext4 on a loop device; prints MOUNTPOINT MAJOR:MINOR
#   stage.sh run DIR NAME [--mount HOST:CONTAINER]… [--rootfs DIR] [--log FILE] -- COMMAND…
#                                                                 starts a container, of the image or on a root that is
#                                                                 there already; prints its cgroup path
#   stage.sh exec DIR NAME -- COMMAND…                            runs a command in it, with its exit status
#   stage.sh stop DIR NAME                                        kills and removes a container
#   stage.sh slow DIR MAJOR:MINOR IOPS|off [NAME]…                limits the writes per second of all, or the named, containers
#   stage.sh containerd DIR start|stop                            stops containerd, or starts it again; containers go on
#   stage.sh down DIR                                             removes everything, in whatever state it is
#
# All state is below DIR, but for what the kernel holds (mounts, loop devices, cgroups) and /run/containerd; `down`
# finds those by DIR and by the namespace noted in it, and asks no daemon, so that it works after any crash. DIR wants
# a real file system (/var/tmp rather than /tmp). A containerd of the machine is not touched. Another `up` takes down
# the stages whose --owner is gone.
set -euo pipefail
shopt -s nullglob

readonly bundles=/run/containerd/io.containerd.runtime.v2.task
readonly image=localhost/writescope-stage:latest

fail() {
    echo "stage: $1" >&2
    exit "${2:-1}"
}

usage() {
    sed -n 's/^#   \(stage\.sh.*\)/\1/p' "$0" >&2
    exit 2
}

ctr() { command ctr --address "$dir/containerd.sock" --namespace "$(<"$dir/namespace")" "$@"; }

# Everything the stage starts lets go of our descriptors: a caller reading our output must not wait for a daemon.
daemon() { setsid "$@" </dev/null >>"$dir/containerd.log" 2>&1 & }

await() { # SECONDS WHAT COMMAND…
    local deadline=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do
        ((SECONDS < deadline)) || fail "gave up waiting for $what"
        sleep 0.02
    done
}

cgroup_mounts() { awk '$3 == "cgroup" || $3 == "cgroup2" { print $2 }' /proc/self/mounts; }

# ---------------------------------------------------------------- up

up() {
    local owner=
    if [[ ${1:-} == --owner ]]; then
        owner=${2:?--owner needs a process id}
    fi
    local tool
    for tool in containerd ctr runc fio busybox bash mkfs.ext4 losetup; do
        command -v "$tool" >/dev/null || fail "$tool is not installed: make setup installs it" 3
    done
    ((${#dir} < 80)) || fail "$dir is too long for the name of a socket: choose a shorter one" 2
    take_down_orphans
    [[ ! -f $dir/owner ]] || down
    mkdir -p "$dir"/{disks,logs,layout/blobs/sha256}
    echo "$owner ${owner:+$(start_time "$owner")}" >"$dir/owner"
    claim_namespace
    start_containerd
    write_image # meanwhile containerd gets ready
    await 20 "containerd (its log is $dir/containerd.log)" containerd_answers
    tar -C "$dir/layout" -cf - . | ctr image import --snapshotter overlayfs - >>"$dir/containerd.log" 2>&1 ||
        fail "containerd refused the image: $(tail -n 1 "$dir/containerd.log")"
    rm -r "$dir/layout"
}

start_time() { # of a process, in clock ticks since boot; empty when it is gone
    local stat
    { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 0
    read -ra stat <<<"${stat##*) }"
    echo "${stat[19]}"
}

take_down_orphans() {
    local link other owner started
    for link in "$bundles"/*; do
        [[ -L $link ]] || continue
        other=$(readlink "$link")
        other=${other%/state/*}
        [[ -d $other ]] || rm -f "$link"
        [[ $other != "$dir" && -f $other/owner ]] || continue
        read -r owner started <"$other/owner" || continue
        if [[ -n ${started:-} && $(start_time "$owner") != "$started" ]]; then
            echo "stage: taking down $other, left behind by process $owner" >&2
            "$0" down "$other"
        fi
    done
}

# The container tools look for bundles in containerd's usual state directory. Ours is elsewhere, so that a containerd
# of the machine keeps its own; a link shows our namespace there (containerd itself follows no links when it starts).
# Creating the link is also the lock that gives each concurrent stage a namespace, and thereby cgroups, of its own. The
# namespace is never "default": containers that somebody else starts there must not end with ours.
claim_namespace() {
    local namespace mount number
    for number in {1..99}; do
        mkdir -p "$bundles" # each time, since a stage going down removes it when it is empty
        namespace=writescope-stage
        ((number == 1)) || namespace+=-$number
        for mount in $(cgroup_mounts); do
            [[ ! -d $mount/$namespace ]] || continue 2
        done
        if ln -sT "$dir/state/io.containerd.runtime.v2.task/$namespace" "$bundles/$namespace" 2>/dev/null; then
            echo "$namespace" >"$dir/namespace"
            return
        fi
    done
    fail "no free namespace below $bundles"
}

start_containerd() {
    cat >"$dir/containerd.toml" <<-TOML
	version = 2
	root = "$dir/root"
	state = "$dir/state"
	disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.cri.v1.images", "io.containerd.cri.v1.runtime",
	    "io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper",
	    "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.aufs"]
	[grpc]
	  address = "$dir/containerd.sock"
	TOML
    daemon containerd --config "$dir/containerd.toml" --log-level warn
}

containerd_answers() { [[ -S $dir/containerd.sock ]] && ctr version >/dev/null 2>&1; }

# An OCI image layout with two layers, written by hand: no registry, no builder.
write_image() {
    local root=$dir/layout/root busybox files layers
    busybox=$(realpath "$(command -v busybox)")
    mapfile -t files < <(with_libraries "$(command -v bash)" "$(command -v fio)" "$busybox")
    mkdir -p "$root"/{bin,etc,tmp,data,proc,sys,dev}
    "$busybox" --install -s "$root/bin" # links to where it is on the host, and in the second layer
    echo 'root:x:0:0:root:/:/bin/sh' >"$root/etc/passwd"
    layers=("$(layer -C "$root" .)")
    layers+=("$(layer --dereference -C / "${files[@]}")")
    rm -r "$root"

    local config manifest architecture
    case $(uname -m) in x86_64) architecture=amd64 ;; aarch64) architecture=arm64 ;; *) architecture=$(uname -m) ;; esac
    config=$(blob config.v1+json <<-JSON
	{"architecture":"$architecture","os":"linux","config":{"Env":["PATH=/usr/bin:/bin"],"Cmd":["/bin/sh"]},
	 "rootfs":{"type":"layers","diff_ids":[$(digests "${layers[@]}")]}}
	JSON
    )
    manifest=$(blob manifest.v1+json <<-JSON
	{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
	 "config":$config,"layers":[${layers[0]},${layers[1]}]}
	JSON
    )
    echo '{"imageLayoutVersion":"1.0.0"}' >"$dir/layout/oci-layout"
    echo "{\"schemaVersion\":2,\"manifests\":[${manifest%\}},\"annotations\":{\"io.containerd.image.name\":\"$image\"}}]}" \
        >"$dir/layout/index.json"
}

with_libraries() { # the files themselves and what they are linked with, relative to /
    { printf '%s\n' "$@"; ldd "$@" 2>/dev/null | grep -o '[[:space:]]/[^ ]*\.so[^ ]*' || true; } | sed 's|^[[:space:]]*/||' | sort -u
}

layer() { # TAR-ARGUMENT…: one layer as an OCI descriptor
    tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -cf - "$@" 2>/dev/null | blob layer.v1.tar
}

blob() { # MEDIA-TYPE: standard input as a blob of the layout; prints its OCI descriptor
    local blobs=$dir/layout/blobs/sha256 digest size
    cat >"$blobs/new"
    digest=$(sha256sum <"$blobs/new")
    digest=${digest%% *}
    size=$(stat -c %s "$blobs/new")
    mv "$blobs/new" "$blobs/$digest"
    echo "{\"mediaType\":\"application/vnd.oci.image.$1\",\"digest\":\"sha256:$digest\",\"size\":$size}"
}

digests() { # of OCI descriptors, as JSON strings
    grep -o '"sha256:[0-9a-f]*"' <<<"$*" | paste -sd,
}

# ---------------------------------------------------------------- disk, run, exec, stop, slow

disk() {
    [[ $# -ge 2 ]] || usage
    local file=$dir/disks/$1.img mount=$dir/disks/$1 size=$2 device
    valid_name "$1"
    shift 2
    if [[ ${1:-} == --memory ]]; then # as steady as a disk can be: the real one has other users
        shift
        mkdir -p "$dir/memory"
        mountpoint -q "$dir/memory" || mount -t tmpfs -o mode=0700 tmpfs "$dir/memory"
        file=$dir/memory/${mount##*/}.img
    fi
    [[ ! -e $file ]] || fail "there is a disk ${mount##*/} already" 2
    truncate -s "$size" "$file"
    # Initialised at once, so that no kernel thread writes behind a measurement.
    mkfs.ext4 -q -F -E lazy_itable_init=0,lazy_journal_init=0 "$@" "$file" >&2
    mkdir "$mount"
    # Direct, so that a flush below reaches the real disk as it does for a disk; tmpfs cannot, before Linux 6.6.
    device=$(losetup --find --show --direct-io=on "$file" 2>/dev/null || losetup --find --show "$file")
    mount -t ext4 "$device" "$mount"
    losetup --detach "$device" # in use, so: the kernel frees it with the last unmount
    chmod 1777 "$mount"
    echo "$mount $(mountpoint -d "$mount")"
}

run() {
    local name=${1:?NAME is missing} mounts=() root=(--snapshotter overlayfs) from=$image log=$dir/logs/$1.log
    valid_name "$name"
    shift
    while [[ ${1:-} == --?* && $# -ge 2 ]]; do
        case $1 in
            --mount) mounts+=(--mount "type=bind,src=${2%%:*},dst=${2#*:},options=rbind:rw") ;;
            --rootfs) root=(--rootfs --env PATH=/usr/bin:/bin) from=$2 ;;
            --log) log=$2 ;; # what its shim writes
            *) usage ;;
        esac
        shift 2
    done
    [[ ${1:-} == -- && $# -ge 2 ]] || usage
    shift
    ctr run --detach --log-uri "file://$log" "${mounts[@]}" "${root[@]}" "$from" "$name" "$@"
    echo "/$(<"$dir/namespace")/$name"
}

exec_in() {
    [[ $# -ge 3 && $2 == -- ]] || usage
    local name=$1
    shift 2
    ctr task exec --exec-id "stage-$$" --fifo-dir "$dir/fifo" "$name" "$@"
}

stop() {
    local name=${1:?NAME is missing}
    valid_name "$name"
    ctr task rm --force "$name" >/dev/null
    ctr container rm "$name"
}

valid_name() { [[ $1 =~ ^[a-zA-Z0-9]([a-zA-Z0-9_.-]*[a-zA-Z0-9])?$ ]] || fail "'$1' is not a name for a container or disk" 2; }

slow() {
    [[ $# -ge 2 ]] || usage
    local device=$1 iops=$2 name names
    shift 2
    [[ $device =~ ^[0-9]+:[0-9]+$ ]] || fail "'$device' is not MAJOR:MINOR" 2
    [[ $iops == off || $iops =~ ^[1-9][0-9]*$ ]] || fail "'$iops' is neither a number of writes per second nor off" 2
    names=("$@")
    (($#)) || names=("$dir/state/io.containerd.runtime.v2.task/$(<"$dir/namespace")"/*)
    ((${#names[@]})) || fail "there is no container to slow down" 2
    for name in "${names[@]}"; do
        limit "$device" "$iops" "$(<"$dir/namespace")/${name##*/}"
    done
}

limit() { # DEVICE IOPS|off CGROUP
    local mount
    for mount in $(cgroup_mounts); do
        if [[ -w $mount/$3/blkio.throttle.write_iops_device ]]; then
            echo "$1 ${2/off/0}" >"$mount/$3/blkio.throttle.write_iops_device"
            return
        elif [[ -w $mount/$3/io.max ]]; then
            echo "$1 wiops=${2/off/max}" >"$mount/$3/io.max"
            return
        fi
    done
    fail "the cgroup $3 has no io controller: neither blkio.throttle nor io.max"
}

switch_containerd() {
    case ${1:-} in
        stop) await 20 "containerd to end" kill_containerd ;;
        start)
            containerd_answers || daemon containerd --config "$dir/containerd.toml" --log-level warn
            await 20 "containerd (its log is $dir/containerd.log)" containerd_answers
            ;;
        *) usage ;;
    esac
}

# ---------------------------------------------------------------- down

# Daemons first, so that none reacts to what happens next; then containers, mounts, loop devices, cgroups, files.
down() {
    if [[ ! -f $dir/owner ]]; then # not a stage, or one that never came up, or down already
        rmdir "$dir" 2>/dev/null || true
        return 0
    fi
    local namespace=
    [[ ! -f $dir/namespace ]] || namespace=$(<"$dir/namespace")
    await 20 "the daemons to end" kill_daemons
    if [[ -n $namespace ]]; then
        lift_limits "$namespace"
        await 60 "the containers to end" kill_containers "$namespace"
    fi
    await 20 "mounts below $dir" unmount_all
    await 20 "loop devices below $dir" detach_all
    if [[ -n $namespace ]]; then
        await 20 "cgroups of $namespace" remove_cgroups "$namespace"
        forget_bundles "$namespace"
    fi
    rm -rf --one-file-system "$dir"
}

kill_daemons() { # fails while there are any
    kill_those_with "$dir/containerd.toml" && kill_those_with "$dir/containerd.sock"
}

kill_containerd() { kill_those_with "$dir/containerd.toml"; }

kill_those_with() { # FILE as an argument: --config FILE is containerd itself, -address SOCKET a shim
    local cmdline arguments any=0
    for cmdline in /proc/[0-9]*/cmdline; do
        { mapfile -d '' -t arguments <"$cmdline"; } 2>/dev/null || continue
        [[ ${arguments[0]:-} == *containerd* ]] || continue
        if [[ " ${arguments[*]} " == *" $1 "* ]]; then
            cmdline=${cmdline%/cmdline}
            kill -KILL "${cmdline#/proc/}" 2>/dev/null || true
            any=1
        fi
    done
    return $any
}

lift_limits() {
    local mount file device
    for mount in $(cgroup_mounts); do
        for file in "$mount/$1"/*/{blkio.throttle.write_iops_device,io.max}; do
            [[ -w $file ]] || continue
            while read -r device _; do
                if [[ $file == *io.max ]]; then echo "$device wiops=max"; else echo "$device 0"; fi >"$file"
            done < <(cat "$file")
        done
    done
}

kill_containers() { # fails while there are any
    local mount procs pid any=0
    for mount in $(cgroup_mounts); do
        for procs in "$mount/$1"/{cgroup.procs,*/cgroup.procs,*/*/cgroup.procs}; do
            while read -r pid; do
                kill -KILL "$pid" 2>/dev/null || true
                any=1
            done < <(cat "$procs" 2>/dev/null)
        done
    done
    return $any
}

unmount_all() {
    local mount
    for mount in $(awk -v below="$dir/" 'index($5, below) == 1 { print $5 }' /proc/self/mountinfo | tac); do
        umount "$mount" 2>/dev/null || return 1
    done
}

detach_all() {
    local file device
    for file in "$dir"/disks/*.img; do
        for device in $(losetup --noheadings --output NAME --associated "$file"); do
            losetup --detach "$device" 2>/dev/null || true
            return 1
        done
    done
}

remove_cgroups() {
    local mount
    for mount in $(cgroup_mounts); do
        [[ ! -d $mount/$1 ]] || find "$mount/$1" -depth -type d -exec rmdir {} + 2>/dev/null || return 1
    done
}

forget_bundles() {
    local bundle sockets
    for bundle in "$dir/state/io.containerd.runtime.v2.task/$1"/*; do
        # The socket of its shim, which is outside the state directory; containerd 2 has bootstrap.json.
        mapfile -t sockets < <(cat "$bundle"/{address,bootstrap.json} 2>/dev/null | grep -o '/run/containerd/s/[0-9a-f]*')
        rm -f "${sockets[@]}"
    done
    rm -rf "/run/containerd/runc/$1"
    [[ $(readlink "$bundles/$1") != "$dir"/* ]] || rm "$bundles/$1"
    [[ ! -S /run/containerd/containerd.sock ]] || return 0 # the rest belongs to the machine's containerd
    rmdir "$bundles" /run/containerd/{s,runc,fifo} /run/containerd 2>/dev/null || true
}

# ----------------------------------------------------------------

[[ $# -ge 2 ]] || usage
command=$1
dir=$(realpath -m -- "$2")
[[ $dir != *[[:space:],]* ]] || fail "'$dir' has a blank or a comma in it: choose another directory" 2
shift 2
[[ $EUID -eq 0 || ($command == down && ! -e $dir/owner) ]] || fail "starting containers needs root: run this with sudo" 3
case $command in up | down) ;; *) [[ -f $dir/namespace ]] || fail "there is no stage at $dir: stage.sh up $dir" 2 ;; esac
case $command in
    up | disk | run | stop | slow | down) "$command" "$@" ;;
    exec) exec_in "$@" ;;
    containerd) switch_containerd "$@" ;;
    *) usage ;;
esac
