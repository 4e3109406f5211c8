package dev.writescope.cli;

import dev.writescope.latency.IntervalSink;
import dev.writescope.latency.Judge;
import dev.writescope.view.Grouping;
import dev.writescope.view.JsonLines;
import dev.writescope.view.LiveTerminal;
import dev.writescope.view.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which view, and how finely it tells operations apart. */
final class ViewChoices {
    enum Format {
        live,
        table,
        json
    }

    @Option(
            names = "--format",
            paramLabel = "live|table|json",
            description = "live: full screen; table: text; json: one object a line."
                    + " Default: live on a terminal, else table.")
    @Nullable
    Format format;

    @Option(
            names = "--by",
            split = ",",
            paramLabel = "DIMENSION",
            description = "Tell apart by mount, device or kind; without it they are merged. By phase: what syncs and"
                    + " writes wait for, which costs each of them a few microseconds.")
    List<String> by = new ArrayList<>();

    /** The view that will be shown: live needs a terminal. */
    Format shown() {
        if (!Outputs.isTerminal()) {
            return format == Format.json ? Format.json : Format.table;
        }
        return format == null ? Format.live : format;
    }

    /**
     * Opens the view on standard output.
     *
     * @param judge asked whether it judges, where its flags are shown
     * @param stop ends the run when the user asks the view to; from any thread
     */
    IntervalSink open(Judge judge, Runnable stop) throws IOException, UsageException {
        Grouping grouping = grouping();
        return switch (shown()) {
            case live -> new LiveTerminal(grouping, judge, stop);
            case table -> new Table(Outputs.standard(), grouping, judge);
            case json -> new JsonLines(Outputs.standard(), grouping);
        };
    }

    /** Whether what happens to one mount is told apart from what happens to another. */
    boolean perMount() throws UsageException {
        return grouping().keeps(Grouping.Dimension.MOUNT);
    }

    /** Whether it is shown where the time of operations goes. */
    boolean phases() throws UsageException {
        return grouping().keeps(Grouping.Dimension.PHASE);
    }

    private Grouping grouping() throws UsageException {
        Set<Grouping.Dimension> dimensions = EnumSet.noneOf(Grouping.Dimension.class);
        for (String name : by) {
            try {
                dimensions.add(Grouping.Dimension.valueOf(name.strip().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException unknown) {
                throw new UsageException("cannot tell apart by '" + name + "': choose from mount, device, kind, phase");
            }
        }
        return new Grouping(dimensions);
    }

    /** @throws UsageException if the options do not make sense */
    void check() throws UsageException {
        grouping();
    }
}
