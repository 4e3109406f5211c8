package dev.writescope.view;

import dev.writescope.container.Container;
import dev.writescope.latency.Place;
import dev.writescope.latency.Regression;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The latencies that are worse now: flagged, and neither recovered nor accepted since. Bounded; not thread-safe. */
final class LiveAlarms {
    private static final int MOST = 1000;
    private static final Place MERGED = new Place("", "", "", null);

    private record Subject(
            Container container,
            Operation operation,
            @Nullable Kind kind,
            @Nullable String mount) {
        /** The row of the summary that it is a part of. */
        RowKey summary() {
            return new RowKey(container, operation, Stage.TOTAL, null, MERGED);
        }

        boolean covers(RowKey row) {
            return row.container().equals(container)
                    && row.operation() == operation
                    && row.stage() == Stage.TOTAL
                    && (kind == null || row.kind() == null || kind == row.kind())
                    && (mount == null
                            || row.place().equals(MERGED)
                            || mount.equals(row.place().mount()));
        }
    }

    private final Set<Subject> subjects;

    LiveAlarms() {
        this(new LinkedHashSet<>());
    }

    private LiveAlarms(Set<Subject> subjects) {
        this.subjects = subjects;
    }

    LiveAlarms copy() {
        return new LiveAlarms(new LinkedHashSet<>(subjects));
    }

    void add(List<Regression> flags) {
        for (Regression flag : flags) {
            Subject subject = new Subject(flag.container(), flag.operation(), flag.kind(), flag.mount());
            if (flag.state() == Regression.State.ALARM) {
                subjects.add(subject);
            } else {
                subjects.remove(subject);
            }
        }
        Iterator<Subject> eldest = subjects.iterator();
        while (subjects.size() > MOST) {
            eldest.next();
            eldest.remove();
        }
    }

    /** Of what nobody does any more, it is not known whether it is still slow. */
    void forgetWithout(LiveRows summary) {
        subjects.removeIf(subject -> !summary.contains(subject.summary()));
    }

    int count() {
        return subjects.size();
    }

    /** Whether the row, of the summary or of a container's details, shows something that is worse. */
    boolean on(RowKey row) {
        return subjects.stream().anyMatch(subject -> subject.covers(row));
    }
}
