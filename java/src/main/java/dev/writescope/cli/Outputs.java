package dev.writescope.cli;

import dev.writescope.latency.TraceRun;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Standard output as views need it, and what to say when it fails. */
final class Outputs {
    private Outputs() {}

    /** Unbuffered and without the error-swallowing of System.out. The JVM leaves it open. */
    static OutputStream standard() {
        return new FileOutputStream(FileDescriptor.out);
    }

    /** Whether standard output is a terminal; cheaper than asking the console, which loads a line editor. */
    static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | RuntimeException unknown) {
            return false;
        }
    }

    /** Says on standard error what failed; a reader that went away (head, less) is no failure. */
    static int report(List<TraceRun.SinkFailure> failures) {
        int code = ExitCode.FINE;
        for (TraceRun.SinkFailure failure : failures) {
            String message = failure.cause().getMessage();
            if (message != null && message.contains("Broken pipe")) {
                continue;
            }
            System.err.println("writescope: " + message);
            code = ExitCode.USAGE;
        }
        return code;
    }
}
