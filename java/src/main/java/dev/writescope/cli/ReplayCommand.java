package dev.writescope.cli;

import dev.writescope.latency.FailsafeJudge;
import dev.writescope.latency.IntervalSink;
import dev.writescope.latency.Judge;
import dev.writescope.recording.RecordingReader;
import dev.writescope.recording.Replay;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "replay",
        description = {
            "Shows a recording as if it happened now. Of one that was cut short, what is there.",
            "",
            "Regressions are judged anew; with --detect-budget off the flags are those of the recording."
        },
        footer = {
            "",
            "Examples:",
            "  writescope replay before.hlog                   live, in real time",
            "  writescope replay before.hlog --speed 20        live, twenty times as fast",
            "  writescope replay before.hlog --format table    everything at once",
            "  writescope replay before.hlog --detect-budget 24 --format json | grep regression"
        })
final class ReplayCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "A recording of record or trace -o.")
    Path file = Path.of("");

    @Mixin
    ViewChoices views = new ViewChoices();

    @Mixin
    DetectChoices detect = new DetectChoices();

    @Option(
            names = "--speed",
            paramLabel = "N|max",
            converter = SpeedConverter.class,
            description = "How many times as fast as it happened. Default: 1 in the live view, else max.")
    @Nullable
    Double speed;

    @Override
    public Integer call() throws IOException, UsageException {
        views.check();
        detect.check();
        double pace = speed != null ? speed : views.shown() == ViewChoices.Format.live ? 1 : Double.POSITIVE_INFINITY;
        Thread replaying = Thread.currentThread();
        FailsafeJudge judge = detect.judge(views.perMount(), Judge.AS_RECORDED);
        boolean cut;
        try (RecordingReader reader = RecordingReader.open(file);
                IntervalSink view = views.open(judge, replaying::interrupt)) {
            for (String signal : List.of("INT", "TERM", "HUP")) {
                Signals.register(signal, replaying::interrupt);
            }
            Replay.paced(reader, List.of(view), judge, pace).run();
            cut = reader.truncated();
        } catch (InterruptedException | ClosedByInterruptException asked) {
            return ExitCode.FINE;
        }
        if (cut) {
            Outputs.say(file + " was cut short; this is what is there");
        }
        return Outputs.report(judge.failures());
    }
}
