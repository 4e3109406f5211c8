package dev.writescope.probe;

import java.util.Objects;

/**
 * One thing that was looked at to see whether this host can be traced.
 *
 * @param name what was looked at, a word or two
 * @param finding one line
 * @param remedy one line, a command where there is one; empty when there is nothing to do
 */
public record Check(String name, Status status, String finding, String remedy) {
    /** What it means for tracing. */
    public enum Status {
        OK,
        /** Tracing works, but shows less. */
        WARN,
        /** Tracing does not work. */
        FAIL
    }

    public Check {
        Objects.requireNonNull(finding);
        Objects.requireNonNull(remedy);
    }

    public static Check ok(String name, String finding) {
        return new Check(name, Status.OK, finding, "");
    }

    public static Check warn(String name, String finding, String remedy) {
        return new Check(name, Status.WARN, finding, remedy);
    }

    public static Check fail(String name, String finding, String remedy) {
        return new Check(name, Status.FAIL, finding, remedy);
    }
}
