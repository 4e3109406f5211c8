package dev.writescope.explain;

import java.util.List;

/**
 * What can be done about a cause.
 *
 * @param what one clause, to follow "Suggested:"
 * @param lines to paste, names shell-quoted or quoted as their format asks for; empty where there is nothing to paste
 * @param price what it costs: durability, safety, time, money
 */
public record Remedy(String what, List<String> lines, String price) {
    public Remedy {
        lines = List.copyOf(lines);
    }
}
