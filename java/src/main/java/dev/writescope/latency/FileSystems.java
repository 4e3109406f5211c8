package dev.writescope.latency;

import java.util.Map;
import java.util.Set;

/** File systems by the magic number in their super block (include/uapi/linux/magic.h and the file systems' own). */
final class FileSystems {
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(0xEF53, "ext4"),
            Map.entry(0x58465342, "xfs"),
            Map.entry(0x9123683E, "btrfs"),
            Map.entry(0x794c7630, "overlay"),
            Map.entry(0x01021994, "tmpfs"),
            Map.entry(0x858458f6, "ramfs"),
            Map.entry(0xF2F52010, "f2fs"),
            Map.entry(0x2fc12fc1, "zfs"),
            Map.entry(0xCA451A4E, "bcachefs"),
            Map.entry(0x65735546, "fuse"),
            Map.entry(0x6969, "nfs"),
            Map.entry(0x00c36400, "ceph"),
            Map.entry(0xFF534D42, "cifs"),
            Map.entry(0xFE534D42, "smb2"),
            Map.entry(0x01021997, "9p"),
            Map.entry(0x4d44, "vfat"),
            Map.entry(0x2011BAB0, "exfat"),
            Map.entry(0x958458f6, "hugetlbfs"));

    /** Their files are regular, but a write to them is a command to the kernel. */
    private static final Set<Integer> PSEUDO = Set.of(
            0x9fa0, // proc
            0x62656572, // sysfs
            0x27e0eb, // cgroup v1
            0x63677270, // cgroup v2
            0x64626720, // debugfs
            0x74726163, // tracefs
            0x73636673, // securityfs
            0x62656570, // configfs
            0xcafe4a11, // bpf
            0x42494e4d, // binfmt_misc
            0xf97cff8c, // selinux
            0xde5e81e4, // efivarfs
            0x65735543, // fusectl
            0x6e736673, // nsfs
            0x19800202); // mqueue

    private FileSystems() {}

    /** "" if not known. */
    static String name(int magic) {
        return NAMES.getOrDefault(magic, "");
    }

    static boolean isPseudo(int magic) {
        return PSEUDO.contains(magic);
    }
}
