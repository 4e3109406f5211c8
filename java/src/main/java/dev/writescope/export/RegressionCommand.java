package dev.writescope.export;

import dev.writescope.latency.Interval;
import dev.writescope.latency.IntervalSink;
import dev.writescope.latency.Regression;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import dev.writescope.view.Printable;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs {@code sh -c COMMAND} for each regression, with the facts in its environment and nowhere else. Keeps nobody
 * waiting: {@value #AT_A_TIME} run at a time, {@value #QUEUED} wait, others are dropped, which is said. One that runs for
 * longer than a minute is killed with what it started. The end of a run waits five seconds, then kills what is left.
 *
 * <p>Its output goes to standard error, what went wrong as one line to {@code errors}.
 */
public final class RegressionCommand implements IntervalSink {
    static final int AT_A_TIME = 4;
    static final int QUEUED = 64;

    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration AT_THE_END = Duration.ofSeconds(5);
    private static final Duration TO_CLEAN_UP = Duration.ofSeconds(1);

    /** Standard output becomes standard error before the command begins; its text stays an argument. */
    private static final List<String> SHELL = List.of("/bin/sh", "-c", "exec /bin/sh -c \"$1\" >&2", "sh");

    private static final File NOTHING = new File("/dev/null");

    private final String command;
    private final Complaints complaints;
    private final Redirect output;
    private final Duration longest;
    private final Duration atTheEnd;
    private final ThreadPoolExecutor workers = new ThreadPoolExecutor(
            AT_A_TIME,
            AT_A_TIME,
            5,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUED),
            Thread.ofPlatform().daemon().name("on-regression-", 0).factory());

    /**
     * Starts nothing yet.
     *
     * @param screen whether a view draws on the terminal that standard error is: then the output goes nowhere and
     *     complaints wait for the end
     */
    public RegressionCommand(String command, Appendable errors, boolean screen) {
        this(
                command,
                new Complaints(errors, screen),
                screen ? Redirect.DISCARD : Redirect.INHERIT,
                LONGEST,
                AT_THE_END);
    }

    RegressionCommand(String command, Complaints complaints, Redirect output, Duration longest, Duration atTheEnd) {
        this.command = command;
        this.complaints = complaints;
        this.output = output;
        this.longest = longest;
        this.atTheEnd = atTheEnd;
        workers.allowCoreThreadTimeOut(true);
    }

    @Override
    public void start(RunStart start) {}

    @Override
    public void interval(Interval interval) {
        int dropped = 0;
        for (Regression regression : interval.regressions()) {
            try {
                workers.execute(() -> run(regression));
            } catch (RejectedExecutionException full) {
                dropped++;
            }
        }
        if (dropped > 0) {
            complaints.say("--on-regression did not run for " + dropped + " of "
                    + interval.regressions().size() + " regressions: " + (AT_A_TIME + QUEUED)
                    + " earlier ones have not ended yet");
        }
    }

    private void run(Regression regression) {
        String what = " (" + regression.state().label() + " of "
                + Printable.of(regression.container().displayName()) + " "
                + regression.operation().label() + ")";
        Process process;
        try {
            process = start(regression);
        } catch (IOException refused) {
            complaints.say("--on-regression cannot run" + what + ": " + refused.getMessage());
            return;
        }
        try {
            if (!process.waitFor(longest)) {
                kill(process);
                complaints.say("--on-regression was killed after " + longest.toSeconds() + " s" + what);
            } else if (process.exitValue() != 0) {
                complaints.say("--on-regression failed with exit code " + process.exitValue() + what);
            }
        } catch (InterruptedException theEnd) {
            kill(process);
            complaints.say("--on-regression was killed at the end of the run" + what);
        }
    }

    private Process start(Regression regression) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Stream.concat(SHELL.stream(), Stream.of(command)).toList())
                .redirectInput(NOTHING)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(output);
        builder.environment().putAll(RegressionEnvironment.of(regression));
        return builder.start();
    }

    /** With its descendants: a shell that is gone does not take along what it waits for. */
    private static void kill(Process process) {
        List<ProcessHandle> family = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        family.forEach(ProcessHandle::destroy);
        boolean interrupted = Thread.interrupted();
        try {
            process.waitFor(TO_CLEAN_UP);
        } catch (InterruptedException again) {
            interrupted = true;
        }
        family.forEach(ProcessHandle::destroyForcibly);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void end(RunEnd end) {
        workers.shutdown();
        await(atTheEnd);
        close();
    }

    @Override
    public void close() {
        int never = workers.shutdownNow().size();
        if (never > 0) {
            complaints.say("--on-regression did not run for " + never + " regressions: the run has ended");
        }
        await(TO_CLEAN_UP.multipliedBy(2));
        complaints.close();
    }

    private void await(Duration patience) {
        try {
            workers.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
    }
}
