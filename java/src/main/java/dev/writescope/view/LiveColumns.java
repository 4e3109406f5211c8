package dev.writescope.view;

import dev.writescope.container.Container;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of the live view fit a width, and how a row looks in them. The name always stays; the others
 * leave by rank, the highest first. Spare room goes to the name and to a longer sparkline.
 */
final class LiveColumns {
    private static final int[] SPARK_CELLS = {60, 30, 20, 15, 12};
    private static final int LEAST_SPARK = 12;
    private static final int LONGEST_NAME = 60;
    private static final int FIGURE = 7;
    private static final String REGRESSED = "! ";

    private record Cell(String text, AttributedStyle style) {}

    private record Column(String title, int width, int rank, boolean left, Function<LiveRow, Cell> cell) {}

    private final LiveModel model;
    private final boolean detail;
    private final boolean phases;
    private final String sparkTitle;
    private final String gap;
    private final int nameWidth;
    private final int sparkCells;
    private final List<Column> columns;

    LiveColumns(LiveModel model, @Nullable Container focus, List<LiveRow> shown, int width) {
        this.model = model;
        this.detail = focus != null;
        this.phases = shown.stream().anyMatch(row -> row.key().isPhase());
        this.sparkTitle = sparkTitle(model.start().interval());
        this.gap = width < 100 ? " " : "  ";
        int leastName = Math.min(width, width < 40 ? 8 : width < 100 ? 14 : 20);
        this.columns = fitting(all(placeWidth(shown, width), opWidth(shown)), width - leastName);
        int spare = width - leastName - columns.stream().mapToInt(this::taken).sum();
        int longest =
                shown.stream().mapToInt(row -> Printable.width(name(row))).max().orElse(0);
        int moreName = Math.clamp(Math.min(longest, LONGEST_NAME) - leastName, 0, spare);
        this.nameWidth = leastName + moreName;
        this.sparkCells = cells(LEAST_SPARK + spare - moreName);
    }

    /** Says how far back the bars go: 60 intervals. */
    private static String sparkTitle(Duration interval) {
        long seconds = interval.multipliedBy(LiveRow.TICKS).toSeconds();
        return seconds < 120 ? "P99 " + seconds + "s" : "P99 " + seconds / 60 + "min";
    }

    /** As wide as the longest, but no more than a fifth of the screen. */
    private static int placeWidth(List<LiveRow> shown, int width) {
        int longest = shown.stream()
                .mapToInt(row -> Printable.width(Table.mount(row.key().place())))
                .max()
                .orElse(0);
        return Math.clamp(longest, 8, Math.max(8, width / 5));
    }

    /** As wide as the longest operation. */
    private static int opWidth(List<LiveRow> shown) {
        return shown.stream().mapToInt(row -> row.key().name().length()).reduce(5, Math::max);
    }

    private List<Column> all(int placeWidth, int opWidth) {
        List<Column> all = new ArrayList<>();
        if (detail) {
            all.add(new Column(
                    "MOUNT",
                    placeWidth,
                    3,
                    true,
                    row -> plain(Printable.squeeze(Table.mount(row.key().place()), placeWidth))));
            if (phases) {
                all.add(new Column(
                        "SHARE", 6, 1, false, row -> plain(row.staged().share())));
            }
            all.add(new Column(
                    "DEVICE",
                    7,
                    8,
                    true,
                    row -> plain(Table.orDash(row.key().place().device()))));
        } else {
            all.add(new Column("OP", opWidth, 1, true, row -> plain(row.key().name())));
        }
        all.add(new Column(sparkTitle, LEAST_SPARK, 4, true, row -> plain(spark(row))));
        all.add(new Column(
                "OPS/s",
                6,
                2,
                false,
                row -> plain(Figures.rate(perSecond(row, row.row().count())))));
        all.add(latency("P50", 7, row -> row.row().p50Ns()));
        all.add(latency("P90", 10, row -> row.row().p90Ns()));
        all.add(new Column("P99", FIGURE, 0, false, this::p99));
        all.add(latency("P99.9", 9, row -> row.row().p999Ns()));
        all.add(latency("MAX", 5, row -> row.row().maxNs()));
        if (!detail && model.summary().all().stream().anyMatch(row -> row.key().operation() == Operation.BLOCK)) {
            all.add(latency("QUE P99", 13, row -> row.staged().queueP99Ns()));
            all.add(latency("DEV P99", 12, row -> row.staged().deviceP99Ns()));
        }
        all.add(new Column(
                "MB/s",
                6,
                11,
                false,
                row -> plain(Figures.megabytes(perSecond(row, row.row().bytes())))));
        all.add(new Column("ERR", 4, 6, false, LiveColumns::errors));
        return all;
    }

    private static Column latency(String title, int rank, Function<LiveRow, Long> ns) {
        return new Column(title, FIGURE, rank, false, row -> plain(Durations.cell(ns.apply(row))));
    }

    private List<Column> fitting(List<Column> all, int width) {
        List<Column> kept = new ArrayList<>(all);
        List<Column> leaving = new ArrayList<>(all);
        leaving.sort(Comparator.comparingInt(Column::rank).reversed());
        for (Column column : leaving) {
            if (kept.stream().mapToInt(this::taken).sum() > width) {
                kept.remove(column);
            }
        }
        return kept;
    }

    private int taken(Column column) {
        return gap.length() + column.width();
    }

    private static int cells(int room) {
        for (int cells : SPARK_CELLS) {
            if (cells <= room) {
                return cells;
            }
        }
        return LEAST_SPARK;
    }

    AttributedString header(SortOrder sort) {
        AttributedStringBuilder line = new AttributedStringBuilder();
        String name = detail ? "OPERATION" : "CONTAINER";
        line.styled(LiveStyle.BOLD, Printable.left((sort == SortOrder.CONTAINER ? "▲" : "") + name, nameWidth));
        for (Column column : columns) {
            boolean sorted = column.title().equals(sort.column());
            line.append(gap).styled(LiveStyle.BOLD, fill(column, (sorted ? "▼" : "") + column.title()));
        }
        return line.toAttributedString();
    }

    AttributedString row(LiveRow row) {
        boolean old = row.lastTick() != model.tick();
        boolean alarm = model.alarms().on(row.key());
        AttributedStringBuilder line = new AttributedStringBuilder();
        line.styled(
                alarm ? LiveStyle.ALARM : old ? LiveStyle.FAINT : LiveStyle.PLAIN,
                Printable.left(Printable.squeeze(name(row), nameWidth), nameWidth));
        for (Column column : columns) {
            Cell cell = column.cell().apply(row);
            line.append(gap).styled(old ? LiveStyle.FAINT : cell.style(), fill(column, cell.text()));
        }
        return line.toAttributedString();
    }

    private String fill(Column column, String text) {
        int width = column.title().equals(sparkTitle) ? sparkCells : column.width();
        return column.left() ? Printable.left(text, width) : Printable.right(text, width);
    }

    /** With a sign that needs no colour for what has regressed. */
    private String name(LiveRow row) {
        return model.alarms().on(row.key()) ? REGRESSED + plainName(row.key()) : plainName(row.key());
    }

    private String plainName(RowKey key) {
        if (!detail) {
            return Printable.of(key.container());
        }
        String operation = key.operation().label() + " " + Table.kind(key);
        String indent = key.isPhase() ? "  " : "";
        return key.stage() == Stage.TOTAL ? operation : indent + operation + " " + key.phase();
    }

    private String spark(LiveRow row) {
        return Sparkline.of(row.history(model.tick(), sparkCells));
    }

    private Cell p99(LiveRow row) {
        return new Cell(Durations.cell(row.row().p99Ns()), LiveStyle.ofTrend(row.trend(model.tick())));
    }

    private static Cell errors(LiveRow row) {
        return new Cell(
                Long.toString(row.row().errors()), LiveStyle.alarmIf(row.row().errors() > 0));
    }

    private double perSecond(LiveRow row, long amount) {
        return row.lastTick() == model.tick() ? amount / model.seconds() : 0;
    }

    private static Cell plain(String text) {
        return new Cell(text, LiveStyle.PLAIN);
    }
}
