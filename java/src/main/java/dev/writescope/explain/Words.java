package dev.writescope.explain;

import dev.writescope.container.Container;
import dev.writescope.latency.Activity;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Operation;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Figures and names in sentences, the same in every locale. Names are as they are: whoever prints makes them safe. */
final class Words {
    /** A path may have 4096 characters, and says most at its two ends. */
    private static final int LONGEST_NAME = 100;

    private Words() {}

    static String duration(long ns) {
        return duration((double) ns);
    }

    static String bytes(long bytes) {
        return bytes((double) bytes);
    }

    static String duration(double ns) {
        if (ns < 995_000) {
            return two(ns / 1e3) + " µs";
        }
        return ns < 995_000_000 ? two(ns / 1e6) + " ms" : two(ns / 1e9) + " s";
    }

    static String bytes(double bytes) {
        if (bytes < 995) {
            return two(bytes) + " B";
        }
        if (bytes < 995_000) {
            return two(bytes / 1e3) + " kB";
        }
        return bytes < 995_000_000 ? two(bytes / 1e6) + " MB" : two(bytes / 1e9) + " GB";
    }

    /** A share as a whole number of percent; something is never 0 %. */
    static String percent(double share) {
        double percent = 100 * share;
        return percent > 0 && percent < 1 ? "<1 %" : Math.round(percent) + " %";
    }

    /** How often something happens, such as "12/s". */
    static String rate(double perSecond) {
        return (perSecond >= 100 ? String.format(Locale.ROOT, "%.0f", perSecond) : two(perSecond)) + "/s";
    }

    static String count(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }

    static String figure(double value) {
        return two(value);
    }

    private static String two(double value) {
        return value >= 100
                ? Long.toString(Math.round(value))
                : BigDecimal.valueOf(value)
                        .round(new MathContext(2))
                        .stripTrailingZeros()
                        .toPlainString();
    }

    static String quantile(double quantile) {
        return "P"
                + BigDecimal.valueOf(quantile)
                        .movePointRight(2)
                        .stripTrailingZeros()
                        .toPlainString();
    }

    /** Cut in the middle when it is too long to read. */
    static String name(String name) {
        int length = name.codePointCount(0, name.length());
        if (length <= LONGEST_NAME) {
            return name;
        }
        int half = LONGEST_NAME / 2;
        return name.substring(0, name.offsetByCodePoints(0, half))
                + "…"
                + name.substring(name.offsetByCodePoints(0, length - half + 1));
    }

    /** What a process does to a file, such as "dd[4211] writes /data/big at 412 MB/s (buffered, 262 kB each)". */
    static String activity(Activity activity, double seconds) {
        String who = activity.isOthers() ? "others" : name(activity.comm()) + "[" + activity.pid() + "]";
        String file = activity.file().isEmpty() ? "a file" : name(activity.file());
        if (activity.kind() == Kind.COPY_UP) {
            return who + " opens " + file + ", which is copied up, in "
                    + duration((double) activity.totalNs() / Math.max(1, activity.count()));
        }
        if (activity.kind().operation() != Operation.WRITE) {
            return who + " calls " + activity.kind().label() + " on " + file + " " + rate(activity.count() / seconds)
                    + ", " + duration((double) activity.totalNs() / Math.max(1, activity.count())) + " each";
        }
        return who + " writes " + file + " at " + bytes(activity.bytes() / seconds) + "/s ("
                + activity.kind().label() + ", " + bytes((double) activity.bytes() / Math.max(1, activity.count()))
                + " each)";
    }

    static String name(Container container) {
        return name(
                container.service().isEmpty()
                        ? container.displayName()
                        : container.displayName() + "/" + container.service());
    }
}
