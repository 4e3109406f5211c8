#!/bin/busybox sh
# The guest's first process, run twice: from the initramfs, where it makes the payload the root file system, and
# again from there as "init.sh root", where it sets the system up, runs the command and powers off.
# ttyS0 is the kernel's console, ttyS1 the command's output, ttyS2 its exit code.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb

enter_payload() {
    /bin/busybox --install -s /bin
    mkdir -p /proc /sys /dev /root
    mount -t proc proc /proc
    mount -t sysfs sysfs /sys
    mount -t devtmpfs devtmpfs /dev
    modprobe -a virtio_pci virtio_blk 2>/dev/null
    mount -t ext4 -o noatime /dev/vda /root || halt
    cd /root || halt
    mkdir -p bin sbin lib/modules proc sys dev tmp run root mnt etc
    [ -x bin/busybox ] || cp /bin/busybox bin/
    cp -a /lib/modules/. lib/modules/
    cp /init /command run/
    mount --move /proc proc
    mount --move /sys sys
    mount --move /dev dev
    exec switch_root /root /bin/busybox sh /run/init root
}

set_up() {
    # The payload's own tools come first, busybox fills the gaps. Its shell would not look for them: hence /bin/sh below.
    for applet in $(busybox --list); do
        for directory in /usr/sbin /usr/bin /sbin /bin; do
            [ ! -e "$directory/$applet" ] || continue 2
        done
        ln -s /bin/busybox "/bin/$applet"
    done
    [ -e /sbin/modprobe ] || ln -s /bin/busybox /sbin/modprobe # the path the kernel uses
    mkdir -p /dev/shm /dev/pts /sys/fs/cgroup
    mount -t devpts devpts /dev/pts
    mount -t tmpfs tmpfs /tmp
    mount -t tmpfs tmpfs /dev/shm
    mount -t tracefs tracefs /sys/kernel/tracing
    mount -t debugfs debugfs /sys/kernel/debug
    mount -t bpf bpf /sys/fs/bpf
    mount -t cgroup2 cgroup2 /sys/fs/cgroup
    echo "+cpu +io +memory" >/sys/fs/cgroup/cgroup.subtree_control
    ln -sfn /proc/self/mounts /etc/mtab
    ln -sfn /proc/self/fd /dev/fd
    # File systems and device-mapper targets load on first use; these have device nodes to open first.
    for module in crc32c_generic crc32c-intel loop fuse dm-mod; do
        modprobe "$module" 2>/dev/null
    done
    ip link set lo up
    ulimit -n 65536
}

halt() {
    sync
    poweroff -f
}

if [ "${1:-}" != root ]; then
    enter_payload
fi
set_up 2>/dev/console
stty -F /dev/ttyS1 raw
stty -F /dev/ttyS2 raw
cd /root || halt
setsid /bin/sh /run/command </dev/null >/dev/ttyS1 2>&1
echo $? >/dev/ttyS2
halt
