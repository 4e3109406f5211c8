package dev.writescope.export;

import dev.writescope.latency.Regression;
import dev.writescope.view.Printable;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A regression as environment variables, all of them always set, "" for what is merged or not known. Names cannot do
 * harm: control characters and what the locale cannot write are told as {@code \x{1b}}, and there is no NUL.
 */
final class RegressionEnvironment {
    /** Paths are shorter; the kernel refuses a variable above 128 KiB. */
    private static final int LONGEST = 8192;

    /** What the JVM writes the environment in; it would write ? for other characters. */
    private static final Charset LOCALE =
            Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"), StandardCharsets.UTF_8);

    private RegressionEnvironment() {}

    static Map<String, String> of(Regression regression) {
        return of(regression, LOCALE);
    }

    static Map<String, String> of(Regression regression, Charset locale) {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("STATE", regression.state().label());
        names.put("TIME", regression.time().toString());
        names.put("CONTAINER", regression.container().name());
        names.put("CONTAINER_ID", regression.container().id());
        names.put("NAMESPACE", regression.container().namespace());
        names.put("POD", regression.container().pod());
        names.put("OPERATION", regression.operation().label());
        names.put("KIND", regression.kind() == null ? "" : regression.kind().label());
        names.put("MOUNT", regression.mount() == null ? "" : regression.mount());
        names.put("QUANTILE", Double.toString(regression.quantile()));
        names.put("BASELINE_NS", Long.toString(regression.baselineNs()));
        names.put("CURRENT_NS", Long.toString(regression.currentNs()));
        names.put("RATIO", String.format(Locale.ROOT, "%.3f", regression.ratio()));
        names.put("SINCE", regression.since().toString());
        CharsetEncoder encoder = locale.newEncoder();
        Map<String, String> variables = new LinkedHashMap<>();
        names.forEach((name, value) -> variables.put("WRITESCOPE_" + name, harmless(value, encoder)));
        return variables;
    }

    private static String harmless(String value, CharsetEncoder encoder) {
        String safe = Printable.of(value.substring(0, Math.min(LONGEST, value.length())));
        if (encoder.canEncode(safe)) {
            return safe;
        }
        StringBuilder plain = new StringBuilder();
        safe.codePoints().forEach(codePoint -> {
            if (encoder.canEncode(Character.toString(codePoint))) {
                plain.appendCodePoint(codePoint);
            } else {
                Printable.escape(codePoint, plain);
            }
        });
        return plain.toString();
    }
}
