package dev.writescope.probe;

import dev.writescope.bpf.KernelBtf;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Where the kernel keeps the start times of block requests, and what to do where it does not. */
final class QueueStatistics {
    /** Take the times of requests themselves. */
    static final List<String> PROGRAMS = List.of("block_insert_raw", "block_issue_raw");

    private static final Path SYS_BLOCK = Path.of("/sys/block");

    private QueueStatistics() {}

    static boolean areOffSomewhere() {
        return !devicesWithout(SYS_BLOCK).isEmpty();
    }

    /** The devices whose statistics are off, by name. Those without a request queue, as zram, never have any. */
    static List<String> devicesWithout(Path sysBlock) {
        List<String> off = new ArrayList<>();
        try (DirectoryStream<Path> devices = Files.newDirectoryStream(sysBlock)) {
            for (Path device : devices) {
                if (Files.isDirectory(device.resolve("mq")) && isOff(device.resolve("queue/iostats"))) {
                    off.add(String.valueOf(device.getFileName()));
                }
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            // Without sysfs nobody can switch them off either.
        }
        Collections.sort(off);
        return off;
    }

    private static boolean isOff(Path iostats) {
        try {
            return Files.readString(iostats).strip().equals("0");
        } catch (IOException gone) {
            return false;
        }
    }

    /**
     * Which argument of block_rq_insert and block_rq_issue is the request: before a54895fa057c ("block: remove the
     * request_queue to argument request based tracepoints", 5.11, in later 5.10 too) there was the queue first.
     */
    static int requestArgument() {
        try {
            return KernelBtf.read(Path.of("/sys/kernel/btf/vmlinux")).tracepointArguments("block_rq_issue") > 1 ? 1 : 0;
        } catch (IOException unreadable) {
            return 0;
        }
    }
}
