package dev.writescope.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.writescope.container.Container;
import dev.writescope.latency.Activity;
import dev.writescope.latency.Place;
import dev.writescope.probe.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ActorTest {
    private static Activity wrote(int pid, String file, long bytes) {
        return new Activity(
                Container.UNATTRIBUTED, pid, "dd", file, Kind.BUFFERED, new Place("", "", "", null), 3, bytes, 1009);
    }

    @Test
    void processes_that_take_turns_at_a_file_are_told_as_one() {
        assertThat(Actor.of(
                        List.of(wrote(17, "/data/dirty", 4099), wrote(19, "/data/dirty", 8209), wrote(23, "/wal", 7))))
                .extracting(Actor::file, Actor::processes, Actor::pid, Actor::bytes, Actor::count, Actor::totalNs)
                .containsExactly(tuple("/data/dirty", 2L, 0, 12_308L, 6L, 2018L), tuple("/wal", 1L, 23, 7L, 3L, 1009L));
    }

    @Test
    void a_program_that_goes_through_a_directory_is_told_as_one() {
        List<Activity> many = new ArrayList<>();
        for (int file = 0; file <= Actor.FEW_FILES; file++) {
            many.add(wrote(17, "/queue/" + file, 512));
        }
        assertThat(Actor.of(many))
                .extracting(Actor::file, Actor::files, Actor::pid, Actor::bytes)
                .containsExactly(tuple("/queue/", Actor.FEW_FILES + 1L, 17, 512L * (Actor.FEW_FILES + 1)));
        assertThat(Actor.of(many.subList(1, many.size()))).hasSize(Actor.FEW_FILES);
    }

    @Test
    void files_whose_names_are_not_known_are_not_taken_for_one_directory() {
        assertThat(Actor.of(List.of(
                        wrote(17, "", 1), wrote(19, "", 2), wrote(23, "b", 3), wrote(23, "c", 3), wrote(23, "d", 3))))
                .extracting(Actor::file)
                .containsExactlyInAnyOrder("", "b", "c", "d");
    }
}
