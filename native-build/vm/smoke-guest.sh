# Run in the guest by smoke.sh.
set -eu
echo "kernel $(uname -r), booted in $(cut -d' ' -f1 /proc/uptime) s"
echo "clock source $(cat /sys/devices/system/clocksource/clocksource0/current_clocksource)"
echo "cgroup v2 controllers handed down: $(cat /sys/fs/cgroup/cgroup.subtree_control)"
ls -l /sys/kernel/btf/vmlinux | awk '{ print "BTF of the kernel: " $5 " bytes" }'
before=$(cut -d' ' -f1 /proc/uptime)
java=$(java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -version 2>&1 | tail -1)
echo "$java: $(awk -v before="$before" '{ print $1 - before }' /proc/uptime) s"

for type in ext4 xfs btrfs; do
    truncate -s 320M "/root/$type.img"
    "mkfs.$type" -q "/root/$type.img" >/dev/null 2>&1
    mkdir -p "/mnt/$type"
    losetup -f "/root/$type.img"
    device=$(losetup -a | sed -n "s,^\(/dev/loop[0-9]*\):.*$type.img.*,\1,p")
    mount -t "$type" "$device" "/mnt/$type"
    grep "^$device " /proc/mounts
done

# A disk that takes 97 ms for each write and each flush: no fsync can be faster.
truncate -s 64M /root/slow.img
losetup -f /root/slow.img
device=$(losetup -a | sed -n 's,^\(/dev/loop[0-9]*\):.*slow.img.*,\1,p')
modprobe dm-delay
dmsetup create slow --table "0 131072 delay $device 0 0 $device 0 97"
dmsetup mknodes
mkfs.ext4 -q /dev/mapper/slow
mkdir -p /mnt/slow
mount /dev/mapper/slow /mnt/slow
fio --name=sync --directory=/mnt/slow --rw=write --bs=4k --size=28k --fsync=1 --output-format=json |
    awk '/"sync" :/ { sync = 1 }
        sync && /"min"/ { ms = $3 / 1e6; exit }
        END { print "fsync on a disk with a delay of 97 ms: at least " ms " ms"; exit ms < 97 }'

trial /mnt/ext4
umount /mnt/slow /mnt/ext4 /mnt/xfs /mnt/btrfs
