package dev.writescope.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundedFileTest {
    static String failure(Callable<?> action) {
        return String.valueOf(
                Assertions.assertThrows(IOException.class, action::call).getMessage());
    }

    @Test
    void a_file_of_the_allowed_size_is_read_and_one_byte_more_is_not(@TempDir Path temp) throws IOException {
        Path file = Files.writeString(temp.resolve("config.json"), "x".repeat(97));

        assertThat(BoundedFile.readText(file, 97)).hasSize(97);
        assertThat(failure(() -> BoundedFile.read(file, 96))).contains("longer than 96 bytes");
    }

    @Test
    void a_pipe_is_refused_and_does_not_block(@TempDir Path temp) throws Exception {
        Path pipe = temp.resolve("config.json");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertThat(failure(() -> BoundedFile.read(pipe, 97))).contains("not a regular file");
    }
}
