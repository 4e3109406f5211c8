package dev.writescope.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.writescope.explain.Scenario.Run;
import dev.writescope.stage.ContainerStage;
import dev.writescope.stage.SharedStage;
import dev.writescope.trace.Commands;
import dev.writescope.trace.Writescope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Why a container is slow is named right, where the kernel's own figures say that it is so. */
@ExtendWith(SharedStage.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplainTest {
    private static final int SECONDS = 8;
    /** Of what is measured; starting takes the rest. */
    private static final String WINDOW = "6s";

    static final List<Function<ContainerStage, Scenario>> SCENARIOS = List.of(
            Healthy::new,
            OwnLimit::new,
            NeighbourOnDevice::new,
            NeighbourInJournal::new,
            FsyncStorm::new,
            UpperDirectoryWrites::new,
            CopyUp::new,
            DirtyThrottling::new,
            DeletedLog::new,
            InodesUsedUp::new,
            FailingDisk::new,
            SlowFlushes::new,
            LoggedByShim::new);

    private final ContainerStage stage;
    private final Run healthy;

    ExplainTest(ContainerStage stage) {
        this.stage = stage;
        try (var scenario = new Healthy(stage)) {
            scenario.start();
            this.healthy = scenario.run(SECONDS, () -> {});
        }
    }

    @ParameterizedTest
    @FieldSource("SCENARIOS")
    void the_first_cause_is_the_one_that_there_is(Function<ContainerStage, Scenario> created) {
        try (Scenario scenario = created.apply(stage)) {
            scenario.start();
            var notes = new ArrayList<Note>();
            Run run = scenario.run(SECONDS, () -> notes.addAll(explain(scenario.victim())));
            scenario.check(run, healthy);
            assertThat(notes)
                    .isNotEmpty()
                    .allSatisfy(note -> assertThat(note.text("container")).isEqualTo(scenario.victim()));
            Note first = notes.getFirst();
            assertNames(scenario, first);
            assertAddsUp(first);
            if (scenario instanceof UpperDirectoryWrites) {
                assertThat(first.fields()).containsKey("overlay");
                assertThat(first.object("overlay").number("sum_ns")).isBetween(1L, first.number("sum_ns") / 2);
            } else if (scenario instanceof Healthy) {
                assertThat(first.fields()).doesNotContainKey("overlay");
            }
        }
    }

    @Test
    void a_recording_made_to_be_explained_says_the_same_later(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("why.hlog");
        try (Scenario scenario = new OwnLimit(stage)) {
            scenario.start();
            scenario.run(
                    SECONDS,
                    () -> Commands.run(Writescope.command(
                            "record", "--explain", "-c", scenario.victim(), "-d", WINDOW, "-o", file.toString())));
            List<Note> notes = Note.parse(
                    Commands.run(Writescope.command("explain", "--from", file.toString(), "--format", "json")));
            assertThat(notes)
                    .isNotEmpty()
                    .allSatisfy(note -> assertThat(note.text("container")).isEqualTo(scenario.victim()));
            assertNames(scenario, notes.getFirst());
            assertAddsUp(notes.getFirst());
            assertThat(notes.getFirst().text("facts")).contains("limits of its cgroup: ");
            assertThat(notes.getFirst().all("activity")).isNotEmpty();
        }
        assertThat(Files.readString(file)).contains("#[share ", "#[activity ", "#[evidence ");
    }

    private static List<Note> explain(String victim) {
        return Note.parse(Commands.run(Writescope.command("explain", "-c", victim, "-d", WINDOW, "--format", "json")));
    }

    private static void assertNames(Scenario scenario, Note note) {
        List<Note> causes = note.all("causes");
        if (scenario.cause().isEmpty()) {
            assertThat(causes).isEmpty();
            return;
        }
        assertThat(causes).as(note.toString()).isNotEmpty();
        assertThat(causes.getFirst().text("name")).as(note.toString()).isEqualTo(scenario.cause());
        assertThat(causes.getFirst().text("culprit")).isEqualTo(scenario.culprit());
    }

    /** What is not explained is a part like any other. */
    private static void assertAddsUp(Note note) {
        long parts = note.all("parts").stream()
                .mapToLong(part -> part.number("sum_ns"))
                .sum();
        long total = note.number("sum_ns");
        assertThat(parts).isCloseTo(total, within(total / 50));
    }
}
