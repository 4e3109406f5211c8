package dev.writescope.probe;

import java.util.List;

/**
 * How one operation is observed on this host.
 *
 * @param backend the kind of program, as in JSON: "fentry", "kprobe", "tp_btf", "raw_tp", "tracepoint"
 * @param misses what this backend cannot see, in words a user understands; empty when nothing
 */
public record Coverage(Operation operation, String backend, List<String> misses) {
    public Coverage {
        misses = List.copyOf(misses);
    }
}
