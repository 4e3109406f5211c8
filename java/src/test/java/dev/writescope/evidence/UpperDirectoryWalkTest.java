package dev.writescope.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.writescope.container.Mount;
import dev.writescope.container.MountClass;
import dev.writescope.evidence.Evidence.MountFacts;
import dev.writescope.evidence.Evidence.UpperDirectory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpperDirectoryWalkTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    Path root;

    private UpperDirectory walk(Path upper, long entries, Duration longest) throws IOException {
        Mount mount = new Mount(7, "0:31", "overlay", "/", "/", "overlay", "rw", "", MountClass.UPPERDIR, "/upper");
        MountFacts facts = new MountFacts(FakeTargets.DB, mount, MountClass.UPPERDIR, "7:3");
        return UpperDirectoryWalk.walk(facts, upper, entries, longest);
    }

    @Test
    void what_was_made_is_counted_and_links_are_not_followed() throws Exception {
        Path deep = Files.createDirectories(root.resolve("a/b/c"));
        for (int i = 0; i < 13; i++) {
            Files.write(deep.resolve("small" + i), new byte[4095]);
        }
        Path large = Files.write(root.resolve("large"), new byte[4096]);
        Files.createLink(root.resolve("a/again"), large);
        Files.createSymbolicLink(root.resolve("a/up"), Path.of(".."));
        Files.createSymbolicLink(root.resolve("etc"), Path.of("/etc"));
        Files.write(Path.of(URI.create("file://" + root + "/a/%ff%fe")), new byte[1]);
        assertThat(run("mknod", root.resolve("a/gone").toString(), "c", "0", "0"))
                .isZero();
        UpperDirectory upper = walk(root, 1_000, LONG);
        assertThat(upper.files()).isEqualTo(13 + 1 + 2 + 1);
        assertThat(upper.smallFiles()).isEqualTo(13 + 1);
        assertThat(upper.directories()).isEqualTo(3);
        assertThat(upper.whiteouts()).isEqualTo(1);
        assertThat(upper.bytes()).isGreaterThanOrEqualTo(14 * 4096);
        assertThat(upper.complete()).isTrue();
        assertThat(upper.path()).isEqualTo("/upper");
    }

    @Test
    void a_walk_ends_at_its_limit_of_entries_and_says_so() throws IOException {
        for (int i = 0; i < 23; i++) {
            Files.createFile(root.resolve("file" + i));
        }
        UpperDirectory upper = walk(root, 17, LONG);
        assertThat(upper.files()).isEqualTo(17);
        assertThat(upper.complete()).isFalse();
        assertThat(walk(root, 24, LONG).complete()).isTrue();
    }

    @Test
    void a_walk_without_time_counts_nothing_and_says_so() throws IOException {
        Files.createFile(root.resolve("file"));
        UpperDirectory upper = walk(root, 17, Duration.ZERO);
        assertThat(upper.files()).isZero();
        assertThat(upper.complete()).isFalse();
    }

    @Test
    void a_file_system_mounted_below_is_not_entered() throws Exception {
        Files.createFile(root.resolve("file"));
        Path other = Files.createDirectory(root.resolve("other"));
        assertThat(run("mount", "-t", "tmpfs", "writescope-test", other.toString()))
                .isZero();
        try {
            Files.createFile(other.resolve("file"));
            UpperDirectory upper = walk(root, 17, LONG);
            assertThat(upper.files()).isEqualTo(1);
            assertThat(upper.directories()).isZero();
            assertThat(upper.complete()).isTrue();
        } finally {
            assertThat(run("umount", other.toString())).isZero();
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    @Test
    void what_is_no_directory_is_not_walked() throws IOException {
        Path file = Files.createFile(root.resolve("file"));
        assertThatThrownBy(() -> walk(file, 17, LONG)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> walk(root.resolve("none"), 17, LONG)).isInstanceOf(NoSuchFileException.class);
    }
}
