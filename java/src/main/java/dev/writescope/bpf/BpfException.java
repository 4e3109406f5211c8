package dev.writescope.bpf;

import java.io.IOException;

/** The kernel or libbpf refused something. The message is one line: what was tried, the reason, what to do. */
public final class BpfException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;
    private final String verifierLog;

    BpfException(String what, int errno) {
        this(what, errno, "");
    }

    BpfException(String what, int errno, String verifierLog) {
        super(what + ": " + Errno.describe(errno));
        this.errno = errno;
        this.verifierLog = verifierLog;
    }

    private BpfException(String message) {
        super(message);
        this.errno = 0;
        this.verifierLog = "";
    }

    /** Nothing was refused, but it does not work all the same. */
    public static BpfException withoutErrno(String message) {
        return new BpfException(message);
    }

    /** The errno of the failed call, positive; 0 if there was none. */
    public int errno() {
        return errno;
    }

    /** True when more privileges might help; the verifier's refusals look alike but come with its log. */
    public boolean permissionDenied() {
        return errno == Errno.EPERM || (errno == Errno.EACCES && verifierLog.isEmpty());
    }

    /** The verifier's words on the program it refused, or empty. */
    public String verifierLog() {
        return verifierLog;
    }
}
