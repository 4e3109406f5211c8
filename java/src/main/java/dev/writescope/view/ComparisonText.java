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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A comparison for a terminal: the verdict in a sentence, a table for each that changed, the worst first, and what else
 * changed.
 *
 * @param colour whether verdicts are coloured, which a terminal can show
 * @param all whether those that did not change have their tables too when there are many
 */
public record ComparisonText(boolean colour, boolean all) {
    /** With no more than these, each has its table, changed or not. */
    private static final int FEW = 4;

    private static final int MANY = 20;
    private static final int NAMED = 6;
    private static final int WIDE = 160;

    /** Only the sentence. */
    public static void writeHeadline(Comparison comparison, OutputStream out) throws IOException {
        out.write((Printable.of(Headline.of(comparison)) + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Writes UTF-8; does not close {@code out}. */
    public void write(Comparison comparison, OutputStream out) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(coloured(Printable.of(Headline.of(comparison)), comparison.verdict()))
                .append('\n');
        subjects(comparison, text);
        changes(comparison, text);
        facts(comparison, text);
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private void subjects(Comparison comparison, StringBuilder out) throws IOException {
        boolean everyone = all || comparison.subjects().size() <= FEW;
        List<SubjectComparison> told = new ArrayList<>();
        List<SubjectComparison> rest = new ArrayList<>();
        for (SubjectComparison one : comparison.subjects()) {
            (everyone || Changes.isChange(one.verdict()) ? told : rest).add(one);
        }
        for (SubjectComparison one : told.subList(0, all ? told.size() : Math.min(MANY, told.size()))) {
            subject(one, comparison, out);
        }
        if (!all && told.size() > MANY) {
            out.append("\n").append(told.size() - MANY).append(" more changed less (--all shows them)\n");
        }
        folded(rest, comparison, out);
    }

    private void subject(SubjectComparison one, Comparison comparison, StringBuilder out) throws IOException {
        out.append('\n').append(name(one.subject())).append('\n');
        new TextColumns<QuantileChange>()
                .text("", change -> " " + Changes.quantile(change.quantile()))
                .number("BEFORE", change -> cell(change.beforeNs()))
                .number("AFTER", change -> cell(change.afterNs()))
                .number("CHANGE", change -> Changes.percent(change.ratio()))
                .number("BETWEEN", change -> Changes.interval(change.low(), change.high()))
                .text("", change -> coloured(Printable.of(Changes.verdict(change, comparison)), change.verdict()))
                .print(one.quantiles(), out);
        out.append("  operations  ").append(Changes.rates(one.rate()));
        if (one.before().errors() + one.after().errors() > 0) {
            out.append("; errors ")
                    .append(one.before().errors())
                    .append(" before, ")
                    .append(one.after().errors())
                    .append(" after");
        }
        out.append('\n');
    }

    private static String cell(long ns) {
        return ns <= 0 ? "-" : Durations.cell(ns);
    }

    private void folded(List<SubjectComparison> rest, Comparison comparison, StringBuilder out) {
        boolean told = false;
        for (Verdict verdict : List.of(Verdict.NO_CHANGE, Verdict.NOT_ENOUGH_DATA)) {
            List<Subject> same = rest.stream()
                    .filter(one -> one.verdict() == verdict)
                    .map(SubjectComparison::subject)
                    .toList();
            if (!same.isEmpty()) {
                out.append(told ? "" : "\n")
                        .append(same.size())
                        .append(" with ")
                        .append(coloured(Changes.verdict(verdict, comparison.rules()), verdict))
                        .append(": ")
                        .append(names(same))
                        .append(" (--all shows them)\n");
                told = true;
            }
        }
    }

    private static void changes(Comparison comparison, StringBuilder out) throws IOException {
        if (!comparison.changes().isEmpty()) {
            out.append("\nWhat else changed\n");
            new TextColumns<OtherChange>()
                    .text("", change -> " " + Printable.of(change.what()))
                    .text("BEFORE", change -> value(change.before()))
                    .text("AFTER", change -> value(change.after()))
                    .print(comparison.changes(), out);
        }
        only(comparison.before(), comparison.onlyBefore(), out);
        only(comparison.after(), comparison.onlyAfter(), out);
        for (String refusal : comparison.refusals()) {
            out.append("\n! ").append(Printable.of(refusal)).append('\n');
        }
    }

    private static String value(String text) {
        return text.isEmpty() ? "-" : Printable.clip(Printable.of(text), WIDE);
    }

    private static void only(RecordingFacts recording, List<Subject> subjects, StringBuilder out) {
        if (!subjects.isEmpty()) {
            out.append("\nOnly in ")
                    .append(Printable.of(recording.file()))
                    .append(", not judged: ")
                    .append(names(subjects))
                    .append('\n');
        }
    }

    private static void facts(Comparison comparison, StringBuilder out) throws IOException {
        new TextColumns<Map.Entry<String, RecordingFacts>>()
                .text("", Map.Entry::getKey)
                .text("", role -> Printable.clip(Printable.of(role.getValue().file()), WIDE))
                .text("", role -> Facts.when(role.getValue()))
                .text("", role -> Printable.of(Facts.what(role.getValue())))
                .print(List.of(Map.entry("before", comparison.before()), Map.entry("after", comparison.after())), out);
        out.append("confidence ")
                .append(Changes.confidence(comparison.rules()))
                .append(" for all intervals together; smallest change of interest ")
                .append(Changes.effect(comparison.rules()))
                .append('\n');
    }

    private static String names(List<Subject> subjects) {
        return subjects.stream().limit(NAMED).map(ComparisonText::name).collect(Collectors.joining(", "))
                + (subjects.size() > NAMED ? ", …" : "");
    }

    private static String name(Subject subject) {
        return Printable.clip(Printable.of(Changes.name(subject)), WIDE);
    }

    private String coloured(String text, Verdict verdict) {
        String code = switch (verdict) {
            case REGRESSED -> "31";
            case IMPROVED -> "32";
            case NO_CHANGE -> "";
            case NOT_ENOUGH_DATA -> "33";
        };
        return colour && !code.isEmpty() ? "\033[" + code + "m" + text + "\033[0m" : text;
    }
}
