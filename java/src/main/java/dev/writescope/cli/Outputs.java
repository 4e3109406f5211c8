package dev.writescope.cli;

import dev.writescope.latency.TraceRun;
import dev.writescope.view.Printable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Standard output as views need it, and what to say on standard error. */
final class Outputs {
    private Outputs() {}

    /** Unbuffered and without the error-swallowing of System.out. The JVM leaves it open. */
    static OutputStream standard() {
        return new FileOutputStream(FileDescriptor.out);
    }

    /** A line on standard error. It may quote anybody's names and files: a terminal obeys none of them. */
    static void say(String line) {
        System.err.println("writescope: " + Printable.of(line));
    }

    /** Whether standard output is a terminal; cheaper than asking the console, which loads a line editor. */
    static boolean isTerminal() {
        return isTerminal(1);
    }

    /** Whether standard error is a terminal. */
    static boolean isErrorTerminal() {
        return isTerminal(2);
    }

    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | RuntimeException unknown) {
            return false;
        }
    }

    /** Whether the reader of our output went away (head, less): no failure of ours. */
    static boolean isClosedPipe(Exception failure) {
        String message = failure.getMessage();
        return failure instanceof IOException && message != null && message.contains("Broken pipe");
    }

    /** Says on standard error what failed. */
    static int report(List<TraceRun.SinkFailure> failures) {
        int code = ExitCode.FINE;
        for (TraceRun.SinkFailure failure : failures) {
            if (isClosedPipe(failure.cause())) {
                continue;
            }
            say(String.valueOf(failure.cause().getMessage()));
            code = ExitCode.USAGE;
        }
        return code;
    }
}
