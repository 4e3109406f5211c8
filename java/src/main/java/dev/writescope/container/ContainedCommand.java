package dev.writescope.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command that runs in a cgroup from its first instruction on. Thread-safe. */
public final class ContainedCommand implements AutoCloseable {
    /** A shell enters the cgroups, then becomes the command: forking in and moving later would miss its beginning. */
    private static final String ENTER = """
            while [ "$1" != -- ]; do
                echo $$ > "$1/cgroup.procs" || { echo "writescope: cannot enter the cgroup $1" >&2; exit 126; }
                shift
            done
            shift
            """;

    /** What the command's standard streams are. */
    public enum Streams {
        /** Those of this process. */
        INHERITED("exec \"$@\""),
        /** Nothing to read; all output goes to this process's standard error, as its standard output has a use. */
        ERROR_ONLY("exec \"$@\" </dev/null >&2");

        private final String become;

        Streams(String become) {
            this.become = become;
        }
    }

    private final List<String> command;
    private final CommandCgroup cgroup;
    private final Streams streams;
    private @Nullable Process process;
    private boolean cancelled;

    /**
     * Prepares it, with the standard streams of this process.
     *
     * @param command a program, searched for in PATH, with its arguments
     * @throws IOException if there is no such program
     */
    public ContainedCommand(List<String> command, CommandCgroup cgroup) throws IOException {
        this(command, cgroup, Streams.INHERITED);
    }

    /** The same with a choice of streams. */
    public ContainedCommand(List<String> command, CommandCgroup cgroup, Streams streams) throws IOException {
        this.command = List.copyOf(command);
        this.cgroup = cgroup;
        this.streams = streams;
        requireProgram(command.getFirst());
    }

    /**
     * Looks for a program as a shell does.
     *
     * @throws IOException if there is none
     */
    public static void requireProgram(String program) throws IOException {
        if (!isFound(program)) {
            throw new IOException("no command " + program + ": check its name and PATH");
        }
    }

    private static boolean isFound(String program) {
        if (program.contains("/")) {
            return isProgram(Path.of(program));
        }
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        return Arrays.stream(path.split(":", -1)).anyMatch(directory -> isProgram(Path.of(directory, program)));
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    /** The cgroup directories it runs in. */
    public List<Path> directories() {
        return cgroup.directories();
    }

    /**
     * Starts it, unless it was signalled before.
     *
     * @param ended called when it has ended, from any thread
     */
    public synchronized void start(Runnable ended) throws IOException {
        if (cancelled) {
            ended.run();
            return;
        }
        List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", ENTER + streams.become, "sh"));
        cgroup.directories().forEach(directory -> line.add(directory.toString()));
        line.add("--");
        line.addAll(command);
        Process started = new ProcessBuilder(line).inheritIO().start();
        process = started;
        var _ = started.onExit().thenRun(ended);
    }

    /**
     * Passes a signal on. The terminal has sent INT to the command as well, if there is one; a command without our
     * streams may have missed it, and a shell heeds an INT of its own only when what it runs has ended: it gets TERM.
     *
     * @param name without SIG
     */
    public synchronized void signal(String name) {
        Process running = process;
        if (running == null) {
            cancelled = true;
        } else if (running.isAlive() && streams == Streams.ERROR_ONLY) {
            send("TERM", running.pid());
        } else if (running.isAlive() && !(name.equals("INT") && hasTerminal())) {
            send(name, running.pid());
        }
    }

    private static boolean hasTerminal() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            return !stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[4].equals("0");
        } catch (IOException | RuntimeException unknown) {
            return false;
        }
    }

    private static void send(String signal, long pid) {
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -s \"$1\" \"$2\"", "sh", signal, Long.toString(pid))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException noShell) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
        }
    }

    /** Waits for its end; its exit code, 128 + the signal that ended it, 0 if it was never started. */
    public int await() {
        Process running;
        synchronized (this) {
            running = process;
        }
        while (running != null) {
            try {
                return running.waitFor();
            } catch (InterruptedException patience) {
                running.destroy();
            }
        }
        return 0;
    }

    /** Ends it if it still runs, for when tracing failed. */
    @Override
    public synchronized void close() {
        Process running = process;
        if (running != null && running.isAlive()) {
            running.destroy();
            await();
        }
    }
}
