package dev.writescope.evidence;

import dev.writescope.bpf.Capability;
import dev.writescope.bpf.Priority;
import dev.writescope.container.Container;
import dev.writescope.container.ContainerCgroup;
import dev.writescope.container.ContainerDirectory;
import dev.writescope.container.HostPaths;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Collects the evidence of one window on a thread of its own that gives way to all others and keeps only what reading
 * takes: CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE and CAP_SYSLOG. So it has to be started before the caller gives these up.
 * Its methods may be called from any thread but the one that drains, as {@link #start} and {@link #finish} wait.
 *
 * <p>On a host with 160 processes, one container and 2 CPUs, both together take 40 ms of CPU time, in a JVM that has
 * just started 300 ms; a sample takes less than 1 ms.
 */
public final class EvidenceCollector implements AutoCloseable {
    private final ExecutorService thread;
    private final EvidenceWindow window;
    private final AtomicBoolean sampling = new AtomicBoolean();

    private EvidenceCollector(ExecutorService thread, EvidenceWindow window) {
        this.thread = thread;
        this.window = window;
    }

    /**
     * Reads what the window begins with.
     *
     * @param chosen those that may be explained in the end; the first {@value Target#MAX_TARGETS} are looked at
     */
    public static EvidenceCollector start(
            HostPaths host, ContainerDirectory containers, Collection<Container> chosen, WalkLimits limits) {
        return start(host, containers::cgroups, chosen, limits);
    }

    static EvidenceCollector start(
            HostPaths host, Supplier<List<ContainerCgroup>> cgroups, Collection<Container> chosen, WalkLimits limits) {
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
            return new EvidenceCollector(thread, await(thread, () -> new EvidenceWindow(host, cgroups, copy, limits)));
        } catch (RuntimeException | Error failed) {
            thread.shutdown();
            throw failed;
        }
    }

    /** How everything is set at the start, with a duration of zero: for a recording that may be cut short. */
    public Evidence atStart() {
        return await(thread, window::atStart);
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
     * {@link WalkLimits}.
     *
     * @param chosen those that turned out to matter
     */
    public Evidence finish(Collection<Container> chosen) {
        List<Container> copy = List.copyOf(chosen);
        return await(thread, () -> window.finish(copy));
    }

    private static <T> T await(ExecutorService thread, Callable<T> work) {
        boolean interrupted = false;
        try {
            var result = thread.submit(work);
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException e) {
                    interrupted = true; // reading is bounded
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot collect evidence", e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        try {
            thread.execute(window::close);
        } catch (RejectedExecutionException closed) {
            return;
        }
        thread.close();
    }
}
