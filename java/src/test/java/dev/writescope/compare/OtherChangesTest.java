package dev.writescope.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.container.MountClass;
import dev.writescope.latency.Place;
import dev.writescope.probe.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class OtherChangesTest {
    private static List<OtherChange> changes(Scene before, Scene after) {
        return new Comparer(ComparisonRules.DEFAULT)
                .compare(before.run(61, 3), after.run(61, 5))
                .changes();
    }

    private static Scene on(Scene scene, Place place) {
        return scene.with(Scene.container("db"), Kind.FSYNC, place, 211, 1e6);
    }

    @Test
    void a_directory_that_moved_from_the_overlay_to_a_volume_is_told() {
        Place overlay = new Place("overlay", "0:57", "/", MountClass.UPPERDIR, "rw");
        assertThat(changes(on(Scene.before(), overlay), on(Scene.after(), Scene.volume("/data", "rw"))))
                .containsExactly(new OtherChange(
                        "mounts of fsync of db", "/ (upperdir, overlay)", "/data (volume, ext4 on 259:1)"));
    }

    @Test
    void the_number_of_an_overlay_is_no_change() {
        Place then = new Place("overlay", "0:57", "/", MountClass.UPPERDIR, "rw");
        Place now = new Place("overlay", "0:61", "/", MountClass.UPPERDIR, "rw");
        assertThat(changes(on(Scene.before(), then), on(Scene.after(), now))).isEmpty();
    }

    @Test
    void options_are_told_by_what_only_one_side_has() {
        assertThat(changes(
                        on(Scene.before(), Scene.volume("/data", "rw,relatime,data=ordered")),
                        on(Scene.after(), Scene.volume("/data", "rw,noatime,data=journal"))))
                .containsExactly(
                        new OtherChange("options of /data in db", "relatime, data=ordered", "noatime, data=journal"));
    }

    @Test
    void an_option_that_was_added_replaces_nothing() {
        assertThat(changes(
                        on(Scene.before(), Scene.volume("/data", "rw")),
                        on(Scene.after(), Scene.volume("/data", "rw,sync"))))
                .containsExactly(new OtherChange("options of /data in db", "none", "sync"));
    }

    @Test
    void a_load_twice_as_high_is_told() {
        Place place = Scene.volume("/data", "rw");
        assertThat(changes(
                        Scene.before().with(Scene.container("db"), Kind.FSYNC, place, 101, 1e6),
                        Scene.after().with(Scene.container("db"), Kind.FSYNC, place, 202, 1e6)))
                .containsExactly(new OtherChange("load of fsync of db", "101/s", "202/s"));
    }

    @Test
    void operations_that_began_to_fail_are_told() {
        Place place = Scene.volume("/data", "rw");
        Scene.Source failing = new Scene.Source(Scene.container("db"), Kind.FSYNC, place, 200, 1e6, 0.25);
        assertThat(changes(on(Scene.before(), place), Scene.after().with(failing)))
                .containsExactly(new OtherChange("errors of fsync of db", "0 %", "25 %"));
    }

    @Test
    void another_kernel_is_told() {
        Scene after = Scene.after().fsyncs("db", 1e6);
        after.kernel = "6.13.7";
        assertThat(changes(Scene.before().fsyncs("db", 1e6), after))
                .containsExactly(new OtherChange("kernel", "6.12.0", "6.13.7"));
    }
}
