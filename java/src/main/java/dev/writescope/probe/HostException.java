package dev.writescope.probe;

import dev.writescope.bpf.BpfException;
import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    /** The verifier's words on each program it refused, or empty: for whoever debugs the programs. */
    public String verifierLogs() {
        return Stream.concat(Stream.ofNullable(getCause()), Stream.of(getSuppressed()))
                .filter(BpfException.class::isInstance)
                .map(refused -> ((BpfException) refused).verifierLog())
                .filter(log -> !log.isEmpty())
                .collect(Collectors.joining("\n"));
    }
}
