package dev.writescope.probe;

import dev.writescope.bpf.BpfException;
import java.io.IOException;

/** This host cannot be traced. The message is one line that says why and what to do. */
public final class HostException extends IOException {
    private static final long serialVersionUID = 1L;

    public HostException(String message) {
        super(message);
    }

    private HostException(String message, BpfException cause) {
        super(message, cause);
    }

    static HostException of(BpfException refused) {
        String advice = refused.permissionDenied()
                ? ": run as root, or with CAP_BPF and CAP_PERFMON; see writescope doctor"
                : ": see writescope doctor";
        return new HostException(refused.getMessage() + advice, refused);
    }
}
