package dev.writescope.cli;

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
        description = "Shows a recording as if it happened now. Of one that was cut short, what is there.",
        footer = {
            "",
            "Examples:",
            "  writescope replay before.hlog                   live, in real time",
            "  writescope replay before.hlog --speed 20        live, twenty times as fast",
            "  writescope replay before.hlog --format table    everything at once"
        })
final class ReplayCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "A recording of record or trace -o.")
    Path file = Path.of("");

    @Mixin
    ViewChoices views = new ViewChoices();

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
        double pace = speed != null ? speed : views.shown() == ViewChoices.Format.live ? 1 : Double.POSITIVE_INFINITY;
        Thread replaying = Thread.currentThread();
        boolean cut;
        try (RecordingReader reader = RecordingReader.open(file);
                IntervalSink view = views.open(replaying::interrupt)) {
            for (String signal : List.of("INT", "TERM", "HUP")) {
                Signals.register(signal, replaying::interrupt);
            }
            Replay.paced(reader, List.of(view), Judge.NONE, pace).run();
            cut = reader.truncated();
        } catch (InterruptedException | ClosedByInterruptException asked) {
            return ExitCode.FINE;
        }
        if (cut) {
            System.err.println("writescope: " + file + " was cut short; this is what is there");
        }
        return ExitCode.FINE;
    }
}
