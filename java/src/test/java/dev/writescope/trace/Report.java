package dev.writescope.trace;

import java.util.List;
import java.util.function.Predicate;

/** What a finished command printed. */
record Report(int status, List<JsonLine> lines, String errors) {
    JsonLine end() {
        return Rows.of(lines, "end").lines().getLast();
    }

    /** The rows of the whole run. */
    Rows totals() {
        return Rows.of(lines, "total");
    }

    Rows intervals() {
        return Rows.of(lines, "interval");
    }

    List<JsonLine> slow() {
        return Rows.of(lines, "slow").lines();
    }

    List<JsonLine> regressions() {
        return Rows.of(lines, "regression").lines();
    }

    long lost() {
        JsonLine end = end();
        return end.number("lost.fsync") + end.number("lost.write") + end.number("lost.block");
    }

    /** Some of the lines. */
    record Rows(List<JsonLine> lines) {
        private static Rows of(List<JsonLine> lines, String type) {
            return new Rows(lines).where("type", type);
        }

        Rows where(String name, String value) {
            return where(line -> line.is(name, value));
        }

        Rows where(Predicate<JsonLine> condition) {
            return new Rows(lines.stream().filter(condition).toList());
        }

        long sum(String name) {
            return lines.stream().mapToLong(line -> line.number(name)).sum();
        }

        long count() {
            return sum("count");
        }

        /** Of operations as a whole: without the stages of block requests. */
        Rows of(String container, String operation) {
            return where("container", container).where("operation", operation).where("stage", "total");
        }
    }
}
