package dev.writescope.trace;

import dev.writescope.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.NullMarked;
import picocli.CommandLine;
import tools.jackson.core.json.JsonFactory;

/** The command as its users start it: a process of its own, told what to do by options and signals. */
public final class Writescope implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final List<JsonLine> lines = new ArrayList<>();
    private final CompletableFuture<String> errors = new CompletableFuture<>();
    private final Thread reader;
    private boolean ended;

    private Writescope(Process process) {
        this.process = process;
        // Not to be left behind when the tests are interrupted.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        // Not on the common pool: this waits, and with two CPUs the pool has one thread.
        Thread.ofVirtual().start(this::readErrors);
        this.reader = Thread.ofVirtual().start(this::read);
    }

    /** The directories and jars that the program runs from, without those of its tests. */
    static List<Path> classPath() {
        return Stream.of(
                        Main.class,
                        CommandLine.class,
                        Histogram.class,
                        Terminal.class,
                        JsonFactory.class,
                        NullMarked.class)
                .map(Writescope::origin)
                .toList();
    }

    private static Path origin(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How a shell would start what is tested. */
    public static String[] command(String... arguments) {
        return command(classPath(), arguments).toArray(String[]::new);
    }

    /** How a shell would start it. */
    static List<String> command(List<Path> classPath, String... arguments) {
        var command = new ArrayList<String>();
        command.add(System.getProperty("java.home") + "/bin/java");
        // Made for starting fast: many short runs on few CPUs.
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
        command.add(String.join(":", classPath.stream().map(Path::toString).toList()));
        command.add("dev.writescope.cli.Main");
        command.addAll(List.of(arguments));
        return command;
    }

    static Writescope start(List<String> command) {
        try {
            return new Writescope(new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts {@code trace --format json} and waits until it traces. */
    static Writescope trace(String... options) {
        String[] arguments = Stream.concat(Stream.of("trace", "--format", "json"), Stream.of(options))
                .toArray(String[]::new);
        Writescope started = start(command(classPath(), arguments));
        try {
            started.await(line -> line.is("type", "start"));
            return started;
        } catch (Throwable e) {
            started.close();
            throw e;
        }
    }

    /** Runs any command line of the program to its end. */
    static Report run(String... arguments) {
        try (Writescope started = start(command(classPath(), arguments))) {
            return started.report();
        }
    }

    private void readErrors() {
        try {
            errors.complete(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            errors.completeExceptionally(e);
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith("{")) {
                    add(JsonLine.parse(line));
                }
            }
        } catch (IOException e) {
            // The process was killed: there is nothing more to read.
        } finally {
            finish();
        }
    }

    private synchronized void add(JsonLine line) {
        lines.add(line);
        notifyAll();
    }

    private synchronized void finish() {
        ended = true;
        notifyAll();
    }

    /** Waits for a line that has come or will come. */
    synchronized JsonLine await(Predicate<JsonLine> condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        int seen = 0;
        while (true) {
            for (; seen < lines.size(); seen++) {
                if (condition.test(lines.get(seen))) {
                    return lines.get(seen);
                }
            }
            if (ended) {
                throw new AssertionError("the command ended: " + errors.join());
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("no such line in " + seen + " lines");
            }
            try {
                wait(1000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    /** What has come so far. */
    synchronized List<JsonLine> lines() {
        return List.copyOf(lines);
    }

    long pid() {
        return process.pid();
    }

    /** Sends a signal, such as "INT"; returns at once. */
    void signal(String name) {
        Commands.run("kill", "-" + name, Long.toString(process.pid()));
    }

    /** Ends the run as Ctrl-C does. */
    Report stop() {
        signal("INT");
        return report();
    }

    /** {@link #stop} when names, which may come later than the data, have come: they are looked for every second. */
    Report stopWhenNamed() {
        try {
            Thread.sleep(1300);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return stop();
    }

    /** Waits for the end. */
    Report report() {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("still running after " + PATIENCE_SECONDS + " s");
            }
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        synchronized (this) {
            return new Report(process.exitValue(), List.copyOf(lines), errors.join());
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
