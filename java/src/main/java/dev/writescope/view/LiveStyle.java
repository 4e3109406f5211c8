package dev.writescope.view;

import org.jline.utils.AttributedStyle;

/** The few colours of the live view: they mark what needs attention, and nothing else. */
final class LiveStyle {
    static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
    static final AttributedStyle FAINT = AttributedStyle.DEFAULT.faint();
    static final AttributedStyle BOLD = AttributedStyle.BOLD;
    static final AttributedStyle WARN = AttributedStyle.DEFAULT.foreground(AttributedStyle.YELLOW);
    static final AttributedStyle ALARM = AttributedStyle.BOLD.foreground(AttributedStyle.RED);

    private static final double WORSE = 2;
    private static final double MUCH_WORSE = 4;

    private LiveStyle() {}

    /** For a latency that is {@code trend} times what it has been of late. */
    static AttributedStyle ofTrend(double trend) {
        return trend >= MUCH_WORSE ? ALARM : trend >= WORSE ? WARN : PLAIN;
    }

    static AttributedStyle alarmIf(boolean alarm) {
        return alarm ? ALARM : PLAIN;
    }
}
