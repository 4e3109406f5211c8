package dev.writescope.probe;

import dev.writescope.bpf.BpfException;
import dev.writescope.bpf.BpfObject;
import dev.writescope.bpf.RunStatistics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether attached programs run at all: one that attaches to a function which the compiler has inlined into its
 * callers is silent for ever.
 */
final class SelfCheck {
    private static final List<Path> PLACES =
            List.of(Path.of(System.getProperty("java.io.tmpdir")), Path.of("/dev/shm"), Path.of("/run"));

    /** What the calls below must come by. vfs_fsync_range may be inlined: then its callers are seen at the calls. */
    private static final List<String> EXERCISED = List.of("sys_fsync", "sys_fdatasync", "write");

    private SelfCheck() {}

    /**
     * Writes and syncs a file without a name, while the object is attached.
     *
     * @return the functions that were called without their program having run; empty also if that cannot be known here
     */
    static List<String> silentFunctions(BpfObject object, HookPlan plan) {
        try (RunStatistics _ = RunStatistics.enable()) {
            return exercise() ? silent(object, plan) : List.of();
        } catch (BpfException notPermitted) {
            return List.of();
        }
    }

    private static List<String> silent(BpfObject object, HookPlan plan) {
        List<String> silent = new ArrayList<>();
        for (Backend.FunctionHook hook : Backend.FUNCTIONS) {
            if (plan.files() != null
                    && EXERCISED.contains(hook.program())
                    && plan.traces(hook.operation())
                    && object.info(hook.entry(plan.files())).runs() == 0) {
                silent.add(hook.function());
            }
        }
        return silent;
    }

    private static boolean exercise() {
        return PLACES.stream().anyMatch(SelfCheck::exercise);
    }

    private static boolean exercise(Path place) {
        try {
            Path file = Files.createTempFile(place, "writescope", null);
            try (FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
                channel.write(ByteBuffer.allocate(1));
                channel.force(true);
                channel.force(false);
                return true;
            }
        } catch (IOException notHere) {
            return false;
        }
    }
}
