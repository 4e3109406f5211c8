package dev.writescope.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.stage.ContainerStage;
import dev.writescope.stage.Volume;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/** A program that makes exact numbers of system calls (workload.c), for containers that mount {@link #volume}. */
record Workload(ContainerStage stage, Path directory) {
    private static final String PLACE = "/workload";

    static Workload on(ContainerStage stage) {
        Path directory = stage.directory().resolve("workload");
        if (!Files.exists(directory.resolve("workload"))) {
            compile(directory);
        }
        return new Workload(stage, directory);
    }

    private static void compile(Path directory) {
        Path source = directory.resolve("workload.c");
        try (InputStream in = Objects.requireNonNull(Workload.class.getResourceAsStream("/workload.c"))) {
            Files.createDirectories(directory);
            Files.copy(in, source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Static, for containers that have no C library, and thereby below 4 GiB, for 32-bit calls.
        Commands.run("gcc", "-O1", "-Wall", "-Werror", "-static", "-o", directory + "/workload", source.toString());
    }

    Volume volume() {
        return new Volume(directory, PLACE);
    }

    /** Makes these calls, such as "write=101", all of which must succeed. */
    void run(String container, String file, String flags, String... calls) {
        assertThat(runWithFailures(container, file, flags, calls))
                .as("failed calls")
                .isZero();
    }

    /** Makes these calls; returns how many of them failed. */
    long runWithFailures(String container, String file, String flags, String... calls) {
        String[] command = Stream.concat(Stream.of(PLACE + "/workload", file, flags), Stream.of(calls))
                .toArray(String[]::new);
        String output = stage.exec(container, command);
        assertThat(output.lines()).hasSize(calls.length);
        return output.lines()
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
