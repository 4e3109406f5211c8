package dev.writescope.latency;

import dev.writescope.container.Container;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every series over the whole run. Memory is bounded: of series that were forgotten the newest {@value #MOST_FORGOTTEN}
 * are kept by name, older ones together as "gone". Belongs to the sinks' thread.
 */
final class Totals {
    static final int MOST_FORGOTTEN = 10_000;

    private static final Container GONE = new Container(Container.Type.UNKNOWN, "gone", "", "", "", "", "", "", "");

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
        SeriesKey key = new SeriesKey(GONE, 0, oldest.kind, oldest.stage, new Place("", "", "", null));
        into.addToTotal(new SeriesInterval(
                key,
                totals.count(),
                totals.errors(),
                totals.bytes(),
                totals.minNs(),
                totals.maxNs(),
                totals.sumNs(),
                totals.histogram()));
    }

    List<SeriesInterval> all() {
        List<SeriesInterval> all = new ArrayList<>();
        for (Set<RecordedSeries> some : List.of(live, forgotten)) {
            for (RecordedSeries series : some) {
                addTotals(series, all);
            }
        }
        gone.forEach(series -> addTotals(series, all));
        return all;
    }

    private static void addTotals(RecordedSeries series, List<SeriesInterval> all) {
        @Nullable SeriesInterval totals = series.totals();
        if (totals != null) {
            all.add(totals);
        }
    }
}
