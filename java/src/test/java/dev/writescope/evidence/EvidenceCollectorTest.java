package dev.writescope.evidence;

import static dev.writescope.evidence.FakeTargets.DB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.writescope.container.ContainerCgroup;
import dev.writescope.container.FakeHost;
import dev.writescope.container.IdSpace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a host of plain files that keeps whoever asks waiting, as a disk does that does not answer. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EvidenceCollectorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    @TempDir
    Path root;

    private FakeHost host() {
        return new FakeHost(root)
                .process(7, 41, "72 71 7:3 /volumes/db /data rw,noatime - ext4 /dev/loop3 rw\n")
                .file("proc/diskstats", "7 3 loop3 1 0 8 5 2 0 16 3 0 10 8 0 0 0 0 0 0\n");
    }

    /** The first time it gives the cgroups; then it waits for the latch. */
    private EvidenceCollector start(FakeHost host, CountDownLatch answer, int answered) {
        AtomicInteger asked = new AtomicInteger();
        host.cgroup("unified", "/db", 7);
        List<ContainerCgroup> cgroups = List.of(FakeTargets.cgroup(host, DB, IdSpace.TASK, true, "/db"));
        return EvidenceCollector.start(
                host.paths(),
                () -> {
                    if (asked.incrementAndGet() > answered) {
                        waitFor(answer);
                    }
                    return cgroups;
                },
                List.of(DB),
                WalkLimits.DEFAULT,
                PATIENCE);
    }

    private static void waitFor(CountDownLatch answer) {
        try {
            answer.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void what_does_not_answer_is_named_and_all_that_came_before_is_told() {
        CountDownLatch answer = new CountDownLatch(1);
        try (EvidenceCollector collector = start(host(), answer, 1)) {
            collector.atStart();
            Evidence evidence = collector.finish(List.of(DB));
            assertThat(evidence.missing()).contains("counters did not answer in 3 s");
            assertThat(evidence.devices()).extracting(Evidence.DeviceLoad::name).containsExactly("loop3");
            assertThat(evidence.mounts()).hasSize(1);
        } finally {
            answer.countDown();
        }
    }

    @Test
    void where_nothing_is_known_collecting_fails() {
        CountDownLatch answer = new CountDownLatch(1);
        try (EvidenceCollector collector = start(host(), answer, 1)) {
            assertThatThrownBy(() -> collector.finish(List.of(DB)))
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(TimeoutException.class);
        } finally {
            answer.countDown();
        }
    }

    @Test
    void a_start_that_does_not_answer_fails() {
        CountDownLatch answer = new CountDownLatch(1);
        try {
            assertThatThrownBy(() -> start(host(), answer, 0))
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(TimeoutException.class);
        } finally {
            answer.countDown();
        }
    }
}
