package dev.writescope.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MountInfoTest {
    private static final String ROOT = "617 601 0:53 / / rw,relatime master:3 - overlay overlay"
            + " rw,lowerdir=/l,upperdir=/var/lib/a\\040b\\054c/fs,workdir=/w";

    @Test
    void the_overlay_that_is_a_containers_root_is_its_upperdir() {
        Mount root = parsed(ROOT, true);

        assertThat(root.id()).isEqualTo(617);
        assertThat(root.device()).isEqualTo("0:53");
        assertThat(root.mountClass()).isEqualTo(MountClass.UPPERDIR);
        assertThat(root.upperdir()).isEqualTo("/var/lib/a b,c/fs");
        assertThat(root.options()).isEqualTo("rw,relatime");
    }

    @Test
    void an_overlay_below_the_root_is_a_volume_like_any_other() {
        assertThat(classOf("619 617 0:59 / /data rw - overlay overlay rw,upperdir=/u", true))
                .isEqualTo(MountClass.VOLUME);
        assertThat(classOf("631 617 7:0 /vol /data rw shared:7 master:11 - ext4 /dev/loop0 rw", true))
                .isEqualTo(MountClass.VOLUME);
        assertThat(classOf("641 617 0:61 / /dev/shm rw - tmpfs shm rw,size=64k", true))
                .isEqualTo(MountClass.TMPFS);
    }

    @Test
    void every_mount_of_a_host_process_is_the_hosts() {
        assertThat(classOf(ROOT, false)).isEqualTo(MountClass.HOST);
        assertThat(classOf("641 617 0:61 / /run rw - tmpfs tmpfs rw", false)).isEqualTo(MountClass.HOST);
    }

    private static Mount parsed(String line, boolean inContainer) {
        return Objects.requireNonNull(MountInfo.parse(line, inContainer));
    }

    private static MountClass classOf(String line, boolean inContainer) {
        return parsed(line, inContainer).mountClass();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "617",
                "x 601 0:53 / / rw - ext4 /dev/sda rw",
                "617 601 0:53 / / rw ext4 /dev/sda rw",
                "617 601 0:53 / / rw - ext4 /dev/sda",
                "99999999999 601 0:53 / / rw - ext4 /dev/sda rw"
            })
    void a_malformed_line_is_no_mount(String line) {
        assertThat(MountInfo.parse(line, true)).isNull();
    }

    @Test
    void what_is_no_escape_of_the_kernels_stays() {
        assertThat(MountInfo.unescape("\\040a\\134b\\011")).isEqualTo(" a\\b\t");
        assertThat(MountInfo.unescape("a\\04")).isEqualTo("a\\04");
        assertThat(MountInfo.unescape("\\999 \\777 \\000")).isEqualTo("\\999 \\777 \\000");
    }

    @Property
    void a_mount_point_survives_the_kernels_escaping(
            @ForAll @StringLength(min = 1, max = 41) @CharRange(from = 1, to = 126) String point) {
        String escaped = point.chars()
                .mapToObj(c -> c <= ' ' || c == '\\' || c == '#'
                        ? String.format(Locale.ROOT, "\\%03o", c)
                        : Character.toString(c))
                .collect(Collectors.joining());
        Mount mount = parsed("617 601 0:53 / /" + escaped + " rw - ext4 /dev/sda rw", true);

        assertThat(mount.point()).isEqualTo("/" + point);
    }

    @Property
    void any_line_at_all_is_read_without_complaint(@ForAll String line) {
        Mount mount = MountInfo.parse("617 601 0:53 / /" + line, true);

        assertThat(mount == null || mount.id() == 617).isTrue();
    }

    @Test
    void the_kernels_own_file_is_read_whole() throws IOException {
        Path self = Path.of("/proc/self/mountinfo");

        assertThat(MountInfo.read(self, false)).hasSameSizeAs(Files.readAllLines(self));
    }

    @Test
    void a_link_is_not_followed_out_of_a_users_directory(@TempDir Path temp) throws IOException {
        Path link = Files.createSymbolicLink(temp.resolve("link"), Files.createFile(temp.resolve("file")));

        assertThat(BoundedFileTest.failure(() -> BoundedFile.read(link, 1 << 20)))
                .contains("not a regular file");
    }
}
