package dev.writescope.compare;

import java.util.AbstractList;
import java.util.RandomAccess;
import java.util.function.IntFunction;
import org.HdrHistogram.AbstractHistogram;

/** The slots of one subject, whose histograms are made when they are asked for. */
final class SlotList extends AbstractList<Slot> implements RandomAccess {
    private final Timeline timeline;
    private final IntFunction<AbstractHistogram> latencies;

    SlotList(Timeline timeline, IntFunction<AbstractHistogram> latencies) {
        this.timeline = timeline;
        this.latencies = latencies;
    }

    @Override
    public Slot get(int slot) {
        Timeline.Stretch stretch = timeline.stretches().get(slot);
        return new Slot(stretch.start(), stretch.duration(), latencies.apply(slot));
    }

    @Override
    public int size() {
        return timeline.size();
    }
}
