package dev.writescope.stage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Real containers from a containerd of its own, with busybox, bash and fio in their image: native-build/stage.sh for
 * tests. Closing removes everything, and so does the end of the JVM; after a kill -9 the next stage does. Every method
 * throws {@link IllegalStateException} with the sentence the stage says when something does not work, first of all when
 * the test is not run by root.
 */
public final class ContainerStage implements AutoCloseable {
    private static final Path SCRIPT = script();

    private final Path directory;
    private final Thread atExit;

    private ContainerStage(Path directory) {
        this.directory = directory;
        this.atExit = new Thread(this::down);
    }

    public static ContainerStage up() {
        ContainerStage stage;
        try {
            // Not /tmp, which is a tmpfs on many hosts: it would be the file system below the overlays.
            stage = new ContainerStage(Files.createTempDirectory(Path.of("/var/tmp"), "writescope-stage"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(stage.atExit);
        try {
            stage.call("up", "--owner", Long.toString(ProcessHandle.current().pid()));
        } catch (RuntimeException e) {
            stage.close();
            throw e;
        }
        return stage;
    }

    /**
     * Makes and mounts a disk of {@code size}, such as "64M".
     *
     * @param options "--memory" first for one whose latency depends on no real disk, then those of mkfs.ext4
     */
    public LoopDisk disk(String name, String size, String... options) {
        String[] said = call("disk", concat(List.of(name, size), options)).split(" ", 2);
        return new LoopDisk(Path.of(said[0]), said[1]);
    }

    /** Starts a container that runs {@code command}; without volumes it writes into its overlay. */
    public void run(String name, List<Volume> volumes, String... command) {
        run(name, List.of(), volumes, command);
    }

    /**
     * {@link #run(String, List, String...)} with options.
     *
     * @param options "--rootfs", a directory on the host that becomes its root; "--log", the file its shim writes what
     *     it prints to
     */
    public void run(String name, List<String> options, List<Volume> volumes, String... command) {
        var arguments = new ArrayList<>(List.of(name));
        arguments.addAll(options);
        for (Volume volume : volumes) {
            arguments.addAll(List.of("--mount", volume.host() + ":" + volume.path()));
        }
        arguments.add("--");
        call("run", concat(arguments, command));
    }

    /** Runs {@code command} in a container to its end; returns its standard output. */
    public String exec(String name, String... command) {
        return call("exec", concat(List.of(name, "--"), command));
    }

    /** Runs fio with these options in a container. */
    public FioRun fio(String name, String... options) {
        return FioRun.parse(exec(name, concat(List.of("fio", "--name=fio", "--output-format=json"), options)));
    }

    /** Lets the named containers, or all, do no more than {@code writes} a second to {@code disk}. */
    public void slow(LoopDisk disk, int writes, String... names) {
        call("slow", concat(List.of(disk.device(), Integer.toString(writes)), names));
    }

    /** Ends what {@link #slow} began. */
    public void atFullSpeed(LoopDisk disk, String... names) {
        call("slow", concat(List.of(disk.device(), "off"), names));
    }

    public void stop(String name) {
        call("stop", name);
    }

    /** Ends containerd; what runs in containers goes on, and only {@link #startContainerd} may follow. */
    public void stopContainerd() {
        call("containerd", "stop");
    }

    /** Starts containerd again; if it runs, nothing happens. */
    public void startContainerd() {
        call("containerd", "start");
    }

    /**
     * The containerd namespace, which is also the parent of the containers' cgroups. Stages that run at the same time
     * have different ones, so that a test asks and does not assume.
     */
    public String namespace() {
        try {
            return Files.readString(directory.resolve("namespace")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The directory of a container's cgroup in the v2 hierarchy. */
    public Path cgroup(String name) {
        Path hybrid = Path.of("/sys/fs/cgroup/unified");
        Path root = Files.isDirectory(hybrid) ? hybrid : Path.of("/sys/fs/cgroup");
        return root.resolve(namespace()).resolve(name);
    }

    /** Where the stage keeps its files while it is up. */
    public Path directory() {
        return directory;
    }

    @Override
    public void close() {
        down();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM is ending: the hook finds nothing left to do.
        }
    }

    private void down() {
        call("down");
    }

    private String call(String command, String... arguments) {
        return stage(directory, command, arguments);
    }

    /** Runs one command of the stage in {@code directory}; returns what it printed, without the line's end. */
    static String stage(Path directory, String command, String... arguments) {
        var builder = new ProcessBuilder(concat(List.of(SCRIPT.toString(), command, directory.toString()), arguments))
                .redirectInput(Path.of("/dev/null").toFile());
        try {
            Path errors = Files.createTempFile("stage", ".err");
            try {
                Process process = builder.redirectError(errors.toFile()).start();
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                int status = process.waitFor();
                if (status != 0) {
                    throw new IllegalStateException("%s %s: exit status %d: %s %s"
                            .formatted(
                                    command,
                                    List.of(arguments),
                                    status,
                                    Files.readString(errors).strip(),
                                    output));
                }
                return output;
            } finally {
                Files.delete(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(command + " was interrupted", e);
        }
    }

    private static String[] concat(List<String> first, String... rest) {
        return Stream.concat(first.stream(), Stream.of(rest)).toArray(String[]::new);
    }

    private static Path script() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path script = at.resolve("native-build/stage.sh");
            if (Files.isExecutable(script)) {
                return script;
            }
        }
        throw new IllegalStateException("native-build/stage.sh is not above the working directory");
    }
}
