package dev.writescope.evidence;

import dev.writescope.container.Directories;
import dev.writescope.container.HostPaths;
import dev.writescope.evidence.Evidence.Journal;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The commits of all jbd2 journals since one moment, from /proc/fs/jbd2/DEVICE-INODE/info (Linux 2.6.28). Its times of
 * the phases are rounded to milliseconds and are averages since the mount, so they are not taken; nor is more believed
 * of the commit time, a moving average, than its trend.
 */
final class Journals {
    private static final int MAX_JOURNALS = 4096;
    private static final Pattern TRANSACTIONS =
            Pattern.compile("^\\s*(\\d{1,18}) transactions? \\((\\d{1,18}) requested\\)", Pattern.MULTILINE);
    private static final Pattern COMMIT_TIME =
            Pattern.compile("^\\s*(\\d{1,18})us average transaction commit time", Pattern.MULTILINE);
    private static final Pattern FAST_COMMITS = Pattern.compile("^\\s*(\\d{1,18}) commits", Pattern.MULTILINE);

    private final HostPaths host;
    private final Map<String, Counters> before;

    /** Since the mount. */
    record Counters(long commits, long requested, long commitMicros, long fastCommits) {}

    Journals(HostPaths host) {
        this.host = host;
        before = read();
    }

    /** By the kernel's name of the file system's device: since the first moment. */
    Map<String, Journal> finish() {
        Map<String, Journal> journals = new HashMap<>();
        read().forEach((name, now) -> {
            Counters then = before.get(name);
            boolean mountedSince = then == null || then.commits > now.commits;
            Counters base = mountedSince || then == null ? new Counters(0, 0, 0, 0) : then;
            journals.put(
                    name,
                    new Journal(
                            now.commits - base.commits,
                            Math.max(0, now.requested - base.requested),
                            now.commitMicros / 1e3,
                            Math.max(0, now.fastCommits - base.fastCommits)));
        });
        return journals;
    }

    private Map<String, Counters> read() {
        Map<String, Counters> journals = new HashMap<>();
        for (Path journal : Directories.list(host.proc().resolve("fs/jbd2"), "*-*")) {
            String name = Directories.name(journal);
            String device = name.substring(0, name.lastIndexOf('-'));
            String fast = KernelText.readOrEmpty(
                    host.proc().resolve("fs/ext4").resolve(device).resolve("fc_info"));
            Counters counters = parse(KernelText.readOrEmpty(journal.resolve("info")), fast);
            if (counters != null && journals.size() < MAX_JOURNALS) {
                journals.put(device, counters);
            }
        }
        return journals;
    }

    static @Nullable Counters parse(String info, String fastCommitInfo) {
        Matcher transactions = TRANSACTIONS.matcher(info);
        if (!transactions.find()) {
            return null;
        }
        Matcher commitTime = COMMIT_TIME.matcher(info);
        Matcher fast = FAST_COMMITS.matcher(fastCommitInfo);
        return new Counters(
                Long.parseLong(transactions.group(1)),
                Long.parseLong(transactions.group(2)),
                commitTime.find() ? Long.parseLong(commitTime.group(1)) : 0,
                fast.find() ? Long.parseLong(fast.group(1)) : 0);
    }
}
