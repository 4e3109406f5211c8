package dev.writescope.view;

import dev.writescope.compare.Comparison;
import dev.writescope.compare.OtherChange;
import dev.writescope.compare.QuantileChange;
import dev.writescope.compare.RecordingFacts;
import dev.writescope.compare.Subject;
import dev.writescope.compare.SubjectComparison;
import dev.writescope.compare.Verdict;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A comparison for the summary of a CI step or a ticket, in GitHub's Markdown. All of recorded text that could be
 * markup is written as a character reference, which never is: no name can break a table, make a link,
 * mention a person or hide what follows.
 */
public final class ComparisonMarkdown {
    /** A summary may have 1 MiB. */
    private static final int MANY = 100;

    private static final String HARMLESS = " -/.,;%()+=";

    /** Not printable, so not in what is. */
    private static final String COLON = "\u0080";

    private static final String DOT = "\u0081";

    /** Invisible, and no part of a name: GitHub looks for those of people and issues after it has decoded references. */
    private static final String JOINER = "&#8288;";

    private final StringBuilder out = new StringBuilder();
    private final Comparison comparison;

    private ComparisonMarkdown(Comparison comparison) {
        this.comparison = comparison;
    }

    /** Writes UTF-8; does not close {@code out}. */
    public static void write(Comparison comparison, OutputStream out) throws IOException {
        ComparisonMarkdown markdown = new ComparisonMarkdown(comparison);
        markdown.document();
        out.write(markdown.out.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private void document() {
        line("**" + mark(comparison.verdict()) + " " + text(Headline.of(comparison)) + "**");
        for (String refusal : comparison.refusals()) {
            line("");
            line("> " + text(refusal));
        }
        verdicts(comparison.subjects());
        changes(comparison.changes());
        only(comparison.before(), comparison.onlyBefore());
        only(comparison.after(), comparison.onlyAfter());
        line("");
        line("| | recording | |");
        line("|---|---|---|");
        facts("before", comparison.before());
        facts("after", comparison.after());
        line("");
        line("Intervals hold together with " + Changes.confidence(comparison.rules())
                + " confidence; the smallest change of interest" + " is " + Changes.effect(comparison.rules()) + ".");
    }

    private void verdicts(List<SubjectComparison> subjects) {
        List<SubjectComparison> changed =
                subjects.stream().filter(one -> Changes.isChange(one.verdict())).toList();
        List<SubjectComparison> rest = subjects.stream()
                .filter(one -> !Changes.isChange(one.verdict()))
                .toList();
        table(changed);
        if (!rest.isEmpty()) {
            line("");
            line("<details><summary>" + rest.size() + " without a change that can be told</summary>");
            table(rest);
            line("");
            line("</details>");
        }
    }

    private void table(List<SubjectComparison> subjects) {
        if (subjects.isEmpty()) {
            return;
        }
        line("");
        line("| | | before | after | change | between | verdict |");
        line("|---|---|--:|--:|--:|--:|---|");
        for (SubjectComparison one : subjects.subList(0, Math.min(MANY, subjects.size()))) {
            String name = name(one.subject());
            for (QuantileChange change : one.quantiles()) {
                row(name, change);
                name = "";
            }
            line("| | rate | " + Figures.rate(one.rate().beforePerSecond()) + "/s | "
                    + Figures.rate(one.rate().afterPerSecond()) + "/s | "
                    + Changes.percent(one.rate().ratio()) + " | "
                    + Changes.interval(one.rate().low(), one.rate().high()) + " | |");
        }
        if (subjects.size() > MANY) {
            line("");
            line("… and " + (subjects.size() - MANY) + " more.");
        }
    }

    private void row(String name, QuantileChange change) {
        line("| " + name + " | " + Changes.quantile(change.quantile()) + " | " + Changes.latency(change.beforeNs())
                + " | " + Changes.latency(change.afterNs()) + " | " + Changes.percent(change.ratio()) + " | "
                + Changes.interval(change.low(), change.high()) + " | " + mark(change.verdict()) + " "
                + text(Changes.verdict(change, comparison)) + " |");
    }

    private void changes(List<OtherChange> changes) {
        if (changes.isEmpty()) {
            return;
        }
        line("");
        line("| what else changed | before | after |");
        line("|---|---|---|");
        for (OtherChange change : changes) {
            line("| " + text(change.what()) + " | " + code(change.before()) + " | " + code(change.after()) + " |");
        }
    }

    private void only(RecordingFacts recording, List<Subject> subjects) {
        if (!subjects.isEmpty()) {
            line("");
            line("Only in " + code(recording.file()) + ", not judged: "
                    + subjects.stream()
                            .limit(MANY)
                            .map(ComparisonMarkdown::name)
                            .collect(Collectors.joining(", "))
                    + (subjects.size() > MANY ? ", …" : ""));
        }
    }

    private void facts(String role, RecordingFacts facts) {
        line("| " + role + " | " + code(facts.file()) + " | " + text(Facts.when(facts)) + ", " + text(Facts.what(facts))
                + " |");
    }

    private static String name(Subject subject) {
        return code(subject.container()) + " " + text(Changes.operation(subject));
    }

    /** Readable where emoji and colours are not. */
    private static String mark(Verdict verdict) {
        return switch (verdict) {
            case REGRESSED -> "▲";
            case IMPROVED -> "▼";
            case NO_CHANGE -> "=";
            case NOT_ENOUGH_DATA -> "?";
        };
    }

    private static String code(String recorded) {
        return recorded.isBlank() ? "-" : "<code>" + escaped(recorded) + "</code>";
    }

    static String text(String recorded) {
        return escaped(recorded).replace("&#64;", "&#64;" + JOINER).replace("&#35;", "&#35;" + JOINER);
    }

    static String escaped(String recorded) {
        StringBuilder safe = new StringBuilder();
        // Not a link or an emoji: those have no blank behind the colon.
        String printable = Printable.of(recorded).replace(": ", COLON).replace("www.", "www" + DOT);
        printable.codePoints().forEach(c -> {
            if (c > 0x7f || Character.isLetterOrDigit(c) || HARMLESS.indexOf(c) >= 0) {
                safe.appendCodePoint(c);
            } else {
                safe.append("&#").append(c).append(';');
            }
        });
        return safe.toString().replace(COLON, ": ").replace(DOT, "&#46;");
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
