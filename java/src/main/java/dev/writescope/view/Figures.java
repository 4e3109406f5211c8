package dev.writescope.view;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Numbers for people: three figures, the same in every locale. */
final class Figures {
    private static final long[] POWERS = {1, 10, 100};

    private Figures() {}

    /** {@code 0.57}, {@code 1.23}, {@code 12.3}, {@code 123}, {@code 1234}. */
    static String three(double value) {
        int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
        long scaled = Math.round(value * POWERS[decimals]);
        return BigDecimal.valueOf(scaled, decimals)
                .setScale(decimals, RoundingMode.UNNECESSARY)
                .toPlainString();
    }

    /** Events per second: {@code 0}, {@code 0.20}, {@code 12.3k}, {@code 1.23M}. */
    static String rate(double perSecond) {
        if (perSecond <= 0) {
            return "0";
        }
        if (perSecond < 999.5) {
            return three(perSecond);
        }
        return perSecond < 999_500 ? three(perSecond / 1e3) + "k" : three(perSecond / 1e6) + "M";
    }

    /** 10⁶ bytes per second. */
    static String megabytes(double bytes) {
        return bytes <= 0 ? "0" : three(bytes / 1e6);
    }

    /** A size in decimal units: {@code 512 B}, {@code 8.19 kB}, {@code 61.2 MB}. */
    static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        if (bytes < 999_500) {
            return three(bytes / 1e3) + " kB";
        }
        return bytes < 999_500_000 ? three(bytes / 1e6) + " MB" : three(bytes / 1e9) + " GB";
    }

    /** {@code part} of {@code whole}; never "0 %" when there is a part. */
    static String percent(double part, double whole) {
        if (part <= 0 || whole <= 0) {
            return "0 %";
        }
        double percent = 100 * part / whole;
        return percent < 0.01 ? "<0.01 %" : three(percent) + " %";
    }

    static String share(long part, long whole) {
        return percent((double) part, (double) whole);
    }
}
