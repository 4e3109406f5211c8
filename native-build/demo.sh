#!/usr/bin/env bash
# Three containers share one disk, and the disk gets slow: what writescope shows, and how it explains that. Run by make demo;
# a good minute.
# WRITESCOPE is the command to show, for one that is installed; the one just built otherwise.
set -euo pipefail
cd "$(dirname "$0")/.."
writescope=${WRITESCOPE:-dist/writescope}
stage=native-build/stage.sh

[[ $EUID -eq 0 ]] || { echo "demo: containers and tracing need root: sudo make demo" >&2 && exit 3; }

format=table
[[ ! -t 1 ]] || format=live

say() {
    if [[ -t 1 ]]; then printf '\n\033[1m%s\033[0m\n' "$*"; else printf '\n%s\n' "$*"; fi
}

dir=$(mktemp -d /var/tmp/writescope-demo.XXXXXX)
slowing=
clean_up() {
    trap - EXIT INT TERM HUP
    [[ -z $slowing ]] || kill "$slowing" 2>/dev/null || true
    say "Removing the containers and the disk."
    $stage down "$dir"
    rm -rf "$dir"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

fio_forever() { # CONTAINER [--mount …]… -- FIO-OPTION…
    local name=$1 mounts=()
    shift
    while [[ $1 != -- ]]; do
        mounts+=("$1")
        shift
    done
    shift
    $stage run "$dir" "$name" "${mounts[@]}" -- \
        fio --name="$name" --ioengine=psync --rw=write --time_based --runtime=600 "$@" >/dev/null
}

trace() {
    $writescope trace -c db -c web -c batch --format "$format" "$@"
}

say "Starting containerd, a disk (an ext4 on a loop device) and three containers:"
cat <<'ABOUT'
  db     appends 4 KiB to a log on the disk and calls fsync, again and again
  batch  writes 128 KiB blocks to the same disk with O_DIRECT
  web    writes an access log into its own image: buffered, into the overlay
ABOUT
$stage up "$dir" --owner $$
read -r disk device < <($stage disk "$dir" data 512M)
fio_forever db --mount "$disk:/data" -- --filename=/data/wal --bs=4k --size=16m --fsync=1 --thinktime=2ms
fio_forever batch --mount "$disk:/data" -- --filename=/data/export --bs=128k --size=128m --direct=1 --rate=8m
fio_forever web -- --filename=/access.log --bs=16k --size=64m --rate=4m

say "1. A healthy disk: look at the P99 of db's fsync. (20 s)"
trace -d 20s

say "2. The same again, but after 5 s the disk does no more than 40 writes a second for each container. (25 s)"
(sleep 5 && exec $stage slow "$dir" "$device" 40) &
slowing=$!
trace -d 25s
slowing=

say "db's fsyncs now wait for the disk, and so do batch's direct writes; web's buffered writes do not notice:"
echo "they end in memory, and the kernel writes them out later."

say "3. And why? One note for a ticket, of ten seconds. (15 s)"
$writescope explain -c db -d 10s

say "Next: $writescope doctor, $writescope --help"
