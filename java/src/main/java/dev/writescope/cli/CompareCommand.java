package dev.writescope.cli;

import dev.writescope.compare.Comparer;
import dev.writescope.compare.Comparison;
import dev.writescope.compare.ComparisonRules;
import dev.writescope.compare.Recorded;
import dev.writescope.compare.RecordingFacts;
import dev.writescope.compare.Verdict;
import dev.writescope.recording.OutputFile;
import dev.writescope.view.ComparisonJson;
import dev.writescope.view.ComparisonJunit;
import dev.writescope.view.ComparisonMarkdown;
import dev.writescope.view.ComparisonPage;
import dev.writescope.view.ComparisonText;
import dev.writescope.view.Printable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "compare",
        description = {
            "Says whether latencies differ between two recordings, by how much at least and at most, and what else"
                    + " differs: mounts and their options, kernel, load.",
            "",
            "A verdict is given where the whole confidence interval of a percentile's change lies on one side of the"
                    + " smallest change of interest; else there is not enough data. Exit code 4 if that is so for all."
        },
        footer = {
            "",
            "Examples:",
            "  writescope record -c db -d 5m -o before.hlog",
            "  (change something)",
            "  writescope record -c db -d 5m -o after.hlog",
            "  writescope compare before.hlog after.hlog",
            "  writescope compare before.hlog after.hlog --format html -o page.html",
            "  writescope compare before.hlog after.hlog --fail-on regression"
        })
final class CompareCommand implements Callable<Integer> {
    /** Smaller recordings are read before anybody wonders. */
    private static final long LARGE_BYTES = 8 << 20;

    enum Format {
        text,
        json,
        markdown,
        junit,
        html
    }

    enum Failure {
        regression
    }

    @Parameters(index = "0", paramLabel = "BEFORE", description = "A recording of record or trace -o.")
    Path before = Path.of("");

    @Parameters(index = "1", paramLabel = "AFTER", description = "A later recording.")
    Path after = Path.of("");

    @Option(
            names = "--format",
            paramLabel = "text|json|markdown|junit|html",
            defaultValue = "text",
            description =
                    "text for a terminal; json: one object; markdown for a ticket or a CI summary; junit: a test for"
                            + " each percentile; html: a page with charts, in one file. Default: ${DEFAULT-VALUE}.")
    Format format = Format.text;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write it there, and the verdict in one line to standard output.")
    @Nullable
    Path output;

    @Option(
            names = "--fail-on",
            paramLabel = "regression",
            description = "Exit with 1 if a latency regressed; without it that is no failure.")
    @Nullable
    Failure failure;

    @Option(
            names = "--min-effect",
            paramLabel = "PERCENT",
            defaultValue = "10%",
            converter = PercentConverter.class,
            description = "The smallest change of interest. Default: ${DEFAULT-VALUE}.")
    double minimumEffect;

    @Option(
            names = "--confidence",
            paramLabel = "PERCENT",
            defaultValue = "95%",
            converter = PercentConverter.class,
            description = "Of all intervals together. Default: ${DEFAULT-VALUE}.")
    double confidence;

    @Option(names = "--all", description = "In text, tables of those that did not change too, however many.")
    boolean all;

    @Override
    public Integer call() throws IOException, UsageException {
        ComparisonRules rules = rules();
        checkFiles();
        Recorded first = read(before);
        Recorded second = read(after);
        checkOrder(first.facts(), second.facts());
        tellCut(first.facts());
        tellCut(second.facts());
        Comparison comparison = new Comparer(rules).compare(first, second);
        if (output == null) {
            write(comparison, Outputs.standard(), Outputs.isTerminal());
        } else {
            // Made whole before an earlier file goes.
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            write(comparison, bytes, false);
            try (OutputStream file = OutputFile.replace(output)) {
                bytes.writeTo(file);
            }
            ComparisonText.writeHeadline(comparison, Outputs.standard());
        }
        return exitCode(comparison.verdict());
    }

    private ComparisonRules rules() throws UsageException {
        if (minimumEffect <= 0 || minimumEffect > 10) {
            throw new UsageException("--min-effect must be above 0% and at most 1000%");
        }
        if (confidence < 0.5 || confidence > 0.9999) {
            throw new UsageException("--confidence must be from 50% to 99.99%");
        }
        ComparisonRules usual = ComparisonRules.DEFAULT;
        return new ComparisonRules(minimumEffect, 1 - confidence, usual.resamples(), usual.seed());
    }

    private void checkFiles() throws IOException, UsageException {
        if (format == Format.html && output == null && Outputs.isTerminal()) {
            throw new UsageException("a page is not for a terminal: add -o page.html");
        }
        if (same(before, after)) {
            throw new UsageException("BEFORE and AFTER are the same file, " + before + ": name two recordings");
        }
        if (output != null && (same(output, before) || same(output, after))) {
            throw new UsageException("-o " + output + " would replace a recording: choose another name");
        }
    }

    private static boolean same(Path one, Path other) throws IOException {
        return Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other);
    }

    private static Recorded read(Path file) throws IOException {
        boolean told = Outputs.isErrorTerminal() && Files.isRegularFile(file) && Files.size(file) > LARGE_BYTES;
        if (told) {
            System.err.print("reading " + Printable.of(file.toString()) + " …");
        }
        try {
            return Recorded.read(file);
        } finally {
            if (told) {
                System.err.print("\r\033[K");
            }
        }
    }

    /** Clocks of different hosts are not compared. */
    private static void checkOrder(RecordingFacts first, RecordingFacts second) throws UsageException {
        Instant begun = first.start().time();
        Instant begunSecond = second.start().time();
        if (!first.start().host().equals(second.start().host())) {
            return;
        }
        if (begun.equals(begunSecond)) {
            throw new UsageException(first.file() + " and " + second.file() + " are copies of one recording");
        }
        if (begunSecond.isBefore(begun)) {
            throw new UsageException(second.file() + " was recorded before " + first.file()
                    + ": write writescope compare " + second.file() + " " + first.file());
        }
    }

    private static void tellCut(RecordingFacts facts) {
        if (facts.truncated()) {
            Outputs.say(facts.file() + " was cut short; what is there is compared");
        }
    }

    private void write(Comparison comparison, OutputStream out, boolean colour) throws IOException {
        switch (format) {
            case text -> new ComparisonText(colour, all).write(comparison, out);
            case json -> ComparisonJson.write(comparison, out);
            case markdown -> ComparisonMarkdown.write(comparison, out);
            case junit -> ComparisonJunit.write(comparison, out);
            case html -> ComparisonPage.write(comparison, out);
        }
    }

    private int exitCode(Verdict verdict) {
        return switch (verdict) {
            case REGRESSED -> failure == null ? ExitCode.FINE : ExitCode.REGRESSION;
            case IMPROVED, NO_CHANGE -> ExitCode.FINE;
            case NOT_ENOUGH_DATA -> ExitCode.NO_VERDICT;
        };
    }
}
