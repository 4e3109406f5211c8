package dev.writescope.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Containers choose their cgroup paths, mounts, labels and bundles: whatever they say, no parser falls over. */
class ContainerFuzzTest {
    private static final Path FILE = file();

    private static Path file() {
        try {
            Path file = Files.createTempFile("fuzz", "");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @FuzzTest
    void anyCgroupPathIsAContainerWithAnIdOrNone(byte[] path) {
        CgroupPath read = CgroupPath.of(text(path), (namespace, id) -> id.length() % 2 == 0);
        assertThat(read.isContainer()).isEqualTo(!read.id().isEmpty());
        assertThat(text(path)).contains(read.id());
    }

    @FuzzTest
    void anyLineOfMountinfoIsAMountOrNone(byte[] line) {
        Mount mount = MountInfo.parse(text(line), true);
        if (mount != null) {
            assertThat(text(line)).contains(mount.device(), mount.options());
            assertThat(mount.allOptions()).doesNotContain(",,");
        }
    }

    @FuzzTest
    void anyCgroupFileOfAProcessIsRead(byte[] content) throws IOException {
        Files.write(FILE, content);
        ProcessCgroup read = ProcessCgroup.read(FILE);
        assertThat(read.task()).doesNotContain("\n");
        assertThat(read.block()).doesNotContain("\n");
    }

    @FuzzTest
    void anyJsonGivesStringsOrIsRefused(byte[] document) {
        JsonStrings.readText(text(document), (path, value) -> assertThat(path).hasSizeLessThanOrEqualTo(64));
    }

    @FuzzTest
    void anyBundleGivesNamesOrNone(byte[] bundle) throws IOException {
        Files.write(FILE, bundle);
        assertThat(ContainerdState.bundleNames(FILE)).isNotNull();
    }
}
