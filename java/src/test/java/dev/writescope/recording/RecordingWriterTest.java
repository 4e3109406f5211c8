package dev.writescope.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.writescope.latency.Interval;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingWriterTest {
    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("run.hlog");
    }

    private void assertRefused(Path path, String message) {
        assertThatThrownBy(() -> RecordingWriter.open(path).close())
                .isInstanceOf(RecordingException.class)
                .hasMessage(path + message);
    }

    @Test
    void a_symbolic_link_is_not_followed() throws IOException {
        Path target = Files.writeString(directory.resolve("target"), "");
        Files.createSymbolicLink(file, target);
        assertRefused(file, " is a symbolic link: name the file it points to");
        assertThat(target).isEmptyFile();
    }

    @Test
    void only_an_empty_file_or_a_recording_is_overwritten() throws IOException {
        Files.writeString(file, "name,salary\n");
        assertRefused(file, " exists and is not a writescope recording: choose another file or remove it");
        assertThat(file).hasContent("name,salary\n");

        Files.writeString(file, "");
        Samples.record(file, Samples.START, List.of(Samples.interval(0), Samples.interval(1)), Samples.end(2));
        Samples.record(file, Samples.START, List.of(Samples.interval(2)), Samples.end(1));
        try (RecordingReader reader = RecordingReader.open(file)) {
            assertThat(Samples.intervals(reader)).containsExactly(Samples.interval(2));
            assertThat(reader.truncated()).isFalse();
        }
    }

    @Test
    void an_earlier_recording_stays_until_the_new_run_starts() throws IOException {
        Samples.record(file, Samples.START, List.of(Samples.interval(0)), Samples.end(1));
        byte[] earlier = Files.readAllBytes(file);
        RecordingWriter.open(file).close();
        assertThat(file).hasBinaryContent(earlier);
    }

    @Test
    void directories_devices_and_missing_directories_are_told() {
        assertRefused(directory, " is a directory: name a file in it");
        assertRefused(Path.of("/dev/full"), " is not a regular file: choose another one");
        Path lost = directory.resolve("no/run.hlog");
        assertThatThrownBy(() -> RecordingWriter.open(lost))
                .isInstanceOf(RecordingException.class)
                .hasMessage("the directory of " + lost + " does not exist: create it first");
    }

    @Test
    void a_file_that_cannot_be_written_is_told() {
        Path unwritable = Path.of("/proc/writescope.hlog");
        assertThatThrownBy(() -> RecordingWriter.open(unwritable))
                .isInstanceOf(RecordingException.class)
                .hasMessageMatching("(cannot write|the directory of) /proc/writescope.hlog.*: [a-z ]+");
    }

    @Test
    void two_recorders_do_not_share_a_file() throws IOException {
        try (RecordingWriter first = RecordingWriter.open(file)) {
            first.start(Samples.START);
            assertRefused(file, " is being written by another recorder: choose another file");
        }
    }

    @Test
    void a_recording_is_readable_by_its_owner_only() throws IOException {
        RecordingWriter.open(file).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void a_thread_interrupted_before_still_writes_and_stays_interrupted() throws IOException {
        boolean stillInterrupted;
        try (RecordingWriter writer = RecordingWriter.open(file)) {
            writer.start(Samples.START);
            Thread.currentThread().interrupt();
            writer.interval(Samples.interval(0));
            writer.end(Samples.end(1));
        } finally {
            stillInterrupted = Thread.interrupted();
        }
        assertThat(stillInterrupted).isTrue();
        try (RecordingReader reader = RecordingReader.open(file)) {
            assertThat(Samples.intervals(reader)).containsExactly(Samples.interval(0));
            assertThat(reader.truncated()).isFalse();
        }
    }

    @Test
    void an_operation_without_samples_leaves_no_line() throws IOException {
        Interval silent = Samples.interval(
                0, List.of(Samples.series(Samples.key("db", Kind.FSYNC, 7), 2, 0, 0)), List.of(), Losses.NONE);
        Samples.record(file, Samples.START, List.of(silent), Samples.end(1));
        assertThat(file).content().doesNotContain("Tag=");
    }

    @Test
    void a_full_disk_ends_the_recording_and_keeps_what_was_written() throws Exception {
        run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", directory.toString());
        try {
            Random random = new Random(7_907);
            List<Interval> kept = new ArrayList<>();
            try (RecordingWriter writer = RecordingWriter.open(file)) {
                writer.start(Samples.START);
                assertThatThrownBy(() -> {
                            for (int i = 0; i < 1_009; i++) {
                                Interval next = busy(i, random);
                                writer.interval(next);
                                kept.add(next);
                            }
                        })
                        .isInstanceOf(RecordingException.class)
                        .hasMessage("recording to " + file + " stopped after " + kept.size()
                                + " intervals, which are kept: No space left on device: make room or record elsewhere");
                writer.interval(Samples.interval(1_013)); // told once
                writer.end(Samples.end(7));
            }
            assertThat(kept).isNotEmpty();
            try (RecordingReader reader = RecordingReader.open(file)) {
                assertThat(Samples.intervals(reader)).isEqualTo(kept);
                assertThat(reader.truncated()).isTrue();
            }
            assertThat(file).content().endsWith("\n");
        } finally {
            run("umount", directory.toString());
        }
    }

    private static Interval busy(int second, Random random) {
        long[] latencies = random.longs(211, 1, Samples.TWO_HOURS_NS).toArray();
        return Samples.interval(
                second,
                List.of(Samples.series(Samples.key("db", Kind.FSYNC, 7), 2, 0, 0, latencies)),
                List.of(),
                Losses.NONE);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as(String.join(" ", command))
                .isZero();
    }

    @Test
    void a_killed_recorder_loses_at_most_the_last_interval() throws IOException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledRecorder.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int written = -1;
        try (BufferedReader out = child.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                written = Integer.parseInt(line);
                if (written == 23) {
                    child.toHandle().destroyForcibly(); // SIGKILL, and its output stays readable
                }
            }
        }
        assertThat(written).isGreaterThanOrEqualTo(23);
        try (RecordingReader reader = RecordingReader.open(file)) {
            List<Interval> intervals = Samples.intervals(reader);
            assertThat(reader.truncated()).isTrue();
            assertThat(intervals).hasSizeGreaterThan(written);
            for (int i = 0; i <= written; i++) {
                assertThat(intervals.get(i).series()).isEqualTo(KilledRecorder.series(i));
            }
        }
    }
}
