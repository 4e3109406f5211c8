package dev.writescope.explain;

import static dev.writescope.explain.SlowDisk.shell;

import dev.writescope.explain.SlowDisk.Speed;
import dev.writescope.stage.ContainerStage;
import dev.writescope.stage.FioRun;
import dev.writescope.stage.Volume;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * A container, the victim, whose write path is slow for one known reason, on a disk of its own. It appends 4 KiB to
 * /data/wal and fsyncs, 53 times a second as long as the disk keeps up. Closing leaves no trace, as does the stage's
 * end.
 */
abstract class Scenario implements AutoCloseable {
    static final int RATE = 53;

    /** What fio measured in the victim, and what the kernel counted for its disk meanwhile. */
    record Run(FioRun fio, DiskCounters disk) {}

    final ContainerStage stage;
    final SlowDisk disk;
    private final String name;

    Scenario(ContainerStage stage, Speed speed, String mountOptions, String... mkfs) {
        this.stage = stage;
        // Other tests on this host may play the same scenario.
        this.name =
                getClass().getSimpleName().replaceAll("(?<=.)(?=[A-Z])", "-").toLowerCase(java.util.Locale.ROOT) + "-"
                        + ProcessHandle.current().pid();
        this.disk = SlowDisk.on(stage, name, speed, mountOptions, mkfs);
    }

    /** Its id in an explanation; empty when there is none to be found. */
    abstract String cause();

    /** Who is to blame, as an explanation names it; empty when it is the victim itself, or nobody. */
    String culprit() {
        return "";
    }

    /** Starts the containers, and what makes the victim slow; the victim itself waits for {@link #run}. */
    abstract void start();

    /** Proves by what the kernel and the programs say, and by nothing of ours, that the scenario was what it claims. */
    abstract void check(Run run, Run healthy);

    String victim() {
        return name;
    }

    String neighbour() {
        return name + "-neighbour";
    }

    /** Its disk as a volume. */
    List<Volume> data() {
        return List.of(disk.mounted().at("/data"));
    }

    void startVictim(String... command) {
        stage.run(victim(), data(), command);
    }

    void startNeighbour(String... command) {
        stage.run(neighbour(), data(), command);
    }

    /** What the victim does: options of fio. */
    List<String> load() {
        return List.of(
                "--filename=/data/wal", "--rw=write", "--bs=4k", "--size=16m", "--fsync=1", "--rate_iops=" + RATE);
    }

    /** Lets the victim do its work for so long, and {@code meanwhile} in that time. */
    final Run run(int seconds, Runnable meanwhile) {
        DiskCounters before = DiskCounters.of(disk);
        String[] options = Stream.concat(load().stream(), Stream.of("--time_based", "--runtime=" + seconds))
                .toArray(String[]::new);
        var fio = new CompletableFuture<FioRun>();
        Thread.ofVirtual().start(() -> {
            try {
                fio.complete(stage.fio(victim(), options));
            } catch (RuntimeException e) {
                fio.completeExceptionally(e);
            }
        });
        prefer(65536, 10000);
        try {
            meanwhile.run();
            return new Run(fio.join(), DiskCounters.of(disk).since(before));
        } finally {
            prefer(1024, 100);
        }
    }

    /** Gives the victim a CPU before others, so that a busy host is no second reason for its waiting. */
    private void prefer(int sharesOfV1, int weightOfV2) {
        shell("""
                for group in $0 $0/$1; do
                    for file in /sys/fs/cgroup/cpu*/$group/cpu.shares; do [[ ! -w $file ]] || echo $2 >$file; done
                    for file in /sys/fs/cgroup/{,unified/}$group/cpu.weight; do [[ ! -w $file ]] || echo $3 >$file; done
                done
                """, stage.namespace(), victim(), sharesOfV1, weightOfV2);
    }

    /** A root for a container: the image, the layers above it, and on this disk what it writes, in /upper. */
    Path root(Path... layers) {
        Path root = rootPath();
        shell(
                """
                images=("$0"/root/io.containerd.snapshotter.v1.overlayfs/snapshots/{2,1}/fs)
                mkdir "$1" "$2"/{upper,work}
                mount -t overlay -o lowerdir="$3$(IFS=: && echo "${images[*]}")",upperdir="$2/upper",workdir="$2/work" overlay "$1"
                """,
                stage.directory(),
                root,
                disk.mountPoint(),
                Stream.of(layers).map(layer -> layer + ":").reduce("", String::concat));
        return root;
    }

    private Path rootPath() {
        return stage.directory().resolve("disks/" + name + "-root");
    }

    /** The processes of a container. */
    List<Path> processes(String container) {
        try {
            return Files.readAllLines(stage.cgroup(container).resolve("cgroup.procs")).stream()
                    .map(Path.of("/proc")::resolve)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        for (String container : List.of(victim(), neighbour())) {
            if (Files.exists(stage.cgroup(container))) {
                stage.stop(container);
            }
        }
        shell("if mountpoint -q $0; then umount $0; rmdir $0; fi", rootPath());
        disk.close();
    }
}
