package dev.writescope.evidence;

import dev.writescope.bpf.Capability;
import dev.writescope.bpf.Priority;
import dev.writescope.container.Container;
import dev.writescope.container.ContainerCgroup;
import dev.writescope.container.ContainerDirectory;
import dev.writescope.container.HostPaths;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Collects the evidence of one window on a thread of its own that gives way to all others and keeps only what reading
 * takes: CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE and CAP_SYSLOG. So it has to be started before the caller gives these up.
 * Its methods may be called from any thread but the one that drains, as {@link #start} and {@link #finish} wait; not
 * for ever, since a disk that does not answer holds whoever looks at its files.
 *
 * <p>On a host with 160 processes, one container and 2 CPUs, both together take 40 ms of CPU time, in a JVM that has
 * just started 300 ms; a sample takes less than 1 ms.
 */
public final class EvidenceCollector implements AutoCloseable {
    /** Several times what the walks may take, and what a disk takes to spin up. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ExecutorService thread;
    private final Duration patience;
    private final EvidenceWindow window;
    private final AtomicBoolean sampling = new AtomicBoolean();

    private EvidenceCollector(ExecutorService thread, Duration patience, EvidenceWindow window) {
        this.thread = thread;
        this.patience = patience;
        this.window = window;
    }

    /**
     * Reads what the window begins with.
     *
     * @throws CompletionException if that fails, or takes too long
     * @param chosen those that may be explained in the end; the first {@value Target#MAX_TARGETS} are looked at
     */
    public static EvidenceCollector start(
            HostPaths host, ContainerDirectory containers, Collection<Container> chosen, WalkLimits limits) {
        return start(host, containers::cgroups, chosen, limits, PATIENCE);
    }

    static EvidenceCollector start(
            HostPaths host,
            Supplier<List<ContainerCgroup>> cgroups,
            Collection<Container> chosen,
            WalkLimits limits,
            Duration patience) {
        ExecutorService thread = Executors.newSingleThreadExecutor(work -> Thread.ofPlatform()
                .daemon()
                .name("evidence")
                .unstarted(() -> {
                    Priority.giveWay();
                    Capability.keepOnly(Capability.DAC_READ_SEARCH, Capability.SYS_PTRACE, Capability.SYSLOG);
                    work.run();
                }));
        List<Container> copy = List.copyOf(chosen);
        try {
            return new EvidenceCollector(
                    thread, patience, await(thread, patience, () -> new EvidenceWindow(host, cgroups, copy, limits)));
        } catch (RuntimeException | Error failed) {
            thread.shutdown();
            throw failed;
        }
    }

    /**
     * How everything is set at the start, with a duration of zero: for a recording that may be cut short.
     *
     * @throws CompletionException if reading fails, or takes too long
     */
    public Evidence atStart() {
        return await(thread, patience, window::atStart);
    }

    /** To be called every second or so: what cannot be seen in the end any more. Returns at once. */
    public void sample() {
        if (sampling.compareAndSet(false, true)) {
            try {
                thread.execute(() -> {
                    sampling.set(false);
                    window.sample();
                });
            } catch (RejectedExecutionException closed) {
                // The window is over.
            }
        }
    }

    /**
     * Ends the window and reads the rest, which takes longest for writable layers with many files: see
     * {@link WalkLimits}. Where that fails or takes too long, gives what is known by then, and says so in what is
     * missing.
     *
     * @param chosen those that turned out to matter
     * @throws CompletionException if nothing is known
     */
    public Evidence finish(Collection<Container> chosen) {
        List<Container> copy = List.copyOf(chosen);
        try {
            return await(thread, patience, () -> window.finish(copy));
        } catch (CompletionException failed) {
            Evidence known = window.known();
            if (known == null) {
                throw failed;
            }
            return known.without(window.step()
                    + (failed.getCause() instanceof TimeoutException
                            ? " did not answer in " + patience.toSeconds() + " s"
                            : ": " + failed.getCause()));
        }
    }

    /** Not to be interrupted, as it ends soon anyway. */
    private static <T> T await(Executor thread, Duration patience, Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, thread)
                .orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS)
                .join();
    }

    /** Waits for nobody: the thread may be held by a disk that does not answer, and is no reason to go on living. */
    @Override
    public void close() {
        try {
            thread.execute(window::close);
        } catch (RejectedExecutionException closed) {
            // It was closed before.
        }
        thread.shutdown();
    }
}
