package dev.writescope.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Shares as people write them: 10%, 99.9%, 5 %; 0.1 for 10 %. */
final class PercentConverter implements ITypeConverter<Double> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,4}(?:\\.\\d{1,6})?) ?%");

    @Override
    public Double convert(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' is no percentage: write it as 10%");
        }
        return Double.parseDouble(matcher.group(1)) / 100;
    }
}
