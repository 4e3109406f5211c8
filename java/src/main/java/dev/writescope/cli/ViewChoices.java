package dev.writescope.cli;

import dev.writescope.view.Grouping;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Option;

/** How finely views tell operations apart. */
final class ViewChoices {
    @Option(
            names = "--by",
            split = ",",
            paramLabel = "DIMENSION",
            description = "Tell apart by mount, device or kind; without it they are merged.")
    List<String> by = new ArrayList<>();

    Grouping grouping() throws UsageException {
        Set<Grouping.Dimension> dimensions = EnumSet.noneOf(Grouping.Dimension.class);
        for (String name : by) {
            try {
                dimensions.add(Grouping.Dimension.valueOf(name.strip().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException unknown) {
                throw new UsageException("cannot tell apart by '" + name + "': choose from mount, device, kind");
            }
        }
        return new Grouping(dimensions);
    }
}
