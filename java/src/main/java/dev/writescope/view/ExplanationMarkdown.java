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
import java.util.List;

/** Notes for a ticket, in GitHub's Markdown; no name can become markup, as in {@link ComparisonMarkdown}. */
public final class ExplanationMarkdown {
    private static final int MOST_HOLDERS = 8;
    private static final int MOST_REMEDIES = 5;

    private final StringBuilder out = new StringBuilder();

    private ExplanationMarkdown() {}

    /** Writes UTF-8; does not close {@code out}. */
    public static void write(Explanations explanations, OutputStream out) throws IOException {
        ExplanationMarkdown markdown = new ExplanationMarkdown();
        explanations.notes().forEach(markdown::note);
        if (explanations.more() > 0) {
            markdown.line("and " + explanations.more() + " more.");
        }
        out.write(markdown.out.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private void note(Explanation note) {
        line("**" + text(note.headline()) + "**");
        line("");
        line(text(ExplanationWords.figures(note)));
        parts(note);
        who(note);
        processes(note);
        list("Evidence", note.facts());
        if (note.verdict() == Explanation.Verdict.UNEXPLAINED) {
            list("Why this is unusual", note.unusual());
        }
        causes(note);
        list("Not explained", List.of(ExplanationWords.unexplained(note)));
        list("Not seen", note.unseen());
        line("");
    }

    private void parts(Explanation note) {
        if (note.parts().isEmpty()) {
            return;
        }
        line("");
        line("| part | share | P99 | max | |");
        line("|---|--:|--:|--:|---|");
        for (PartLine part : ExplanationWords.parts(note, note.parts().size())) {
            line("| " + text(part.label()) + " | " + part.share() + " | "
                    + Durations.cell(part.p99Ns()).replace("  ", " ") + " | " + Durations.cell(part.maxNs()) + " | "
                    + text(part.meaning()) + " |");
        }
        if (note.overlay() != null) {
            line("");
            line(text(ExplanationWords.overlay(note)));
        }
    }

    private void who(Explanation note) {
        for (Share.Resource resource : Share.Resource.values()) {
            List<Holder> holders = note.holders().stream()
                    .filter(holder -> holder.resource() == resource)
                    .toList();
            if (!holders.isEmpty()) {
                line("");
                line(text(ExplanationWords.holders(resource, holders, note, MOST_HOLDERS)));
            }
        }
        if (note.actors().isEmpty()) {
            return;
        }
        double seconds = note.duration().toNanos() / 1e9;
        line("");
        line("| container | process | call | ops/s | MB/s | each | file |");
        line("|---|---|---|--:|--:|--:|---|");
        for (Actor act : note.actors()) {
            line("| " + text(Printable.of(act.container())) + " | " + text(ExplanationWords.process(act)) + " | "
                    + act.kind().label() + " | " + Figures.rate(act.count() / seconds) + " | "
                    + Figures.megabytes(act.bytes() / seconds) + " | "
                    + Durations.format(act.totalNs() / Math.max(1, act.count())) + " | "
                    + text(ExplanationWords.file(act)) + " |");
        }
    }

    private void processes(Explanation note) {
        if (note.processes().isEmpty()) {
            return;
        }
        line("");
        line("| container | process | written MB/s | cancelled MB/s | block delay, main thread |");
        line("|---|---|--:|--:|--:|");
        for (ProcessLoad load : note.processes()) {
            line("| " + text(Printable.of(load.container())) + " | " + text(ExplanationWords.process(load)) + " | "
                    + Figures.megabytes(load.writtenBytes()) + " | " + Figures.megabytes(load.cancelledBytes()) + " | "
                    + Durations.cell(load.delayNs()).replace("  ", " ") + " |");
        }
    }

    private void causes(Explanation note) {
        if (note.causes().isEmpty()) {
            return;
        }
        heading("Causes");
        int number = 1;
        for (Cause cause : note.causes()) {
            line(number++ + ". " + text(cause.sentence()) + " (" + ExplanationWords.sureness(cause) + ")");
            cause.evidence().forEach(reason -> line("   - for: " + text(reason)));
            cause.doubts().forEach(doubt -> line("   - against: " + text(doubt)));
        }
        heading("What to do");
        for (Remedy remedy : ExplanationWords.remedies(note, MOST_REMEDIES)) {
            line("- " + text(remedy.what()) + ". Price: " + text(remedy.price()) + ".");
            paste(remedy.lines());
        }
        heading("How to verify");
        paste(note.verify());
    }

    private void list(String title, List<String> texts) {
        if (!texts.isEmpty()) {
            heading(title);
            texts.forEach(text -> line("- " + text(text)));
        }
    }

    private void heading(String title) {
        line("");
        line("### " + title);
        line("");
    }

    /** No fence, which a line of its own could end. */
    private void paste(List<String> lines) {
        if (!lines.isEmpty()) {
            line("");
            line("<pre>"
                    + String.join(
                            "\n",
                            lines.stream().map(ComparisonMarkdown::escaped).toList()) + "</pre>");
            line("");
        }
    }

    private static String text(String recorded) {
        return ComparisonMarkdown.text(recorded);
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
