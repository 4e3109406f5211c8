package dev.writescope.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Sizes of rings: 64k, 1m, 8m; powers of two from a page to a GiB, as the kernel wants them. */
final class SizeConverter implements ITypeConverter<Integer> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})([kKmM]?)");

    @Override
    public Integer convert(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' is no size: write it as 256k or 4m");
        }
        int shift = switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
            case "k" -> 10;
            case "m" -> 20;
            default -> 0;
        };
        long size = Long.parseLong(matcher.group(1)) << shift;
        if (size < 4096 || size > 1 << 30 || Long.bitCount(size) != 1) {
            throw new TypeConversionException("'" + text + "' is not a power of two from 4k to 1024m");
        }
        return (int) size;
    }
}
