package dev.writescope.view;

import dev.writescope.compare.Slot;
import dev.writescope.compare.SubjectComparison;
import dev.writescope.compare.SubjectSamples;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Time and latency in cells, the same for both recordings: columns of equal duration from each recording's start, rows
 * of equal ratio.
 *
 * @param fromNs the lower end of the first row
 * @param rows how many rows; each ends 10^(1/{@value #ROWS_PER_DECADE}) times as high as it begins
 * @param seconds how long a column is
 */
record Heatmap(double fromNs, int rows, int columns, double seconds) {
    static final int ROWS_PER_DECADE = 10;
    private static final int MOST_COLUMNS = 100;

    /** Cells for everything a subject has in both recordings. */
    static Heatmap of(SubjectComparison compared) {
        long min =
                extremes(compared, AbstractHistogram::getMinNonZeroValue).min().orElse(1);
        long max = extremes(compared, AbstractHistogram::getMaxValue).max().orElse(1);
        double from =
                Math.pow(10, Math.floor(Math.log10((double) Math.max(1, min)) * ROWS_PER_DECADE) / ROWS_PER_DECADE);
        int rows = row(from, (double) Math.max(min, max)) + 1;
        Duration longest = longer(length(compared.before()), length(compared.after()));
        Duration slot = longer(slot(compared.before()), slot(compared.after()));
        double seconds = Math.max((double) slot.toNanos(), (double) longest.toNanos() / MOST_COLUMNS) / 1e9;
        int columns = Math.max(1, (int) Math.ceil(longest.toNanos() / 1e9 / seconds - 1e-6));
        return new Heatmap(from, rows, columns, seconds);
    }

    private interface Extreme {
        long of(AbstractHistogram histogram);
    }

    private static LongStream extremes(SubjectComparison compared, Extreme extreme) {
        return Stream.of(compared.before().latencies(), compared.after().latencies())
                .filter(histogram -> histogram.getTotalCount() > 0)
                .mapToLong(extreme::of);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration length(SubjectSamples samples) {
        List<Slot> slots = samples.slots();
        return slots.isEmpty()
                ? Duration.ZERO
                : Duration.between(
                        slots.getFirst().start(),
                        slots.getLast().start().plus(slots.getLast().duration()));
    }

    /** That of the middle one: the last of a recording may be of any length. */
    private static Duration slot(SubjectSamples samples) {
        List<Slot> slots = samples.slots();
        return slots.isEmpty()
                ? Duration.ofMillis(1)
                : slots.get((slots.size() - 1) / 2).duration();
    }

    private static int row(double from, double value) {
        // The small amount keeps a value that is an edge out of the row below it.
        return (int) Math.max(0, Math.floor(Math.log10(value / from) * ROWS_PER_DECADE + 1e-9));
    }

    /** Operations in each cell, by column and row. */
    long[][] count(SubjectSamples samples) {
        long[][] counts = new long[columns][rows];
        if (samples.slots().isEmpty()) {
            return counts;
        }
        Instant start = samples.slots().getFirst().start();
        for (Slot slot : samples.slots()) {
            double middle = Duration.between(start, slot.start())
                            .plus(slot.duration().dividedBy(2))
                            .toNanos()
                    / 1e9;
            int column = Math.clamp((long) (middle / seconds), 0, columns - 1);
            for (HistogramIterationValue value : slot.latencies().recordedValues()) {
                int row = Math.min(rows - 1, row(fromNs, (double) Math.max(1, value.getValueIteratedTo())));
                counts[column][row] += value.getCountAddedInThisIterationStep();
            }
        }
        return counts;
    }
}
