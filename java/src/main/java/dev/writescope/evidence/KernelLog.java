package dev.writescope.evidence;

import dev.writescope.bpf.KernelRecords;
import dev.writescope.container.HostPaths;
import dev.writescope.evidence.Evidence.KernelMessage;
import dev.writescope.evidence.Evidence.KernelMessage.Topic;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the kernel logs about disks and file systems from one moment on. For one thread. */
final class KernelLog implements AutoCloseable {
    private static final int MAX_MESSAGES = 256;
    private static final int MAX_RECORDS_AT_ONCE = 20_000;
    private static final int MAX_CHARS = 1024;
    private static final Map<Pattern, Topic> TOPICS = topics();
    /** Of the kernel itself: what programs write to /dev/kmsg has another facility, so a priority of 8 or more. */
    private static final Pattern RECORD = Pattern.compile("[0-7],\\d+,(\\d{1,18}),[^;]*;(.*)");

    private static final Pattern DEVICE = Pattern.compile("^ DEVICE=b(\\d{1,10}:\\d{1,10})$", Pattern.MULTILINE);
    /** A word where kernels have names of devices; whether it is one, the host tells. */
    private static final Pattern NAMED = Pattern.compile(
            "(?<=\\b(?:dev|device|device:|on|XFS|fs) )\\(?([a-z][\\w!/-]{1,31})|^(?:\\w+ )?([a-z][\\w-]{1,31}): ");

    private final Missing missing;
    private final @Nullable KernelRecords records;
    private final UnaryOperator<String> deviceOf;
    private final List<KernelMessage> messages = new ArrayList<>();

    /** @param deviceOf "major:minor" of a device's name; empty if there is none */
    KernelLog(HostPaths host, UnaryOperator<String> deviceOf, Missing missing) {
        this.missing = missing;
        this.deviceOf = deviceOf;
        KernelRecords opened = null;
        try {
            opened = KernelRecords.open(host.resolve("/dev/kmsg"));
        } catch (IOException refused) {
            missing.add("kernel log", refused, "CAP_SYSLOG");
        }
        records = opened;
    }

    /**
     * In this order: the first that fits. Only what says that something failed: a file system also logs its options at
     * each mount ("errors=remount-ro"), and warns of what is harmless ("maximal mount count reached").
     */
    private static Map<Pattern, Topic> topics() {
        Map<Pattern, Topic> topics = new LinkedHashMap<>();
        topics.put(pattern("blocked (?:for more than|in I/O wait)|hung_task"), Topic.HUNG_TASK);
        topics.put(pattern("Out of memory|oom-kill|oom_reaper|invoked oom-killer"), Topic.OUT_OF_MEMORY);
        topics.put(
                pattern(
                        "EXT[234]-fs error|EXT[234]-fs .*(?:I/O error|Remounting filesystem read-only|data will be lost)"
                                + "|JBD2: .*(?:I/?O error|Error -?\\d+ detected|aborted)|Aborting journal"
                                + "|XFS \\(.*(?:I/O error|corruption|CRC error|writeback error|internal error|shut(?:ting)? down)"
                                + "|BTRFS:? (?:error|critical)|BTRFS .*forced readonly|F2FS-fs .*(?:I/?O error|inconsisten)"),
                Topic.FILE_SYSTEM_ERROR);
        topics.put(
                pattern("^(?:nvme|ata\\d|sd |scsi|mmc|mpt|megaraid|hv_storvsc|virtio_blk|vd[a-z]+:|block |xen|nbd|nfs: "
                        + "| ?(?:connection|session)\\d).*(?:timeout(?! set)|timed out|timing out|aborting command"
                        + "|resetting (?:link|controller))"),
                Topic.TIMEOUT);
        topics.put(
                pattern("I/O error|critical (?:medium|target|nexus|space allocation) error(?!.*\\((?:DISCARD"
                        + "|WRITE_ZEROES)\\))|lost (?:async|sync) page write|Medium Error|DID_(?!OK\\b)\\w+"
                        + "|device offline|rejecting I/O"),
                Topic.IO_ERROR);
        return topics;
    }

    private static Pattern pattern(String regex) {
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
    }

    /** Takes what was logged since the last time, before the kernel overwrites it. */
    void sample() {
        if (records == null) {
            return;
        }
        try {
            int left = MAX_RECORDS_AT_ONCE;
            for (String record = records.next(); record != null && left-- > 0; record = records.next()) {
                KernelMessage message = parse(record);
                if (message != null && messages.size() < MAX_MESSAGES) {
                    messages.add(message);
                } else if (message != null) {
                    missing.add("kernel log", "more than " + MAX_MESSAGES + " lines: the rest is left out");
                }
            }
        } catch (IOException failed) {
            missing.add("kernel log", failed, "CAP_SYSLOG");
        }
    }

    List<KernelMessage> finish() {
        sample();
        if (records != null && records.overwritten()) {
            missing.add("kernel log", "some lines were overwritten before they were read");
        }
        return List.copyOf(messages);
    }

    private @Nullable KernelMessage parse(String record) {
        return parse(record, Instant.now(), System.nanoTime(), deviceOf);
    }

    /**
     * A record, or null if it is about none of the topics.
     *
     * @param now and nanoTime are the same moment: records carry microseconds of the clock of the latter, nearly
     */
    static @Nullable KernelMessage parse(String record, Instant now, long nanoTime, UnaryOperator<String> deviceOf) {
        Matcher head = RECORD.matcher(record);
        if (!head.lookingAt()) {
            return null;
        }
        String text = head.group(2);
        for (Map.Entry<Pattern, Topic> topic : TOPICS.entrySet()) {
            if (topic.getKey().matcher(text).find()) {
                long age = Math.max(0, nanoTime / 1000 - Long.parseLong(head.group(1)));
                Instant time = now.minusNanos(Math.min(age, 4_000_000_000_000L) * 1000);
                return new KernelMessage(time, topic.getValue(), device(record, text, deviceOf), cut(text));
            }
        }
        return null;
    }

    /** As the driver says, else by a name in the text that is a device of this host; else empty. */
    private static String device(String record, String text, UnaryOperator<String> deviceOf) {
        Matcher said = DEVICE.matcher(record);
        if (said.find()) {
            return said.group(1);
        }
        Matcher named = NAMED.matcher(text);
        while (named.find()) {
            String name = named.group(1) == null ? named.group(2) : named.group(1);
            String device = deviceOf.apply(name);
            if (!device.isEmpty()) {
                return device;
            }
        }
        return "";
    }

    private static String cut(String text) {
        return text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS);
    }

    @Override
    public void close() {
        if (records != null) {
            records.close();
        }
    }
}
