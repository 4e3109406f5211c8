package dev.writescope.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.latency.Interval;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.probe.Operation;
import dev.writescope.recording.RecordingReader;
import dev.writescope.stage.ContainerStage;
import dev.writescope.stage.SharedStage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An agent that does not get to run, as on a frozen or overloaded host, loses what does not fit and nothing else. */
@ExtendWith(SharedStage.class)
class StoppedAgentTest {
    private static final Duration STOPPED = Duration.ofSeconds(3);

    @TempDir
    Path directory;

    @Test
    void everything_is_counted_or_said_to_be_lost_and_the_interval_is_as_long_as_it_was(ContainerStage stage)
            throws Exception {
        Workload workload = Workload.on(stage);
        String container = "stopped-" + ProcessHandle.current().pid();
        Path file = directory.resolve("run.hlog");
        stage.run(container, List.of(workload.volume()), "sleep", "600");
        Report report;
        try (var trace = Writescope.trace(
                "-c", container, "-i", "100ms", "--op", "fsync,write", "--ring-size", "4k", "-o", file.toString())) {
            workload.run(container, "/dev/shm/file", "create", "write=101", "fsync=3");
            trace.signal("STOP");
            long since = System.nanoTime();
            // More than all rings and lanes hold, so that both overflow for certain.
            workload.run(container, "/dev/shm/file", "-", "rewrite=" + (1 + overflowing()), "fsync=1009");
            Thread.sleep(Math.max(0, STOPPED.toMillis() - (System.nanoTime() - since) / 1_000_000));
            trace.signal("CONT");
            trace.await(line -> line.is("type", "lost"));
            workload.run(container, "/dev/shm/file", "-", "write=103", "fsync=5");
            report = trace.stop();
        } finally {
            stage.stop(container);
        }
        long fsyncs = report.totals().of(container, "fsync").count();
        long writes = report.totals().of(container, "write").count();
        assertThat(report.end().number("lost.fsync")).isPositive().isEqualTo(3 + 1009 + 5 - fsyncs);
        assertThat(report.end().number("lost.write")).isPositive().isEqualTo(101 + 1 + overflowing() + 103 - writes);
        Report.Rows lost = new Report.Rows(report.lines()).where("type", "lost");
        assertThat(lost.sum("fsync")).isEqualTo(report.end().number("lost.fsync"));
        assertThat(lost.sum("write")).isEqualTo(report.end().number("lost.write"));
        assertMeetsEachOther(file, fsyncs, writes);
    }

    private static long overflowing() {
        return 131_072L * Math.min(8, Runtime.getRuntime().availableProcessors());
    }

    private static void assertMeetsEachOther(Path file, long fsyncs, long writes) throws Exception {
        List<Interval> intervals = new ArrayList<>();
        try (RecordingReader reader = RecordingReader.open(file)) {
            for (Interval interval = reader.next(); interval != null; interval = reader.next()) {
                intervals.add(interval);
            }
            assertThat(reader.end()).isNotNull();
        }
        for (int i = 1; i < intervals.size(); i++) {
            assertThat(intervals.get(i).start()).isEqualTo(intervals.get(i - 1).end());
        }
        assertThat(intervals)
                .anySatisfy(interval -> assertThat(interval.duration()).isGreaterThanOrEqualTo(STOPPED));
        assertThat(count(intervals, Operation.FSYNC)).isEqualTo(fsyncs);
        assertThat(count(intervals, Operation.WRITE)).isEqualTo(writes);
    }

    private static long count(List<Interval> intervals, Operation operation) {
        return intervals.stream()
                .flatMap(interval -> interval.series().stream())
                .filter(series -> series.key().kind().operation() == operation)
                .mapToLong(SeriesInterval::count)
                .sum();
    }
}
