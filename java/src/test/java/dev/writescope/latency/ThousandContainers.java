package dev.writescope.latency;

import dev.writescope.container.Container;
import dev.writescope.container.IdSpace;
import dev.writescope.container.Mount;
import dev.writescope.detect.Detector;
import dev.writescope.detect.DetectorSettings;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Records and judges what 1 000 containers do with three operations on two mounts each, through the real recorder and
 * sinks' thread, and prints the peak of its resident memory in KiB. Run in a process of its own.
 */
final class ThousandContainers {
    private static final int CONTAINERS = 1000;
    private static final int EXT4 = 0xEF53;

    private ThousandContainers() {}

    public static void main(String[] arguments) throws Exception {
        int intervals = Integer.parseInt(arguments[0]);
        Names names = new Names() {
            @Override
            public Container container(IdSpace space, long cgroup) {
                return new Container(Container.Type.CONTAINER, "c" + cgroup, "id" + cgroup, "ctr", "", "", "", "", "");
            }

            @Override
            public @Nullable Mount mount(IdSpace space, long cgroup, int mount) {
                return null;
            }
        };
        IntervalRecorder recorder = new IntervalRecorder(2, Duration.ofSeconds(1), names);
        BlockingQueue<IntervalRecorder.Flip> pending = new ArrayBlockingQueue<>(4);
        Judge judge = new Detector(new DetectorSettings(1, Duration.ofSeconds(11), false));
        AtomicBoolean stopped = new AtomicBoolean();
        SinkRunner sinks = new SinkRunner(
                List.of(),
                judge,
                recorder.pool(),
                pending,
                recorder::key,
                new ActivityIntervals(new Naming(names)),
                () -> stopped.set(true));
        sinks.begin(new RunStart(Instant.EPOCH, "", "", "", "", "", Duration.ofSeconds(1), 2, List.of(), List.of()));
        SplittableRandom random = new SplittableRandom(11);
        for (int interval = 0; interval < intervals; interval++) {
            for (int cgroup = 1; cgroup <= CONTAINERS; cgroup++) {
                for (int place = 1; place <= 2; place++) {
                    for (int i = 0; i < 23; i++) {
                        event(recorder, cgroup, place, random);
                    }
                }
            }
            pending.put(recorder.flip(Instant.EPOCH, Duration.ofSeconds(1), Losses.NONE));
            // An interval is a second, in which the one before it is dealt with.
            while (!pending.isEmpty() && !stopped.get()) {
                Thread.sleep(1);
            }
        }
        IntervalRecorder.Flip last = recorder.flip(Instant.EPOCH, Duration.ofSeconds(1), Losses.NONE);
        sinks.end(last, Instant.EPOCH, Duration.ofSeconds(1), recorder.events(), Losses.NONE);
        System.out.println(recorder.events() + " " + peakKib());
    }

    /** Latencies over four powers of ten, as a mixed load has them. */
    private static void event(IntervalRecorder recorder, int cgroup, int place, SplittableRandom random) {
        long latency = (long) (1_000 * Math.pow(10, 4 * random.nextDouble()));
        recorder.operation(cgroup, Kind.BUFFERED.code(), place, place, EXT4, latency, 4096, false);
        recorder.operation(cgroup, Kind.FSYNC.code(), place, place, EXT4, 10 * latency, 0, false);
        for (Stage stage : List.of(Stage.QUEUE, Stage.DEVICE, Stage.TOTAL)) {
            recorder.block(cgroup, Kind.BLOCK_WRITE.code(), stage.code(), place, 3 * latency, 4096, false);
        }
    }

    private static long peakKib() throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IllegalStateException("no VmHWM");
    }
}
