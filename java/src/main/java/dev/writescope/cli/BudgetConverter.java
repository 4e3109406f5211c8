package dev.writescope.cli;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** False alarms per container and day: a number up to 1000; 0 or off for no detector. */
final class BudgetConverter implements ITypeConverter<Double> {
    private static final Pattern FORM = Pattern.compile("\\d{1,4}(?:\\.\\d{1,6})?");
    private static final double MOST = 1000;

    @Override
    public Double convert(String text) {
        if (text.equals("off")) {
            return 0.0;
        }
        double budget = FORM.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
        if (!(budget <= MOST)) {
            throw new TypeConversionException(
                    "'" + text + "' is no number of false alarms: write it as 0.1, 1 or 24, up to 1000, or off");
        }
        return budget;
    }
}
