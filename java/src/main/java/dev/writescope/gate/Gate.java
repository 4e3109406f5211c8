package dev.writescope.gate;

import dev.writescope.container.Container;
import dev.writescope.latency.RunStart;
import dev.writescope.recording.Canary;
import dev.writescope.recording.RecordingReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Runs a command several times, by itself or in turns with a baseline command, and says whether its latencies got
 * worse. The disk is settled before each repetition; canaries before and after say whether it can be trusted.
 */
public final class Gate {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** About this many intervals make a repetition: enough to see how it varies, few enough to keep in memory. */
    private static final int INTERVALS = 20;

    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);
    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(10);

    /** Half an interval without data is what tells two repetitions in a recording apart. */
    private static final double PAUSE = 0.6;

    private final Plan plan;
    private final CommandTracer tracer;
    private final UnaryOperator<Container> owner;
    private final Consumer<String> progress;
    private final Settling settling;
    /** In the order in which they take turns; the candidate is the last. */
    private final List<ArmRecording> arms = new ArrayList<>();

    private final List<Canary> canaries = new ArrayList<>();
    private Duration interval = SHORTEST_INTERVAL;

    /**
     * Prepares a gate.
     *
     * @param tracer runs the commands
     * @param containersChosen whether containers are traced in place of the command; they keep their names
     * @param progress told what happens, line by line
     */
    public Gate(Plan plan, CommandTracer tracer, boolean containersChosen, Consumer<String> progress) {
        this.plan = plan;
        this.tracer = tracer;
        this.owner = containersChosen ? UnaryOperator.identity() : _ -> Repetition.COMMAND;
        this.progress = progress;
        this.settling = new Settling(Path.of("/proc/meminfo"), PATIENCE, progress);
        if (plan.against() instanceof Plan.Against.Command(String line)) {
            arms.add(new ArmRecording(Arm.baseline(line)));
        }
        arms.add(new ArmRecording(Arm.candidate(plan.candidate())));
    }

    /**
     * Runs everything.
     *
     * @throws IOException if a file cannot be read or written, or this host cannot be traced
     * @throws InterruptedException when somebody asked for the end
     */
    public GateResult run() throws IOException, InterruptedException {
        try {
            return switch (plan.against()) {
                case Plan.Against.Recording(Path file) -> against(file);
                case Plan.Against.Command _ -> againstCommand();
                case Plan.Against.Nothing(Path file) -> record(file);
            };
        } catch (NoVerdictException reason) {
            return GateResult.noVerdict(String.valueOf(reason.getMessage()));
        }
    }

    private GateResult against(Path file) throws IOException, InterruptedException, NoVerdictException {
        try (RecordingReader reader = RecordingReader.open(file)) {
            ArmLatencies baseline = ArmLatencies.read(reader);
            measure(reader.start());
            checkHealth(reader.canaries());
            return Ruling.of(baseline, candidate().latencies(), false, plan.rules());
        }
    }

    private GateResult againstCommand() throws IOException, InterruptedException, NoVerdictException {
        measure(null);
        checkHealth(List.of());
        return Ruling.of(arms.getFirst().latencies(), candidate().latencies(), true, plan.rules());
    }

    private GateResult record(Path file) throws IOException, InterruptedException, NoVerdictException {
        BaselineFile.checkReplaceable(file);
        measure(null);
        checkHealth(List.of());
        ArmRecording recording = candidate();
        if (recording.operations() == 0) {
            throw new NoVerdictException("the command made no operation that is traced, so this is no baseline");
        }
        BaselineFile.replace(file, recording, canaries);
        return new GateResult(
                GateResult.Outcome.GREEN,
                String.format(Locale.ROOT, "%,d operations are the new baseline in %s", recording.operations(), file),
                List.of(),
                List.of());
    }

    private ArmRecording candidate() {
        return arms.getLast();
    }

    /** @param baseline must fit what is measured; null for none */
    private void measure(@Nullable RunStart baseline) throws IOException, InterruptedException, NoVerdictException {
        settling.settle(pause());
        canaries.add(CanaryRun.in(plan.canaryDirectory()));
        for (int i = 1; i <= plan.rules().warmUps(); i++) {
            Duration longest = Duration.ZERO;
            for (ArmRecording each : arms) {
                Repetition warmUp = repeat(
                        each.arm(),
                        baseline,
                        "warm-up " + i + " of " + plan.rules().warmUps());
                longest = max(longest, warmUp.end().duration());
            }
            interval = clamp(longest.dividedBy(INTERVALS));
        }
        for (int i = 1; i <= plan.rules().repetitions(); i++) {
            for (ArmRecording each : arms) {
                each.add(repeat(
                        each.arm(),
                        baseline,
                        "repetition " + i + " of " + plan.rules().repetitions()));
            }
        }
        settling.settle(pause());
        canaries.add(CanaryRun.in(plan.canaryDirectory()));
        if (plan.output() != null) {
            candidate().write(plan.output(), canaries);
        }
    }

    private Duration pause() {
        return Duration.ofNanos((long) (PAUSE * interval.toNanos()));
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    private static Duration clamp(Duration interval) {
        if (interval.compareTo(SHORTEST_INTERVAL) < 0) {
            return SHORTEST_INTERVAL;
        }
        return interval.compareTo(LONGEST_INTERVAL) > 0 ? LONGEST_INTERVAL : interval;
    }

    private Repetition repeat(Arm arm, @Nullable RunStart baseline, String which)
            throws IOException, InterruptedException, NoVerdictException {
        settling.settle(pause());
        Repetition repetition = new Repetition(owner);
        int status = tracer.trace(arm.name(), arm.command(), interval, repetition);
        if (status != 0) {
            throw new NoVerdictException(
                    which + " of the " + arm.name() + " ended with exit status " + status + ": its output is above");
        }
        if (repetition.lost().total() > 0) {
            throw new NoVerdictException(repetition.lost().total() + " events were lost in " + which + " of the "
                    + arm.name() + ", perhaps the slow ones: use a larger --ring-size");
        }
        if (baseline != null) {
            BaselineFit.check(baseline, repetition.start());
        }
        progress.accept(String.format(
                Locale.ROOT,
                "%s, %s: %,d operations in %.1f s",
                arm.name(),
                which,
                repetition.operations(),
                repetition.end().duration().toNanos() / 1e9));
        return repetition;
    }

    private void checkHealth(List<Canary> ofBaseline) throws NoVerdictException {
        DiskHealth.check(canaries.getFirst(), canaries.getLast(), ofBaseline);
    }
}
