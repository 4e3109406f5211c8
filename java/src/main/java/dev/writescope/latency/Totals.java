package dev.writescope.latency;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * Every series over the whole run. Memory is bounded: of series that were forgotten the newest {@value #MOST_FORGOTTEN}
 * are kept by name, older ones together as "gone". Belongs to the sinks' thread.
 */
final class Totals {
    static final int MOST_FORGOTTEN = 10_000;

    private final Set<RecordedSeries> live = new LinkedHashSet<>();
    private final Set<RecordedSeries> forgotten = new LinkedHashSet<>();
    private final List<RecordedSeries> gone = new ArrayList<>();

    void add(RecordedSeries series, SeriesInterval interval) {
        series.addToTotal(interval);
        live.add(series);
    }

    void forget(RecordedSeries series) {
        live.remove(series);
        if (series.totals() != null) {
            forgotten.add(series);
        }
        while (forgotten.size() > MOST_FORGOTTEN) {
            RecordedSeries oldest = forgotten.iterator().next();
            forgotten.remove(oldest);
            SeriesInterval totals = oldest.totals();
            if (totals != null) {
                fold(oldest, totals);
            }
        }
    }

    private void fold(RecordedSeries oldest, SeriesInterval totals) {
        RecordedSeries into = null;
        for (RecordedSeries each : gone) {
            if (each.kind == oldest.kind && each.stage == oldest.stage) {
                into = each;
            }
        }
        if (into == null) {
            into = oldest.anonymous();
            gone.add(into);
        }
        into.addToTotal(totals);
    }

    /** @param nameNow the newest name of a series: some come later than the last of its data */
    List<SeriesInterval> all(Function<RecordedSeries, SeriesKey> nameNow) {
        List<SeriesInterval> all = new ArrayList<>();
        live.forEach(series -> addTotals(series, nameNow, all));
        forgotten.forEach(series -> addTotals(series, known -> Objects.requireNonNull(known.key), all));
        gone.forEach(series -> addTotals(series, known -> SeriesKey.gone(known.kind, known.stage), all));
        return all;
    }

    private static void addTotals(
            RecordedSeries series, Function<RecordedSeries, SeriesKey> name, List<SeriesInterval> all) {
        SeriesInterval totals = series.totals();
        if (totals != null) {
            all.add(totals.named(name.apply(series)));
        }
    }
}
