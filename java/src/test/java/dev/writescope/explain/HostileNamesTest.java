package dev.writescope.explain;

import static dev.writescope.explain.Situation.DISK;
import static dev.writescope.explain.Situation.ETL;
import static dev.writescope.explain.Situation.MIB;
import static dev.writescope.explain.Situation.MS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.container.Container;
import dev.writescope.container.MountClass;
import dev.writescope.evidence.Evidence;
import dev.writescope.latency.Place;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever pastes the lines of a note into a root shell, those for other files by mistake too, runs nothing from a name. */
class HostileNamesTest {
    private static final String RUN = ": >CANARY";
    /** Each ends another way of quoting. */
    private static final List<String> HOSTILE = List.of(
            " ; " + RUN + "; #",
            "'; " + RUN + "; # ##",
            "\"; " + RUN + "; #,src=etc",
            " $(" + RUN + ") \\",
            "`" + RUN + "`{a,b}",
            "\n" + RUN + "\n\u001b");
    /** Those get names as words; other lines are for files. */
    private static final Set<String> COMMANDS = Set.of(
            "cat",
            "docker",
            "du",
            "dumpe2fs",
            "e2fsck",
            "find",
            "findmnt",
            "grep",
            "mount",
            "podman",
            "smartctl",
            "tune2fs",
            "umount",
            "writescope");

    /** A shell in which every program is missing, and tells its words instead. */
    private static final String SHELL = """
            export LC_ALL=C.UTF-8
            PATH=/none
            command_not_found_handle() { printf '%s\\0' "$@" >"$0/$BASHPID-$EPOCHREALTIME"; }
            while IFS= read -r -d '' line; do (eval -- "$line"); done
            exit 0
            """;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"containerd", "cri-o", "docker", "podman", "ctr", "lxc", "unknown"})
    void no_name_gets_out_of_its_word(String runtime) throws Exception {
        for (String hostile : HOSTILE) {
            Path limit = directory.resolve("limit" + hostile.replace("/", ""));
            List<String> lines = lines(runtime, hostile, limit);
            assertThat(lines).allMatch(line -> line.codePoints().noneMatch(Character::isISOControl));
            List<List<String>> calls = call(lines);
            assertThat(directory.resolve("CANARY")).doesNotExist();
            assertThat(limit).content().isEqualTo(DISK + " wiops=max\n");
            List<String> words = calls.stream()
                    .filter(call -> COMMANDS.contains(call.getFirst()))
                    .flatMap(List::stream)
                    .filter(word -> word.contains("CANARY"))
                    .toList();
            assertThat(words)
                    .hasSizeGreaterThan(10)
                    .allMatch(word -> word.contains(hostile.replace("\\", "\\\\")) || word.contains(hostile));
            if (Set.of("docker", "podman", "ctr").contains(runtime)) {
                assertThat(calls).anySatisfy(call -> {
                    assertThat(call.getFirst()).isEqualTo("--mount");
                    assertThat(call.get(1)).contains(",\"dst=/var" + hostile.replace("\"", "\"\"") + "\"");
                });
            }
        }
    }

    @Test
    void a_name_that_is_not_quoted_well_would_be_noticed() throws Exception {
        for (String hostile : HOSTILE) {
            for (String naive : List.of("du /a" + hostile, "du '/a" + hostile + "'", "du \"/a" + hostile + "\"")) {
                call(List.of(naive));
            }
            assertThat(Files.deleteIfExists(directory.resolve("CANARY")))
                    .as(hostile)
                    .isTrue();
        }
    }

    private static Container named(Container some, String runtime, String hostile) {
        boolean pod = Set.of("containerd", "cri-o").contains(runtime);
        return new Container(
                Container.Type.CONTAINER,
                "-" + some.name() + hostile,
                some.id() + hostile,
                runtime,
                pod ? hostile : "",
                pod ? some.pod() + hostile : "",
                "",
                "image" + hostile,
                "");
    }

    /** Of every remedy there is, and of how to verify it. */
    private static List<String> lines(String runtime, String hostile, Path limit) {
        Container victim = named(Situation.DB, runtime, hostile);
        Container neighbour = named(ETL, runtime, hostile);
        List<Remedy> remedies = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (String mode : List.of("v2", "hybrid")) {
            for (MountClass where : List.of(MountClass.VOLUME, MountClass.UPPERDIR)) {
                Situation situation = situation(victim, hostile, where);
                situation.cgroupMode = mode;
                Victim waiting = new Victim(situation.observed(), victim, Operation.FSYNC);
                addAll(remedies, waiting, neighbour, hostile);
                lines.addAll(Explanation.of(waiting, List.of()).verify());
                lines.addAll(Limits.lifting(
                                waiting, List.of(new Evidence.IoLimit(victim, DISK, "wiops", 23, limit.toString(), 0)))
                        .getFirst()
                        .lines());
            }
        }
        remedies.forEach(remedy -> lines.addAll(remedy.lines()));
        return lines.stream().distinct().toList();
    }

    private static Situation situation(Container victim, String hostile, MountClass where) {
        boolean layer = where == MountClass.UPPERDIR;
        Place place = new Place(layer ? "overlay" : "ext4", DISK, layer ? "/" : "/var" + hostile, where);
        Situation situation = Situation.calm()
                .operations(victim, Kind.FSYNC, place, 997, MS, Map.of())
                .activity(victim, "postgres", "/var" + hostile + "/wal", Kind.FSYNC, place, 997, 0);
        // Then only the source tells the device.
        situation.devices.clear();
        situation.fileSystems.set(
                0,
                new Evidence.FileSystemFacts(
                        DISK, "ext4", "/dev/vdb" + hostile, "data=ordered", null, 1L << 30, MIB, 256, 0, 0));
        situation.mounts.add(Situation.mount(victim, place, "rw", "/upper" + hostile, DISK));
        situation.layers.add(new Evidence.UpperDirectory(
                victim, "/upper" + hostile, 211, 199, 7, 0, 3 * MIB, true, Duration.ofMillis(3)));
        situation.requests(victim, Kind.BLOCK_WRITE, 97, MS, 4096, 13);
        situation.messages.add(new Evidence.KernelMessage(
                Situation.NOON, Evidence.KernelMessage.Topic.IO_ERROR, DISK, "I/O error" + hostile));
        situation.dirty = new Evidence.DirtyMemory(
                790 * MIB, 70 * MIB, 1000 * MIB, 500 * MIB, Map.of("vm.dirty_ratio", "20" + hostile));
        return situation;
    }

    private static void addAll(List<Remedy> remedies, Victim victim, Container neighbour, String hostile) {
        remedies.addAll(Layout.ownDevice(victim));
        remedies.addAll(Layout.ownFileSystem(victim));
        remedies.addAll(Layout.volume(victim));
        remedies.addAll(Layout.copyUp(victim));
        remedies.add(Limits.onNeighbour(victim, neighbour, victim.device(), 3 * MIB, 5 * MIB, true));
        remedies.addAll(Memory.remedies(victim, neighbour, victim.device(), MIB));
        remedies.addAll(Memory.limited(
                victim,
                new MemoryLimit(
                        new Evidence.IoLimit(victim.container(), "", "memory.max", MIB, "/none" + hostile + "/x", 0),
                        20,
                        1)));
        remedies.addAll(MountOptions.writeback(victim));
        remedies.addAll(MountOptions.largerJournal(victim));
        victim.evidence().mounts().forEach(mount -> remedies.addAll(MountOptions.noatime(mount)));
        remedies.addAll(Syncs.fewer(victim));
        remedies.addAll(Syncs.slowFlush(victim));
        for (String log : List.of("/0.log", "/ctr.log", "/x-json.log")) {
            remedies.addAll(LogFiles.remedies(victim, "/var/log" + hostile + log));
        }
        remedies.addAll(DeletedFileRule.remedies(new Evidence.DeletedFile(
                victim.container(), Integer.MAX_VALUE, "sh" + hostile, "/var" + hostile, DISK, 0, MIB)));
        for (Rule rule : List.of(new FullFileSystemRule(), new IoErrorRule())) {
            List<Cause> causes = rule.causes(victim, 1);
            assertThat(causes).isNotEmpty();
            causes.forEach(cause -> remedies.addAll(cause.remedies()));
        }
        WaitRule.ALL.forEach(rule -> remedies.addAll(rule.remedies().apply(victim)));
    }

    /** What was called: of each call its words. */
    private List<List<String>> call(List<String> lines) throws IOException, InterruptedException {
        Path in = Files.writeString(directory.resolve("lines"), String.join("\0", lines) + "\0");
        Path calls = Files.createTempDirectory(directory, "calls");
        Process bash = new ProcessBuilder("bash", "-c", SHELL, calls.toString())
                .directory(directory.toFile())
                .redirectInput(in.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(bash.waitFor()).isZero();
        List<List<String>> said = new ArrayList<>();
        try (Stream<Path> files = Files.list(calls)) {
            for (Path file : files.toList()) {
                said.add(List.of(Files.readString(file).split("\0", -1)));
            }
        }
        return said;
    }
}
