package dev.writescope.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against Java's own attributes and the commands stat and df. */
class FileStatusTest {
    @TempDir
    Path directory;

    private static String output(String... command) throws IOException {
        Process process = new ProcessBuilder(command).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    @Test
    void of_a_file_it_says_what_stat_says() throws IOException {
        Path file = Files.write(directory.resolve("file"), new byte[7919]);
        Files.createLink(directory.resolve("link"), file);
        FileStatus status = FileStatus.of(file);
        assertThat(output("stat", "-c", "%h %i %s %b %Hd:%Ld", file.toString()))
                .isEqualTo("%d %d %d %d %s"
                        .formatted(
                                status.links(),
                                status.inode(),
                                status.size(),
                                status.allocatedBytes() / 512,
                                status.device()));
        assertThat(status.links()).isEqualTo(2);
        assertThat(status.isRegular()).isTrue();
    }

    @Test
    void a_link_is_itself_or_what_it_leads_to() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("null"), Path.of("/dev/null"));
        assertThat(FileStatus.of(link).isCharacterDevice()).isFalse();
        assertThat(FileStatus.ofTarget(link).isCharacterDevice()).isTrue();
        assertThat(FileStatus.ofTarget(link).special()).isEqualTo("1:3");
        assertThat(FileStatus.of(directory).isDirectory()).isTrue();
    }

    @Test
    void any_bytes_can_be_a_name() throws IOException {
        // 0xff begins no character of UTF-8
        Path odd = Path.of(URI.create("file://" + directory + "/%ffodd"));
        Files.write(odd, new byte[13]);
        Path listed;
        try (var names = Files.newDirectoryStream(directory)) {
            listed = names.iterator().next();
        }
        assertThat(FileStatus.of(listed).size()).isEqualTo(13);
        Files.delete(listed);
    }

    @Test
    void a_file_that_is_not_there_is_a_missing_file() {
        assertThatThrownBy(() -> FileStatus.of(directory.resolve("none"))).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> FileSystemUsage.of(directory.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void a_file_system_has_the_size_and_inodes_that_df_shows() throws IOException {
        FileStore store = Files.getFileStore(directory);
        FileSystemUsage usage = FileSystemUsage.of(directory);
        assertThat(usage.totalBytes()).isEqualTo(store.getTotalSpace());
        assertThat(usage.freeBytes()).isBetween(0L, usage.totalBytes());
        assertThat(output("df", "--output=itotal", directory.toString()).lines())
                .last()
                .asString()
                .isEqualToIgnoringWhitespace(Long.toString(usage.totalInodes()));
        assertThat(usage.freeInodes()).isBetween(0L, usage.totalInodes());
    }
}
