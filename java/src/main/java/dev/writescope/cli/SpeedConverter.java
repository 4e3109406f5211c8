package dev.writescope.cli;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How fast to replay: 0.5, 1, 20, or max, which is positive infinity. */
final class SpeedConverter implements ITypeConverter<Double> {
    private static final Pattern FORM = Pattern.compile("\\d{1,6}(?:\\.\\d{1,6})?");

    @Override
    public Double convert(String text) {
        if (text.equals("max")) {
            return Double.POSITIVE_INFINITY;
        }
        double speed = FORM.matcher(text).matches() ? Double.parseDouble(text) : 0;
        if (speed == 0) {
            throw new TypeConversionException("'" + text + "' is no speed: write it as 0.5, 1, 20 or max");
        }
        return speed;
    }
}
