package dev.writescope.view;

import dev.writescope.latency.Judge;
import dev.writescope.latency.Regression;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The flags of a run for its end, the newest {@value #MOST} of them. Not thread-safe. */
final class RegressionLog {
    static final int MOST = 50;

    private final Deque<Regression> newest = new ArrayDeque<>();
    private long count;

    void add(List<Regression> regressions) {
        for (Regression regression : regressions) {
            count++;
            newest.addLast(regression);
            if (newest.size() > MOST) {
                newest.removeFirst();
            }
        }
    }

    /** Nothing where nobody judged: silence would read as good news. */
    List<String> lines(Judge.State state) {
        List<String> lines = new ArrayList<>();
        if (count > 0) {
            lines.add("regressions  " + count + (count > newest.size() ? ", the last " + newest.size() : "") + ":");
            newest.forEach(regression -> lines.add("  " + RegressionText.line(regression)));
        }
        switch (state) {
            case OFF -> {}
            case LEARNING -> lines.add("regressions  not judged: too short a run to learn what is normal");
            case WATCHING -> {
                if (count == 0) {
                    lines.add("regressions  none");
                }
            }
            case FAILED -> lines.add("! regressions  not judged to the end: the detector failed");
        }
        return lines;
    }
}
