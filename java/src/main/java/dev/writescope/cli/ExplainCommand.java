package dev.writescope.cli;

import dev.writescope.container.ContainerFilter;
import dev.writescope.evidence.Evidence;
import dev.writescope.explain.EvidenceSource;
import dev.writescope.explain.Explainer;
import dev.writescope.explain.Explanations;
import dev.writescope.explain.NoEvidence;
import dev.writescope.explain.Observation;
import dev.writescope.explain.ObservationSink;
import dev.writescope.latency.FailsafeJudge;
import dev.writescope.latency.Judge;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import dev.writescope.recording.OutputFile;
import dev.writescope.recording.RecordingReader;
import dev.writescope.recording.RecordingWriter;
import dev.writescope.recording.Replay;
import dev.writescope.view.Countdown;
import dev.writescope.view.ExplanationJson;
import dev.writescope.view.ExplanationMarkdown;
import dev.writescope.view.ExplanationText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "explain",
        description = {
            "Says why containers wait for their writes, who made them wait, and what to do: a note for each, the worst first.",
            "",
            "Everything on the host is traced meanwhile, since neighbours may be why; only the chosen are explained."
        },
        footer = {
            "",
            "Examples:",
            "  writescope explain                               whoever waits most, in 30 s",
            "  writescope explain -c db -d 2m                   one container",
            "  writescope explain --format markdown > note.md   for a ticket",
            "  writescope explain --from yesterday.hlog -c db   from a recording"
        })
final class ExplainCommand implements Callable<Integer> {
    enum Format {
        text,
        json,
        markdown
    }

    private static final Duration USUAL = Duration.ofSeconds(30);

    @Mixin
    TraceChoices choices = new TraceChoices();

    @Option(names = "--from", paramLabel = "FILE", description = "Explain a recording in place of what happens now.")
    @Nullable
    Path from;

    @Option(
            names = "--format",
            paramLabel = "text|json|markdown",
            defaultValue = "text",
            description =
                    "text: for people; markdown: for a ticket; json: one object a line. Default: ${DEFAULT-VALUE}.")
    Format format = Format.text;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write the notes there.")
    @Nullable
    Path output;

    @Option(
            names = "--record",
            paramLabel = "FILE",
            description = "Record to this file as well, with the evidence, for --from.")
    @Nullable
    Path record;

    @Override
    public Integer call() throws IOException, UsageException {
        check();
        Path recording = from;
        Explained explained = recording == null ? live() : recorded(recording);
        if (explained.observation() == null) {
            return explained.code();
        }
        Explanations explanations = Explainer.explain(explained.observation(), explained.chosen());
        if (output == null) {
            write(explanations, Outputs.standard());
        } else {
            try (OutputStream file = OutputFile.replace(output)) {
                write(explanations, file);
            }
        }
        if (explanations.notes().isEmpty()) {
            Outputs.say("no write and no sync was seen that could be explained");
            return ExitCode.NO_VERDICT;
        }
        return explanations.isTooLittle() ? ExitCode.NO_VERDICT : explained.code();
    }

    private void write(Explanations explanations, OutputStream out) throws IOException {
        switch (format) {
            case text -> ExplanationText.write(explanations, out);
            case json -> ExplanationJson.write(explanations, out);
            case markdown -> ExplanationMarkdown.write(explanations, out);
        }
    }

    private void check() throws UsageException {
        choices.check();
        if (!choices.operations.isEmpty()) {
            throw new UsageException("explain looks at all operations: leave --op out");
        }
        if (from != null && from.equals(output)) {
            throw new UsageException("-o " + output + " would replace the recording: choose another name");
        }
        if (record != null && (from != null || record.equals(output))) {
            throw new UsageException(
                    "--record makes a recording of what happens now: leave --from out, and name no -o alike");
        }
        if (from != null && choices.duration != null) {
            throw new UsageException("--from explains all of a recording: leave -d out");
        }
        if (from != null && (choices.cgroup != null || choices.pid != null)) {
            throw new UsageException(
                    "a recording has no cgroups and processes to choose by: use -c, --pod or --namespace");
        }
        if (choices.duration == null) {
            choices.duration = USUAL;
        }
    }

    /**
     * What is known, and of whom an explanation is wanted.
     *
     * @param observation null if the run was cut short
     * @param chosen null for all
     */
    private record Explained(
            @Nullable Observation observation, @Nullable Predicate<SeriesKey> chosen, int code) {}

    private Explained live() throws IOException, UsageException {
        choices.waits = true;
        try (HostEvidence evidence = new HostEvidence();
                Sinks sinks = new Sinks()) {
            Predicate<SeriesKey> chosen = choices.choosesContainers() ? evidence::isChosen : null;
            TraceSession session = new TraceSession(choices, ExplainChoices.SLOW, null, evidence::open);
            ObservationSink sink = new ObservationSink(evidence, chosen == null ? key -> true : chosen);
            sinks.all.add(sink); // before the recording, which needs what it finds out in the end
            if (record != null) {
                sinks.all.add(new EvidenceRecording(RecordingWriter.open(record), evidence));
            }
            if (Outputs.isErrorTerminal()) {
                sinks.all.add(new Countdown(choices.duration == null ? USUAL : choices.duration, System.err));
            }
            int code = Outputs.report(session.trace(sinks.all, Judge.NONE));
            return new Explained(sink.observation(), chosen, code);
        }
    }

    private Explained recorded(Path recording) throws IOException, UsageException {
        Predicate<SeriesKey> chosen;
        ObservationSink sink;
        try (RecordingReader reader = RecordingReader.open(recording)) {
            chosen = chosenIn(reader);
            sink = new ObservationSink(evidenceOf(reader), chosen == null ? key -> true : chosen);
            Replay.unpaced(reader, List.of(sink), FailsafeJudge.of(Judge.AS_RECORDED))
                    .run();
            if (reader.truncated()) {
                Outputs.say(recording + " was cut short; this is what is there");
            }
            missing(recording, sink.observation(), reader.evidence() != null);
        } catch (InterruptedException | ClosedByInterruptException asked) {
            Outputs.say("stopped before the recording was read to its end: nothing is explained");
            return new Explained(null, null, ExitCode.NO_VERDICT);
        }
        Observation observation = sink.observation();
        if (observation != null && chosen != null) {
            requireMatch(recording, observation, chosen);
        }
        return new Explained(observation, chosen, ExitCode.FINE);
    }

    /** Those asked for; else those that the recording was made for; null for all. */
    private @Nullable Predicate<SeriesKey> chosenIn(RecordingReader reader) {
        List<String> recorded = reader.start().containers();
        if (!choices.choosesContainers() && recorded.isEmpty()) {
            return null;
        }
        ContainerFilter filter = choices.choosesContainers()
                ? new ContainerFilter(choices.containers, choices.pod, choices.namespace)
                : new ContainerFilter(recorded, null, null);
        return key -> filter.picks(key.container());
    }

    /** Says what an explanation of this recording cannot have. */
    private static void missing(Path recording, @Nullable Observation observation, boolean evidence) {
        if (observation == null || evidence) {
            return;
        }
        boolean parts = observation.series().stream()
                .map(SeriesInterval::key)
                .anyMatch(key -> key.operation() != Operation.BLOCK && key.stage() != Stage.TOTAL);
        Outputs.say(recording + " was recorded without --explain: it does not say how the host was"
                + (parts ? "" : ", where the time goes and who held what was waited for")
                + ", so causes may stay unknown");
    }

    /** What the recording has, once it has been read to its end. */
    private static EvidenceSource evidenceOf(RecordingReader reader) {
        return mattering -> {
            Evidence recorded = reader.evidence();
            return recorded != null ? recorded : new NoEvidence("the recording has none").finish(mattering);
        };
    }

    private static void requireMatch(Path recording, Observation observation, Predicate<SeriesKey> chosen)
            throws UsageException {
        if (observation.series().stream().noneMatch(series -> chosen.test(series.key()))) {
            String there = observation.series().stream()
                    .map(series -> series.key().container().displayName())
                    .distinct()
                    .limit(3)
                    .collect(Collectors.joining(", "));
            throw new UsageException("nothing in " + recording + " matches: "
                    + (there.isEmpty() ? "nothing was recorded" : "it has " + there + ", …"));
        }
    }
}
