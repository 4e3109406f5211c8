package dev.writescope.cli;

import dev.writescope.latency.TraceRun;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Standard output as views need it, and what to say when it fails. */
final class Outputs {
    private Outputs() {}

    /** Unbuffered and without the error-swallowing of System.out. The JVM leaves it open. */
    static OutputStream standard() {
        return new FileOutputStream(FileDescriptor.out);
    }

    /** Writes a whole file or says in one line why not. */
    static void write(byte[] content, Path file) throws UsageException {
        try {
            Files.write(file, content);
        } catch (NoSuchFileException absent) {
            throw new UsageException("the directory of " + file + " does not exist: create it first");
        } catch (AccessDeniedException refused) {
            throw new UsageException("cannot write " + file + ": permission denied: choose another place");
        } catch (IOException failed) {
            String reason = Files.isDirectory(file) ? "it is a directory" : failed.getMessage();
            throw new UsageException("cannot write " + file + ": " + reason + ": choose another place");
        }
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
            System.err.println("writescope: " + failure.cause().getMessage());
            code = ExitCode.USAGE;
        }
        return code;
    }
}
