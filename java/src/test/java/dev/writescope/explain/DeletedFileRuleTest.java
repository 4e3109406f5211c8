package dev.writescope.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.container.Container;
import dev.writescope.evidence.Evidence.DeletedFile;
import dev.writescope.trace.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeletedFileRuleTest {
    @TempDir
    Path directory;

    @Test
    void the_line_that_frees_the_space_does_so_for_that_file_only() throws Exception {
        Process holder = new ProcessBuilder("sh", "-c", """
                exec 8>'other.log' 9>"app's*.log"
                head -c 3000017 /dev/zero >&8
                head -c 3000017 /dev/zero >&9
                rm *.log
                exec sleep 60""")
                .directory(directory.toFile())
                .start();
        try {
            Path other = Path.of("/proc/" + holder.pid() + "/fd/8");
            Path file = Path.of("/proc/" + holder.pid() + "/fd/9");
            awaitDeleted(file);
            var deleted = new DeletedFile(
                    Container.UNATTRIBUTED,
                    (int) holder.pid(),
                    "sh",
                    directory.toRealPath().resolve("app's*.log").toString(),
                    "",
                    0,
                    3_000_017);
            Remedy free = DeletedFileRule.remedies(deleted).getLast();
            Commands.run("sh", "-c", String.join("\n", free.lines()));
            assertThat(Files.size(file)).isZero();
            assertThat(Files.size(other)).isEqualTo(3_000_017);
        } finally {
            holder.destroyForcibly().waitFor();
        }
    }

    private static void awaitDeleted(Path descriptor) throws IOException, InterruptedException {
        while (!Files.exists(descriptor, LinkOption.NOFOLLOW_LINKS)
                || !Files.readSymbolicLink(descriptor).toString().endsWith(" (deleted)")) {
            Thread.sleep(10);
        }
    }
}
