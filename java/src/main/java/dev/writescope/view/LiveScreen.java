package dev.writescope.view;

import dev.writescope.container.Container;
import dev.writescope.probe.Coverage;
import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** Draws the live view: a pure function of what is known, what was chosen, and the size of the terminal. */
final class LiveScreen {
    private static final int NOTICES = 5;
    private static final int NOTICE_OWNER = 40;
    private static final int ROWS_FOR_NOTICES = 16;
    private static final int ROWS_FOR_TWO_HEADER_LINES = 8;

    private final LiveModel live;
    private final LiveModel model;
    private final LiveControls controls;
    private final int width;
    private final int height;

    private LiveScreen(LiveModel live, LiveControls controls, int width, int height) {
        this.live = live;
        this.model = controls.shown(live);
        this.controls = controls;
        this.width = width;
        this.height = height;
    }

    /** Exactly {@code height} lines of at most {@code width} columns. */
    static List<AttributedString> draw(LiveModel live, LiveControls controls, int width, int height) {
        return new LiveScreen(live, controls, width, height).lines();
    }

    private List<AttributedString> lines() {
        List<AttributedString> lines = new ArrayList<>(
                LiveHeader.lines(live, controls.paused(), width, height < ROWS_FOR_TWO_HEADER_LINES ? 1 : 2));
        List<AttributedString> bottom = new ArrayList<>(controls.help() ? List.of() : lowerPart());
        bottom.add(footer());
        int room = Math.max(0, height - lines.size() - bottom.size());
        List<AttributedString> body = controls.help() ? help() : table(room);
        lines.addAll(body.subList(0, Math.min(room, body.size())));
        while (lines.size() + bottom.size() < height) {
            lines.add(AttributedString.EMPTY);
        }
        lines.addAll(bottom);
        return lines.stream()
                .limit(height)
                .map(line -> line.columnSubSequence(0, width))
                .toList();
    }

    private List<AttributedString> table(int room) {
        List<AttributedString> lines = new ArrayList<>();
        Container focus = controls.focus();
        if (focus != null && room > 3) {
            lines.add(title(focus));
        }
        List<LiveRow> rows = controls.rows(model);
        int space = Math.max(0, room - lines.size() - 1);
        int selected = controls.selectedIndex(rows);
        int top = Math.clamp(selected - space / 2, 0, Math.max(0, rows.size() - space));
        List<LiveRow> shown = rows.subList(top, Math.min(rows.size(), top + space));
        LiveColumns columns = new LiveColumns(model, focus, shown, width);
        lines.add(columns.header(controls.sort()));
        for (int at = 0; at < shown.size(); at++) {
            AttributedString line = columns.row(shown.get(at));
            lines.add(top + at == selected ? highlighted(line) : line);
        }
        if (rows.isEmpty()) {
            lines.add(new AttributedString(nothing(), LiveStyle.FAINT));
        }
        return lines;
    }

    private String nothing() {
        if (model.tick() < 0) {
            return "waiting for the first interval";
        }
        return controls.operation() == null && controls.filter().isEmpty()
                ? "no operations yet"
                : "nothing passes the filter";
    }

    private static AttributedString title(Container container) {
        AttributedStringBuilder line = new AttributedStringBuilder();
        line.styled(LiveStyle.BOLD, Printable.of(container));
        String id = container.id().substring(0, Math.min(12, container.id().length()));
        for (String more : List.of(container.runtime(), id, container.image())) {
            if (!more.isEmpty()) {
                line.append("  ").append(Printable.of(more));
            }
        }
        return line.toAttributedString();
    }

    private AttributedString highlighted(AttributedString line) {
        String text = line.toString();
        return new AttributedString(Printable.left(text, width), AttributedStyle.INVERSE);
    }

    /** A note takes two thirds of the screen, and begins with what matters most. */
    private List<AttributedString> lowerPart() {
        LiveExplanation explanation = live.explanation();
        return explanation == null
                ? notices()
                : explanation.lines().stream()
                        .limit(2L * height / 3)
                        .map(AttributedString::new)
                        .toList();
    }

    private List<AttributedString> notices() {
        int most = controls.focus() == null ? NOTICES : height / 3;
        List<Notice> notices = height < ROWS_FOR_NOTICES ? List.of() : model.notices(controls.focus(), most);
        if (notices.isEmpty()) {
            return List.of();
        }
        List<AttributedString> lines = new ArrayList<>();
        lines.add(new AttributedString("slow operations and flags, latest first", LiveStyle.BOLD));
        for (Notice notice : notices) {
            String owner = controls.focus() == null
                    ? Printable.squeeze(Printable.of(notice.container()), NOTICE_OWNER) + "  "
                    : "";
            lines.add(new AttributedString(
                    SlowText.CLOCK.format(notice.time()) + "  " + owner + notice.text(),
                    LiveStyle.alarmIf(notice.alarm())));
        }
        return lines;
    }

    private AttributedString footer() {
        LineEdit editing = controls.editing();
        if (editing != null) {
            return prompt(editing);
        }
        AttributedStringBuilder line = new AttributedStringBuilder();
        if (controls.operation() != null) {
            line.styled(LiveStyle.BOLD, "only " + controls.operation().label() + " (a: all)  ");
        }
        if (!controls.filter().isEmpty()) {
            line.styled(LiveStyle.BOLD, "name has " + Printable.of(controls.filter()) + " (Esc: all)  ");
        }
        return line.styled(
                        LiveStyle.FAINT,
                        controls.focus() == null
                                ? "q quit  ? help  Enter details  / name  f w b a operation  s sort  x explain  Space pause"
                                : "Esc back  q quit  ? help  f w b a operation  s sort  x explain  Space pause")
                .toAttributedString();
    }

    private AttributedString prompt(LineEdit editing) {
        String text = editing.text() + " ";
        int cursor = editing.cursor();
        int from = Math.max(0, cursor - Math.max(1, width - 10));
        return new AttributedStringBuilder()
                .append("name: ")
                .append(Printable.of(text.substring(from, cursor)))
                .styled(AttributedStyle.INVERSE, Printable.of(text.substring(cursor, cursor + 1)))
                .append(Printable.of(text.substring(cursor + 1)))
                .toAttributedString();
    }

    private List<AttributedString> help() {
        List<String> text = new ArrayList<>();
        for (Coverage one : live.start().coverage()) {
            text.add(one.operation().label() + " is seen by " + Printable.of(one.backend()) + "; it misses "
                    + (one.misses().isEmpty() ? "nothing known" : Printable.of(String.join(", ", one.misses()))));
        }
        text.add("");
        text.addAll("""
                p r c m t e    sort by P99, rate, container, maximum, throughput, errors
                s              the next order
                f w b a        only fsync, only write, only block, all
                /              only names that contain a text; Esc: all again
                ↑ ↓ PgUp PgDn  choose a row; Home: stay with the top row, whichever
                Enter          a container's kinds, mounts, devices, stages, slow calls
                Esc Backspace  back
                x              explain the chosen container from now on; again: stop that
                Space          hold the picture; tracing and the first line go on
                q Ctrl-C       end the run and print its totals

                Bars: P99 of the last 60 intervals, each row on its own logarithmic scale;
                a gap is no data. P99 is yellow at 2, red at 4 times the row's median.
                ! and red: flagged as regressed, and neither recovered nor accepted since.
                Faint: the latest there was, but nothing in the last interval.""".lines().toList());
        return text.stream().map(AttributedString::new).toList();
    }
}
