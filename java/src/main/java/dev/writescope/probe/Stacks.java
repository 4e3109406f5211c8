package dev.writescope.probe;

import dev.writescope.bpf.BpfMap;
import dev.writescope.bpf.Capability;
import dev.writescope.probe.Wait.Cause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the stacks that the programs have sent stand for. Each is read and judged once: there are some dozens. Belongs
 * to the thread that drains.
 */
final class Stacks implements IntFunction<Cause>, AutoCloseable {
    /** STACKS and STACK_FRAMES of bpf/stack.h. */
    private static final int ENTRIES = 8192;

    private static final int FRAMES = 20;

    private static final Path MODULES = Path.of("/proc/modules");

    private final IntFunction<long[]> stacks;
    private final Path symbolsFile;
    private final Path modulesFile;
    private final @Nullable Cause[] known = new Cause[ENTRIES];
    /** Its thread keeps what reading symbols needs, when the one that drains has given that up. */
    private final ExecutorService reader = Executors.newSingleThreadExecutor(
            work -> Thread.ofPlatform().daemon().name("kernel symbols").unstarted(() -> {
                Capability.keepOnly(Capability.SYSLOG);
                work.run();
            }));

    private CompletableFuture<KernelSymbols> reading;
    private KernelSymbols symbols = KernelSymbols.NONE;
    private Set<String> modules;

    /** @param map of bpf/stack.h */
    Stacks(BpfMap map) {
        this(stack -> map.longs(stack, FRAMES), KernelSymbols.FILE, MODULES);
    }

    /**
     * For kernels of tests.
     *
     * @param stacks the return addresses of each, the innermost first, then zeroes
     */
    Stacks(IntFunction<long[]> stacks, Path symbolsFile, Path modulesFile) {
        this.stacks = stacks;
        this.symbolsFile = symbolsFile;
        this.modulesFile = modulesFile;
        this.modules = modules();
        this.reading = readSymbols();
    }

    /** Takes a tenth of a second, which is not to be a pause in draining. */
    private CompletableFuture<KernelSymbols> readSymbols() {
        return CompletableFuture.supplyAsync(() -> KernelSymbols.read(symbolsFile), reader);
    }

    /** Their names; what else the file says changes with their use. */
    private Set<String> modules() {
        try (Stream<String> lines = Files.lines(modulesFile, StandardCharsets.ISO_8859_1)) {
            return lines.map(line -> line.substring(0, Math.max(0, line.indexOf(' '))))
                    .collect(Collectors.toSet());
        } catch (IOException | UncheckedIOException none) {
            return Set.of();
        }
    }

    /** Waits until stacks can be told apart; false if they never can, as the kernel hides where its functions are. */
    boolean areReadable() {
        return !reading.join().areHidden();
    }

    @Override
    public void close() {
        reader.shutdown();
    }

    /** {@link Cause#OTHER} for a stack that is not known. */
    @Override
    public Cause apply(int stack) {
        if (stack < 0 || stack >= known.length) {
            return Cause.OTHER;
        }
        Cause cause = known[stack];
        return cause == null ? judge(stack) : cause;
    }

    /** A function that is not known may be of a module that was loaded since; until its symbols are read, that is open. */
    private Cause judge(int stack) {
        boolean complete = reading.isDone();
        if (complete && !reading.join().areHidden()) {
            symbols = reading.join();
        }
        Cause cause = cause(stacks.apply(stack), symbols);
        if (cause == Cause.OTHER && complete && modulesHaveChanged()) {
            reading = readSymbols();
        } else if (cause != Cause.OTHER || complete) {
            known[stack] = cause;
        }
        return cause;
    }

    private boolean modulesHaveChanged() {
        Set<String> now = modules();
        boolean changed = !now.equals(modules);
        modules = now;
        return changed;
    }

    /** @param stack return addresses, the innermost first, then zeroes */
    static Cause cause(long[] stack, KernelSymbols symbols) {
        Cause innermost = null;
        for (long address : stack) {
            Cause cause = address == 0 ? null : symbols.at(address);
            if (cause == Cause.COPY_UP) {
                return cause;
            }
            innermost = innermost == null ? cause : innermost;
        }
        return innermost == null ? Cause.OTHER : innermost;
    }
}
