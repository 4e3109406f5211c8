package dev.writescope.compare;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.Locale;

/** Figures in sentences. */
final class Words {
    private Words() {}

    /** Such as "P99.9". */
    static String quantile(double quantile) {
        return "P"
                + String.format(Locale.ROOT, Math.round(quantile * 1000) % 10 == 0 ? "%.0f" : "%.1f", quantile * 100);
    }

    /** A ratio as a change, such as "+21 %" or "-3.4 %". */
    static String change(double ratio) {
        double percent = 100 * (ratio - 1);
        return String.format(Locale.ROOT, Math.abs(percent) < 9.95 ? "%+.1f %%" : "%+.0f %%", percent);
    }

    /** A count without false exactness, such as "600" or "13000". */
    static String about(double count) {
        double unit = Math.pow(10, Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1));
        return String.format(Locale.ROOT, "%.0f", Math.ceil(count / unit) * unit);
    }

    static String seconds(Duration duration) {
        return digits(duration.toNanos() / 1e9, 3) + " s";
    }

    static String perSecond(double rate) {
        return digits(rate, 3) + "/s";
    }

    static String percent(double share) {
        return digits(100 * share, 2) + " %";
    }

    private static String digits(double value, int digits) {
        return new BigDecimal(value)
                .round(new MathContext(digits))
                .stripTrailingZeros()
                .toPlainString();
    }
}
