package dev.writescope.gate;

import java.util.List;

/**
 * One side of the comparison.
 *
 * @param name "baseline" or "candidate"
 * @param command what is run for it: a program with its arguments
 */
record Arm(String name, List<String> command) {
    Arm {
        command = List.copyOf(command);
    }

    static Arm candidate(List<String> command) {
        return new Arm("candidate", command);
    }

    static Arm baseline(String shellCommand) {
        return new Arm("baseline", List.of("/bin/sh", "-c", shellCommand));
    }
}
