package dev.writescope.gate;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Figures in a sentence, the same in every locale. */
final class Phrase {
    private Phrase() {}

    /** Two figures and a unit: {@code 41 ms}. */
    static String duration(long ns) {
        if (ns < 995_000) {
            return two(ns / 1e3) + " µs";
        }
        if (ns < 995_000_000) {
            return two(ns / 1e6) + " ms";
        }
        return two(ns / 1e9) + " s";
    }

    private static String two(double value) {
        return BigDecimal.valueOf(value).round(new MathContext(2)).toPlainString();
    }

    /** A ratio as a change: {@code +38 %}, {@code −4 %}, and from fivefold on {@code × 7.3}. */
    static String change(double ratio) {
        if (ratio >= 5) {
            return String.format(Locale.ROOT, "× %.1f", ratio);
        }
        double percent = 100 * (ratio - 1);
        String form = Math.abs(percent) < 9.95 ? "%.1f %%" : "%.0f %%";
        String size = String.format(Locale.ROOT, form, Math.abs(percent));
        return (size.equals("0.0 %") ? "±" : percent < 0 ? "−" : "+") + size;
    }

    /** A quantile as people write it: {@code P99}, {@code P99.9}. */
    static String quantile(double quantile) {
        return "P"
                + BigDecimal.valueOf(quantile)
                        .movePointRight(2)
                        .stripTrailingZeros()
                        .toPlainString();
    }
}
