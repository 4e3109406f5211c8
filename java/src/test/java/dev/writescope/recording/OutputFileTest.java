package dev.writescope.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As root, which the kernel lets do what it does not let others do: with files of another user, who is nobody. */
class OutputFileTest {
    private static final int NOBODY = 65534;

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("page.html");
    }

    /** As /tmp is. */
    private void makeSticky() throws IOException {
        Files.setAttribute(directory, "unix:mode", 01777);
    }

    private static Path ofNobody(Path file) throws IOException {
        Files.setAttribute(file, "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
        return file;
    }

    private static void replace(Path file, String text) throws IOException {
        try (OutputStream out = OutputFile.replace(file)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void append(Path file, String text) throws IOException {
        try (OutputStream out = OutputFile.append(file)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Before a run and when it is written, by whichever way. */
    private static void assertRefused(Path file, String message) {
        assertThatThrownBy(() -> OutputFile.check(file))
                .isInstanceOf(IOException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> replace(file, "new"))
                .isInstanceOf(IOException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> append(file, "new"))
                .isInstanceOf(IOException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> RecordingWriter.open(file).close()).isInstanceOf(RecordingException.class);
    }

    @Test
    void a_file_is_made_replaced_and_appended_to() throws IOException {
        OutputFile.check(file);
        assertThat(file).doesNotExist();
        replace(file, "seventeen");
        replace(file, "7");
        append(file, "11");
        assertThat(file).hasContent("711");
        Path made = directory.resolve("made");
        append(made, "13");
        assertThat(made).hasContent("13");
    }

    @Test
    void what_cannot_be_written_is_told_in_one_line() throws IOException {
        assertRefused(directory, "cannot write " + directory + ": it is a directory: choose another place");
        Path lost = directory.resolve("no/page.html");
        assertRefused(lost, "the directory of " + lost + " does not exist: create it first");
        Files.createSymbolicLink(file, file);
        assertRefused(file, "cannot write " + file + ": it is a symbolic link without an end: choose another place");
    }

    @Test
    void a_link_of_ours_is_followed_and_also_to_what_is_not_there_yet() throws IOException {
        Path target = directory.resolve("target");
        Files.createSymbolicLink(file, Path.of("target"));
        OutputFile.check(file);
        replace(file, "19");
        append(file, "23");
        assertThat(target).hasContent("1923");
        assertThat(file).isSymbolicLink();
    }

    @Test
    void a_link_of_another_user_is_not_followed_wherever_it_is() throws IOException {
        Path target = Files.writeString(directory.resolve("target"), "precious");
        ofNobody(Files.createSymbolicLink(file, target));
        String message = " is a symbolic link of another user: name the file it points to";
        assertRefused(file, file + message);
        Path indirect = Files.createSymbolicLink(directory.resolve("indirect"), file);
        assertRefused(indirect, indirect + message);
        makeSticky();
        assertRefused(file, file + message);
        assertThat(target).hasContent("precious");
    }

    @Test
    void a_file_of_another_user_is_overwritten_only_where_nobody_else_could_have_put_it() throws IOException {
        ofNobody(Files.writeString(file, "theirs"));
        append(file, "29");
        assertThat(file).hasContent("theirs29");
        makeSticky();
        String message = " belongs to another user, in a directory that others may write to:"
                + " remove it or choose another place";
        assertRefused(file, file + message);
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        assertRefused(link, link + message);
        assertThat(file).hasContent("theirs29");
        Path ours = Files.writeString(directory.resolve("ours"), "");
        replace(ours, "31");
        assertThat(ours).hasContent("31");
    }

    @Test
    void a_recording_is_not_put_into_an_empty_file_that_somebody_else_made_in_a_shared_directory() throws IOException {
        makeSticky();
        ofNobody(Files.createFile(file));
        assertThatThrownBy(() -> RecordingWriter.open(file).close())
                .isInstanceOf(RecordingException.class)
                .hasMessageContaining(" belongs to another user");
    }

    @Test
    void descriptors_are_written_to_whatever_they_are() throws IOException {
        Path unlinked = directory.resolve("unlinked");
        try (FileChannel channel = FileChannel.open(
                unlinked, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            Path descriptor = descriptorOf(unlinked);
            Files.delete(unlinked);
            OutputFile.check(descriptor);
            append(descriptor, "thirty-seven");
            assertThat(channel.size()).isEqualTo("thirty-seven".length());
            append(Path.of("/dev/fd").resolve(descriptor.getFileName()), "41");
            assertThat(channel.size()).isEqualTo("thirty-seven41".length());
        }
        assertThat(unlinked).doesNotExist();
        OutputFile.check(Path.of("/dev/null"));
        replace(Path.of("/dev/null"), "43");
    }

    private static Path descriptorOf(Path open) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .filter(descriptor -> {
                        try {
                            return Files.isSameFile(descriptor, open);
                        } catch (IOException closed) {
                            return false;
                        }
                    })
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void a_named_pipe_is_written_to() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                .isZero();
        CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                return e.toString();
            }
        });
        OutputFile.check(file);
        append(file, "47");
        assertThat(read.join()).isEqualTo("47");
    }
}
