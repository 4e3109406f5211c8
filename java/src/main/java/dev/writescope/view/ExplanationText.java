package dev.writescope.view;

import dev.writescope.explain.Actor;
import dev.writescope.explain.Cause;
import dev.writescope.explain.Explanation;
import dev.writescope.explain.Explanation.Holder;
import dev.writescope.explain.Explanations;
import dev.writescope.explain.ProcessLoad;
import dev.writescope.explain.Remedy;
import dev.writescope.latency.Share;
import dev.writescope.view.ExplanationWords.PartLine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Notes for a terminal or a ticket, a page each: what and why first, then where, who, what to do, what is not known. */
public final class ExplanationText {
    private static final int COLUMNS = 100;
    private static final int MOST_PARTS = 7;
    private static final int MOST_HOLDERS = 4;
    private static final int MOST_CAUSES = 4;
    private static final int MOST_REASONS = 4;
    private static final int MOST_REMEDIES = 3;
    private static final int MOST_UNSEEN = 4;

    private final List<String> lines = new ArrayList<>();
    private final Explanation note;

    private ExplanationText(Explanation note) {
        this.note = note;
    }

    /** Writes UTF-8; does not close {@code out}. */
    public static void write(Explanations explanations, OutputStream out) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Explanation note : explanations.notes()) {
            text.append(text.isEmpty() ? "" : "\n");
            lines(note).forEach(line -> text.append(line).append('\n'));
        }
        if (explanations.more() > 0) {
            text.append("\nand ").append(explanations.more()).append(" more: choose one with -c\n");
        }
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** One note, each line safe to print. */
    static List<String> lines(Explanation note) {
        ExplanationText text = new ExplanationText(note);
        text.page();
        return text.lines;
    }

    private void page() {
        wrap("", note.headline());
        where();
        who();
        processes();
        list("Evidence", note.facts());
        if (note.verdict() == Explanation.Verdict.UNEXPLAINED) {
            list("Why this is unusual", note.unusual());
        }
        causes();
        remedies();
        if (!note.causes().isEmpty()) {
            heading("How to verify");
            note.verify().forEach(this::paste);
        }
        heading("Not explained");
        wrap("  ", ExplanationWords.unexplained(note));
        list(
                "Not seen",
                note.unseen().subList(0, Math.min(MOST_UNSEEN, note.unseen().size())));
        if (note.unseen().size() > MOST_UNSEEN) {
            lines.add("  and " + (note.unseen().size() - MOST_UNSEEN) + " more: see --format json");
        }
    }

    private void where() {
        heading("Where the time goes");
        wrap("  ", ExplanationWords.figures(note));
        if (note.parts().isEmpty()) {
            return;
        }
        new TextColumns<PartLine>()
                .number("SHARE", PartLine::share)
                .number("P99", part -> Durations.cell(part.p99Ns()))
                .number("MAX", part -> Durations.cell(part.maxNs()))
                .text("", part -> part.label() + ": " + part.meaning())
                .lines(ExplanationWords.parts(note, MOST_PARTS))
                .forEach(line -> lines.add(Printable.clip("  " + line, COLUMNS)));
        if (note.overlay() != null) {
            wrap("  ", ExplanationWords.overlay(note));
        }
    }

    private void who() {
        if (note.holders().isEmpty() && note.actors().isEmpty()) {
            return;
        }
        heading("Who");
        for (Share.Resource resource : Share.Resource.values()) {
            List<Holder> holders = note.holders().stream()
                    .filter(holder -> holder.resource() == resource)
                    .toList();
            if (!holders.isEmpty()) {
                wrap("  ", ExplanationWords.holders(resource, holders, note, MOST_HOLDERS));
            }
        }
        if (note.actors().isEmpty()) {
            return;
        }
        double seconds = note.duration().toNanos() / 1e9;
        new TextColumns<Actor>()
                .text("CONTAINER", act -> Printable.squeeze(Printable.of(act.container()), 28))
                .text("PROCESS", act -> ExplanationWords.process(act))
                .text("CALL", act -> act.kind().label())
                .number("OPS/s", act -> Figures.rate(act.count() / seconds))
                .number("MB/s", act -> Figures.megabytes(act.bytes() / seconds))
                .number("EACH", act -> Durations.cell(act.totalNs() / Math.max(1, act.count())))
                .text("FILE", act -> Printable.squeeze(ExplanationWords.file(act), 36))
                .lines(note.actors())
                .forEach(line -> lines.add("  " + line));
    }

    private void processes() {
        if (note.processes().isEmpty()) {
            return;
        }
        heading("Processes, by the kernel's counters");
        new TextColumns<ProcessLoad>()
                .text("CONTAINER", load -> Printable.squeeze(Printable.of(load.container()), 28))
                .text("PROCESS", ExplanationWords::process)
                .number("WRITTEN MB/s", load -> Figures.megabytes(load.writtenBytes()))
                .number("CANCELLED MB/s", load -> Figures.megabytes(load.cancelledBytes()))
                .number("BLOCK DELAY, MAIN THREAD", load -> Durations.cell(load.delayNs()))
                .lines(note.processes())
                .forEach(line -> lines.add("  " + line));
    }

    private void causes() {
        List<Cause> causes = note.causes();
        if (causes.isEmpty()) {
            return;
        }
        heading("Causes");
        for (int i = 0; i < Math.min(MOST_CAUSES, causes.size()); i++) {
            Cause cause = causes.get(i);
            wrap("  " + (i + 1) + ". ", cause.sentence() + " (" + ExplanationWords.sureness(cause) + ")");
            // Of causes behind the first, only what would change one's mind.
            cause.evidence().stream().limit(i == 0 ? MOST_REASONS : 1).forEach(reason -> wrap("     + ", reason));
            cause.doubts().forEach(doubt -> wrap("     - ", doubt));
        }
        if (causes.size() > MOST_CAUSES) {
            lines.add("  and " + (causes.size() - MOST_CAUSES) + " more, less likely or smaller");
        }
    }

    private void remedies() {
        if (note.causes().isEmpty()) {
            return;
        }
        heading("What to do");
        for (Remedy remedy : ExplanationWords.remedies(note, MOST_REMEDIES)) {
            wrap("  * ", remedy.what());
            remedy.lines().forEach(this::paste);
            wrap("    price: ", remedy.price());
        }
    }

    private void list(String title, List<String> texts) {
        if (!texts.isEmpty()) {
            heading(title);
            texts.forEach(text -> wrap("  ", text));
        }
    }

    private void heading(String title) {
        lines.add("");
        lines.add(title.toUpperCase(Locale.ROOT));
    }

    /** A line to paste is never broken. */
    private void paste(String line) {
        lines.add("      " + Printable.of(line));
    }

    /** Behind the first line's beginning, the others are indented as far. */
    private void wrap(String beginning, String text) {
        String indent = " ".repeat(beginning.length());
        StringBuilder line = new StringBuilder(beginning);
        boolean empty = true;
        for (String word : Printable.of(text).split(" ", -1)) {
            if (!empty && Printable.width(line.toString()) + 1 + Printable.width(word) > COLUMNS) {
                lines.add(Printable.of(line.toString()));
                line = new StringBuilder(indent);
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
            empty = false;
        }
        // Breaking a line may have put the beginning of a command first.
        lines.add(Printable.of(line.toString()));
    }
}
