package dev.writescope.view;

/** Latencies for people. */
public final class Durations {
    private Durations() {}

    /** Nanoseconds with three figures and a unit: {@code 0.57 µs}, {@code 12.3 ms}, {@code 1.23 s}. */
    public static String format(long ns) {
        if (ns < 999_500) {
            return Figures.three(ns / 1e3) + " µs";
        }
        if (ns < 999_500_000) {
            return Figures.three(ns / 1e6) + " ms";
        }
        return Figures.three(ns / 1e9) + " s";
    }

    /** The same with a unit that is always two wide, for a column; "-" for a negative value. */
    static String cell(long ns) {
        if (ns < 0) {
            return "-";
        }
        String text = format(ns);
        return text.endsWith(" s") ? text.replace(" s", "  s") : text;
    }
}
