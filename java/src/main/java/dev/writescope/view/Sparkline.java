package dev.writescope.view;

/**
 * A row of bars on a logarithmic scale of its own: latencies differ by orders of magnitude, and so do rows. The
 * scale spans at least a factor of eight, or else noise would look like a mountain.
 */
final class Sparkline {
    private static final String BARS = "▁▂▃▄▅▆▇█";
    private static final double LEAST_SPAN = Math.log(8);

    private Sparkline() {}

    /** Zero is a gap. */
    static String of(float[] values) {
        float low = Float.MAX_VALUE;
        float high = 0;
        for (float value : values) {
            if (value > 0) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        double span = Math.max(LEAST_SPAN, Math.log(high / low));
        StringBuilder bars = new StringBuilder(values.length);
        for (float value : values) {
            bars.append(value > 0 ? bar(Math.log(value / low) / span) : ' ');
        }
        return bars.toString();
    }

    private static char bar(double height) {
        return BARS.charAt(Math.clamp((long) (height * BARS.length()), 0, BARS.length() - 1));
    }
}
