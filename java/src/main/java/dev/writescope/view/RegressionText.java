package dev.writescope.view;

import dev.writescope.latency.Regression;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A regression as one line of terminal text. */
final class RegressionText {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private RegressionText() {}

    /** Such as {@code 14:03:17Z  db  fsync P99 2.10 ms -> 93.0 ms (x44.3) since 14:03:01Z  REGRESSED}. */
    static String line(Regression regression) {
        return CLOCK.format(regression.time()) + "  " + Printable.of(regression.container()) + "  " + of(regression);
    }

    /** Without time and container. */
    static String of(Regression regression) {
        return subject(regression) + " " + quantile(regression.quantile()) + " "
                + Durations.format(regression.baselineNs()) + " -> " + Durations.format(regression.currentNs()) + " (x"
                + Figures.three(regression.ratio()) + ") since " + CLOCK.format(regression.since()) + "  "
                + verdict(regression.state());
    }

    /** Such as {@code write/direct on /data}. */
    private static String subject(Regression regression) {
        String operation = regression.operation().label();
        String kind = regression.kind() == null ? "" : "/" + regression.kind().label();
        String mount = regression.mount() == null ? "" : " on " + place(regression.mount());
        return operation + kind + mount;
    }

    private static String place(String mount) {
        return mount.isEmpty() ? "an unknown mount" : Printable.of(mount);
    }

    /** {@code P50}, {@code P99}, {@code P99.9}. */
    static String quantile(double quantile) {
        return "P"
                + BigDecimal.valueOf(quantile)
                        .movePointRight(2)
                        .stripTrailingZeros()
                        .toPlainString();
    }

    private static String verdict(Regression.State state) {
        return switch (state) {
            case ALARM -> "REGRESSED";
            case RECOVERED -> "recovered";
            case ACCEPTED -> "accepted as the new normal";
        };
    }
}
