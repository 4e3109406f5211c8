package dev.writescope.cli;

import dev.writescope.latency.Judge;
import dev.writescope.recording.RecordingWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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

    @Override
    public Integer call() throws IOException, UsageException {
        choices.check();
        views.check();
        detect.check();
        regressions.check(detect);
        boolean live = views.shown() == ViewChoices.Format.live;
        TraceSession session = new TraceSession(choices, live ? LIVE_SLOW : null);
        Judge judge = detect.judge(views.perMount(), Judge.NONE);
        try (Sinks sinks = new Sinks()) {
            if (output != null) {
                sinks.all.add(RecordingWriter.open(output));
            }
            sinks.all.add(views.open(judge, session::stop));
            regressions.addTo(sinks.all, live);
            return Outputs.report(session.trace(sinks.all, judge));
        }
    }
}
