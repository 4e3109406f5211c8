package dev.writescope.cli;

import dev.writescope.latency.IntervalSink;
import dev.writescope.latency.Judge;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "trace",
        description = "Shows fsync, write and block latency per container, live; Ctrl-C ends with totals.",
        footer = {
            "",
            "Examples:",
            "  writescope trace                     everything, live",
            "  writescope trace -c db -d 10s        one container, ten seconds",
            "  writescope trace --format json --by mount,kind --slow 100ms | jq .",
            "  writescope trace -c db --by phase    where the time of its fsyncs and writes goes",
            "  writescope trace --on-regression 'env | grep ^WRITESCOPE_ | logger'"
        })
final class TraceCommand implements Callable<Integer> {
    /** In the live view somebody looks, so slow operations are shown unasked. */
    private static final Duration LIVE_SLOW = Duration.ofMillis(100);

    @Mixin
    TraceChoices choices = new TraceChoices();

    @Mixin
    ViewChoices views = new ViewChoices();

    @Mixin
    DetectChoices detect = new DetectChoices();

    @Mixin
    RegressionChoices regressions = new RegressionChoices();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Record to this file as well.")
    @Nullable
    Path output;

    @Mixin
    ExplainChoices explain = new ExplainChoices();

    @Override
    public Integer call() throws IOException, UsageException {
        choices.check();
        views.check();
        detect.check();
        regressions.check(detect);
        choices.waits = views.phases();
        explain.apply(choices, output);
        boolean live = views.shown() == ViewChoices.Format.live;
        Judge judge = detect.judge(views.perMount(), Judge.NONE);
        try (HostEvidence evidence = new HostEvidence();
                Sinks sinks = new Sinks()) {
            TraceSession session = explain.explain
                    ? new TraceSession(choices, ExplainChoices.SLOW, null, evidence::open)
                    : new TraceSession(choices, live ? LIVE_SLOW : null);
            if (output != null) {
                sinks.all.add(explain.recording(output, evidence));
            }
            List<IntervalSink> shown = new ArrayList<>();
            shown.add(views.open(judge, session::stop));
            regressions.addTo(shown, live);
            sinks.all.addAll(explain.onlyChosen(shown, choices, evidence));
            return Outputs.report(session.trace(sinks.all, judge));
        }
    }
}
