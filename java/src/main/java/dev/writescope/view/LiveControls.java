package dev.writescope.view;

import dev.writescope.container.Container;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the person at the live view has chosen: order, filters, selection, which screen. Not thread-safe. */
final class LiveControls {
    private static final int PAGE = 10;

    private SortOrder sort = SortOrder.P99;
    private @Nullable Operation operation;
    private String name = "";
    private @Nullable LineEdit editing;
    private @Nullable Container focus;
    private @Nullable RowKey selected;
    private @Nullable RowKey selectedDetail;
    private @Nullable LiveModel frozen;
    private boolean help;

    /** Applies a key; false when it asks to end the run. */
    boolean key(Key key, LiveModel live) {
        if (editing != null) {
            edit(editing, key);
            return true;
        }
        LiveModel model = shown(live);
        switch (key) {
            case Key.Char(char typed) -> {
                return typed(typed, live);
            }
            case Key.Special.UP -> move(model, -1);
            case Key.Special.DOWN -> move(model, 1);
            case Key.Special.PAGE_UP -> move(model, -PAGE);
            case Key.Special.PAGE_DOWN -> move(model, PAGE);
            case Key.Special.HOME -> select(null);
            case Key.Special.END -> move(model, Integer.MAX_VALUE / 2);
            case Key.Special.ENTER, Key.Special.RIGHT -> open(model);
            case Key.Special.ESCAPE, Key.Special.BACKSPACE, Key.Special.LEFT -> back();
            case Key.Special ignored -> {}
        }
        return true;
    }

    private boolean typed(char typed, LiveModel live) {
        switch (typed) {
            case 'q', 'Q', 3 -> {
                return false;
            }
            case 'f' -> operation = Operation.FSYNC;
            case 'w' -> operation = Operation.WRITE;
            case 'b' -> operation = Operation.BLOCK;
            case 'a' -> operation = null;
            case 'j' -> move(shown(live), 1);
            case 'k' -> move(shown(live), -1);
            case 's' -> sort = sort.next();
            case '/' -> editing = new LineEdit(name);
            case 'x' -> explain(live);
            case '?', 'h' -> help = !help;
            case ' ' -> frozen = frozen == null ? live.freeze() : null;
            default ->
                Stream.of(SortOrder.values())
                        .filter(order -> order.key() == typed)
                        .forEach(order -> sort = order);
        }
        return true;
    }

    private void edit(LineEdit line, Key key) {
        switch (key) {
            case Key.Special.ENTER -> {
                name = line.text();
                editing = null;
            }
            case Key.Special.ESCAPE -> editing = null;
            default -> line.key(key);
        }
    }

    private void open(LiveModel model) {
        List<LiveRow> rows = rows(model);
        if (focus == null && !rows.isEmpty()) {
            focus = rows.get(selectedIndex(rows)).key().container();
            selectedDetail = null;
        }
    }

    /** The selected container, from now on; again: none. */
    private void explain(LiveModel live) {
        List<LiveRow> rows = rows(shown(live));
        if (live.explanation() != null || rows.isEmpty()) {
            live.explain(null);
        } else {
            live.explain(rows.get(selectedIndex(rows)).key().container());
        }
    }

    private void back() {
        if (help) {
            help = false;
        } else if (focus != null) {
            focus = null;
        } else {
            name = "";
        }
    }

    private void move(LiveModel model, int by) {
        List<LiveRow> rows = rows(model);
        if (!rows.isEmpty()) {
            int to = Math.clamp((long) selectedIndex(rows) + by, 0, rows.size() - 1);
            select(rows.get(to).key());
        }
    }

    private void select(@Nullable RowKey key) {
        if (focus == null) {
            selected = key;
        } else {
            selectedDetail = key;
        }
    }

    /** The rows of the current screen that pass its filters, sorted. */
    List<LiveRow> rows(LiveModel model) {
        String wanted = filter().toLowerCase(Locale.ROOT);
        Stream<LiveRow> rows = focus != null
                ? model.detail(focus).stream()
                : model.summary().all().stream()
                        .filter(row -> Printable.of(row.key().container())
                                .toLowerCase(Locale.ROOT)
                                .contains(wanted));
        List<LiveRow> sorted = rows.filter(row -> operation == null || row.key().operation() == operation)
                .sorted(sort.at(model.tick()))
                .toList();
        return focus == null ? sorted : withPhasesBelow(sorted);
    }

    /** The parts of an operation below it, those that take most of its time first. */
    private static List<LiveRow> withPhasesBelow(List<LiveRow> sorted) {
        Map<RowKey, List<LiveRow>> phases = sorted.stream()
                .filter(row -> row.key().isPhase())
                .sorted(Comparator.comparing((LiveRow row) -> !row.key().stage().isPart())
                        .thenComparing(Comparator.comparingLong(
                                        (LiveRow row) -> row.row().sumNs())
                                .reversed()))
                .collect(Collectors.groupingBy(row -> row.key().at(Stage.TOTAL)));
        return sorted.stream()
                .filter(row -> !row.key().isPhase())
                .flatMap(row -> Stream.concat(Stream.of(row), phases.getOrDefault(row.key(), List.of()).stream()))
                .toList();
    }

    /** Follows the selected row wherever sorting puts it; without a selection the top row, whichever it is. */
    int selectedIndex(List<LiveRow> rows) {
        RowKey key = focus == null ? selected : selectedDetail;
        for (int at = 0; key != null && at < rows.size(); at++) {
            if (rows.get(at).key().equals(key)) {
                return at;
            }
        }
        return 0;
    }

    /** The model to draw rows from: the one at the moment of the pause while paused. */
    LiveModel shown(LiveModel live) {
        return frozen == null ? live : frozen;
    }

    boolean paused() {
        return frozen != null;
    }

    /** What names must contain, in any case; what is being typed counts at once. */
    String filter() {
        return editing == null ? name : editing.text();
    }

    SortOrder sort() {
        return sort;
    }

    @Nullable
    Operation operation() {
        return operation;
    }

    @Nullable
    LineEdit editing() {
        return editing;
    }

    /** The container drilled into, or null. */
    @Nullable
    Container focus() {
        return focus;
    }

    boolean help() {
        return help;
    }
}
