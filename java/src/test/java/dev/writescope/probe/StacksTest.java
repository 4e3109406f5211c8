package dev.writescope.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.probe.Wait.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StacksTest {
    private static final String KERNEL = """
            ffffffff81000000 T schedule
            ffffffff81001000 T blkdev_issue_flush
            ffffffff81002000 T do_fsync
            """;
    private static final long FLUSH = 0xffffffff8100104aL;
    private static final long MODULE = 0xffffffffc0000017L;

    @TempDir
    Path proc;

    private Path symbols;
    private Path modules;
    /** The number of a stack is that of its address here. */
    private final long[] addresses = {FLUSH, MODULE};

    @BeforeEach
    void kernel() throws IOException {
        symbols = Files.writeString(proc.resolve("kallsyms"), KERNEL);
        modules = Files.writeString(proc.resolve("modules"), "loop 45056 4 - Live 0xffffffffc0214000\n");
    }

    private Stacks stacks() {
        Stacks stacks = new Stacks(
                stack -> new long[] {0xffffffff81000027L, addresses[stack], 0xffffffff81002039L, 0}, symbols, modules);
        assertThat(stacks.areReadable()).isTrue();
        return stacks;
    }

    @Test
    void theFunctionOnTheStackSaysWhatIsWaitedFor() {
        assertThat(stacks().apply(0)).isEqualTo(Cause.FLUSH);
    }

    @Test
    void functionsOfAModuleThatWasLoadedLaterAreFound() throws IOException {
        Stacks stacks = stacks();
        Files.writeString(symbols, KERNEL + "ffffffffc0000000 t xfs_log_force\t[xfs]\n");
        Files.writeString(modules, "xfs 2048 1 - Live 0xffffffffc0000000\nloop 45056 4 - Live 0xffffffffc0214000\n");
        assertThat(stacks.apply(1)).isEqualTo(Cause.OTHER);
        assertThat(stacks.areReadable()).isTrue();
        assertThat(stacks.apply(1)).isEqualTo(Cause.COMMIT);
    }

    /** As they are for a process that has given up its capabilities meanwhile. */
    @Test
    void whatWasKnownStaysKnownWhenTheKernelHidesItsAddresses() throws IOException {
        Stacks stacks = stacks();
        Files.writeString(symbols, KERNEL.replaceAll("(?m)^[0-9a-f]+", "0000000000000000"));
        Files.writeString(modules, "xfs 2048 1 - Live 0x0000000000000000\nloop 45056 4 - Live 0x0000000000000000\n");
        assertThat(stacks.apply(1)).isEqualTo(Cause.OTHER);
        assertThat(stacks.areReadable()).isFalse();
        assertThat(stacks.apply(0)).isEqualTo(Cause.FLUSH);
    }

    @Test
    void aModuleThatIsUsedMoreThanBeforeIsNoNewModule() throws IOException {
        Stacks stacks = stacks();
        Files.writeString(modules, "loop 45056 5 - Live 0x0000000000000000\n");
        Files.delete(symbols); // so that another reading would show
        assertThat(stacks.apply(1)).isEqualTo(Cause.OTHER);
        assertThat(stacks.areReadable()).isTrue();
    }
}
