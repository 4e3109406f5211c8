package dev.writescope.latency;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a run going whose judge fails: from then on nothing is judged, and {@link #state} says so. The judge is made when
 * the first interval comes, so that it costs a run's start nothing. Belongs to the sinks' thread.
 */
public final class FailsafeJudge implements Judge {
    private final Supplier<? extends Judge> maker;
    private @Nullable Judge judge;
    private @Nullable Throwable failure;

    /** One that is made by {@code maker} when it is needed. */
    public FailsafeJudge(Supplier<? extends Judge> maker) {
        this.maker = maker;
    }

    /** One that exists already; a failsafe judge is one as it is. */
    public static FailsafeJudge of(Judge judge) {
        if (judge instanceof FailsafeJudge safe) {
            return safe;
        }
        FailsafeJudge safe = new FailsafeJudge(() -> judge);
        safe.judge = judge;
        return safe;
    }

    @Override
    public List<Regression> judge(Interval interval) {
        if (failure != null) {
            return List.of();
        }
        try {
            if (judge == null) {
                judge = maker.get();
            }
            return List.copyOf(judge.judge(interval));
        } catch (RuntimeException | Error defect) {
            failure = defect;
            judge = NONE;
            return List.of();
        }
    }

    @Override
    public State state() {
        if (failure != null) {
            return State.FAILED;
        }
        return judge == null ? State.LEARNING : judge.state();
    }

    /** What it failed with, if it did. */
    public List<TraceRun.SinkFailure> failures() {
        if (failure == null) {
            return List.of();
        }
        String what = "the regression detector failed, nothing was judged from then on: " + failure;
        return List.of(new TraceRun.SinkFailure(null, new IOException(what, failure)));
    }
}
