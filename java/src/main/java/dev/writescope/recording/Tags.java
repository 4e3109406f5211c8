package dev.writescope.recording;

import dev.writescope.latency.SeriesKey;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import org.jspecify.annotations.Nullable;

/**
 * The tags of series: readable and never given twice in a file, such as {@code db.fsync.fdatasync.7} or {@code
 * db.block.write.queue.11}.
 */
final class Tags {
    private static final int MAX_NAME_CHARS = 40;

    private final Remembered<SeriesKey, String> tags = new Remembered<>();
    private long given;

    /** The tag the series has, null when it needs a new one. */
    @Nullable
    String of(SeriesKey key) {
        return tags.get(key);
    }

    String define(SeriesKey key) {
        given++;
        boolean whole = key.operation() != Operation.BLOCK && key.stage() == Stage.TOTAL;
        String stage = whole ? "" : "." + key.stage().label();
        String tag = safe(key.container().name()) + "." + key.operation().label() + "."
                + key.kind().label() + stage + "." + given;
        tags.put(key, tag);
        return tag;
    }

    /** HdrHistogram allows no comma, space or line break; shells and file names like even less. */
    private static String safe(String name) {
        String head = name.length() > MAX_NAME_CHARS ? name.substring(0, MAX_NAME_CHARS) : name;
        return head.replaceAll("[^A-Za-z0-9_-]", "_");
    }
}
