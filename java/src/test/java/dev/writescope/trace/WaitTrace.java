package dev.writescope.trace;

import dev.writescope.probe.ActivityRecord;
import dev.writescope.probe.Backend;
import dev.writescope.probe.CommitRecord;
import dev.writescope.probe.Coverage;
import dev.writescope.probe.EventSink;
import dev.writescope.probe.HostException;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Operation;
import dev.writescope.probe.RequestRecord;
import dev.writescope.probe.SlowRecord;
import dev.writescope.probe.TraceOptions;
import dev.writescope.probe.Tracer;
import dev.writescope.probe.Wait;
import dev.writescope.probe.Wait.Cause;
import dev.writescope.probe.WaitRecord;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Traces waits of the whole host within this process, and keeps all of it. */
final class WaitTrace implements EventSink, AutoCloseable {
    record Operated(Kind kind, int device, long latencyNs, long bytes) {}

    final List<Operated> operations = new ArrayList<>();
    final List<WaitRecord> waits = new ArrayList<>();
    final List<CommitRecord> commits = new ArrayList<>();
    final List<RequestRecord> requests = new ArrayList<>();
    final List<SlowRecord> slow = new ArrayList<>();
    List<ActivityRecord> activity = List.of();
    /** Writes that never slept. */
    int ran;

    long lost;
    long lostParts;
    long lostActivity;

    private final Tracer tracer;
    private final Thread drain;
    private volatile boolean stopped;

    WaitTrace(long slowNs, Backend... backends) throws HostException {
        tracer = Tracer.load(
                new TraceOptions(
                                Set.of(Operation.values()),
                                false,
                                slowNs,
                                TraceOptions.DEFAULT_RING_BYTES,
                                0,
                                backends.length == 0 ? List.of(Backend.values()) : List.of(backends))
                        .withWaits(),
                this);
        tracer.attach();
        drain = Thread.ofPlatform().daemon().start(this::drain);
    }

    private void drain() {
        while (!stopped) {
            if (tracer.drain() == 0) {
                LockSupport.parkNanos(2_000_000);
            }
        }
        tracer.detach();
        tracer.drain();
        activity = tracer.activity();
    }

    List<Coverage> coverage() {
        return tracer.coverage();
    }

    /** Ends the run: from now on the lists may be read. */
    WaitTrace stop() {
        stopped = true;
        try {
            drain.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        lost = tracer.losses().total();
        lostParts = tracer.losses().parts();
        lostActivity = tracer.losses().activity();
        tracer.close();
        return this;
    }

    /** Those of one device, be it below overlay. */
    List<WaitRecord> on(int device, Kind... kinds) {
        return waits.stream()
                .filter(each -> each.device() == device || each.realDevice() == device)
                .filter(each -> kinds.length == 0 || Stream.of(kinds).anyMatch(kind -> kind.code() == each.kind()))
                .toList();
    }

    static Map<Cause, Long> byCause(List<WaitRecord> records) {
        Map<Cause, Long> sums = new EnumMap<>(Cause.class);
        for (WaitRecord each : records) {
            for (Wait wait : each.waits()) {
                sums.merge(wait.cause(), wait.ns(), Long::sum);
            }
        }
        return sums;
    }

    @Override
    public void operation(
            long cgroup, int kind, int device, int mount, int magic, long latencyNs, long bytes, boolean failed) {
        operations.add(new Operated(Kind.ofCode(kind), device, latencyNs, bytes));
    }

    @Override
    public void block(long cgroup, int kind, int stage, int device, long latencyNs, long bytes, boolean failed) {}

    @Override
    public void blockBytes(long cgroup, int kind, int device, long bytes) {}

    @Override
    public void slow(SlowRecord record) {
        slow.add(record);
    }

    @Override
    public void waited(WaitRecord record) {
        waits.add(record);
    }

    @Override
    public void ran(long cgroup, int kind, int device, int mount, int magic, long latencyNs) {
        ran++;
    }

    @Override
    public void commit(CommitRecord record) {
        commits.add(record);
    }

    @Override
    public void request(RequestRecord record) {
        requests.add(record);
    }

    @Override
    public void close() {
        if (!stopped) {
            stop();
        }
    }
}
