package dev.writescope.compare;

import dev.writescope.latency.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The slots of a recording: an interval each or, where there are too many, as many intervals as the other slots have.
 * A pause in the recording ends a segment; a slot is within one segment.
 */
final class Timeline {
    /** Longer than this many intervals without an interval is a pause. */
    private static final double PAUSE = 0.5;

    /** More pauses than anybody makes on purpose are passed over. */
    private static final int MOST_SEGMENTS = 256;

    private final List<Stretch> stretches = new ArrayList<>();
    private int intervalsPerSlot = 1;

    /**
     * A slot in the making.
     *
     * @param intervals in it
     * @param segment counted from 0
     */
    record Stretch(Instant start, Duration duration, int intervals, int segment) {
        Instant end() {
            return start.plus(duration);
        }

        Stretch plus(Duration more, int moreIntervals) {
            return new Stretch(start, duration.plus(more), intervals + moreIntervals, segment);
        }
    }

    List<Stretch> stretches() {
        return stretches;
    }

    int size() {
        return stretches.size();
    }

    int segments() {
        return stretches.isEmpty() ? 0 : stretches.getLast().segment + 1;
    }

    /** Extends the last slot or opens another one; the number of the slot that the interval belongs to. */
    int add(Interval interval, Duration nominal) {
        Stretch last = stretches.isEmpty() ? null : stretches.getLast();
        boolean pause = last != null
                && segments() < MOST_SEGMENTS
                && isPause(Duration.between(last.end(), interval.start()), nominal);
        if (last != null && !pause && last.intervals < intervalsPerSlot) {
            stretches.set(size() - 1, last.plus(interval.duration(), 1));
        } else {
            int segment = last == null ? 0 : pause ? last.segment + 1 : last.segment;
            stretches.add(new Stretch(interval.start(), interval.duration(), 1, segment));
        }
        return size() - 1;
    }

    private static boolean isPause(Duration between, Duration nominal) {
        return between.toNanos() > PAUSE * nominal.toNanos();
    }

    /** Merges slots in pairs; which slot each of them has become. */
    int[] coarsen() {
        intervalsPerSlot *= 2;
        List<Stretch> before = List.copyOf(stretches);
        int[] becomes = new int[before.size()];
        stretches.clear();
        for (int i = 0; i < becomes.length; i++) {
            Stretch next = before.get(i);
            Stretch last = stretches.isEmpty() ? null : stretches.getLast();
            if (last != null && last.segment == next.segment && last.intervals + next.intervals <= intervalsPerSlot) {
                stretches.set(size() - 1, last.plus(next.duration, next.intervals));
            } else {
                stretches.add(next);
            }
            becomes[i] = size() - 1;
        }
        return becomes;
    }
}
