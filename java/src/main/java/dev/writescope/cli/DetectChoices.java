package dev.writescope.cli;

import dev.writescope.detect.Detector;
import dev.writescope.detect.DetectorSettings;
import dev.writescope.latency.FailsafeJudge;
import dev.writescope.latency.Judge;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How readily a latency is said to have got worse. */
final class DetectChoices {
    private static final Duration SHORTEST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofHours(1);

    @Option(
            names = "--detect-budget",
            paramLabel = "N|off",
            defaultValue = "1",
            converter = BudgetConverter.class,
            description =
                    "Flag regressions so readily that no more than N flags per container and day are expected to be"
                            + " false: a number up to 1000, or off. Default: ${DEFAULT-VALUE}.")
    double budget = 1;

    @Option(
            names = "--detect-warmup",
            paramLabel = "DURATION",
            defaultValue = "2m",
            converter = DurationConverter.class,
            description =
                    "How long to learn what is normal before judging, 10s to 1h. A shorter one raises the number of"
                            + " false flags in the first minutes. Default: ${DEFAULT-VALUE}.")
    Duration warmup = Duration.ofMinutes(2);

    /** @throws UsageException if the options do not make sense */
    void check() throws UsageException {
        if (warmup.compareTo(SHORTEST) < 0 || warmup.compareTo(LONGEST) > 0) {
            throw new UsageException("--detect-warmup must be from 10s to 1h");
        }
    }

    /**
     * The detector these options describe, for one run.
     *
     * @param perMount whether each mount of a container is judged by itself
     * @param otherwise the judge if the detector is off
     */
    FailsafeJudge judge(boolean perMount, Judge otherwise) {
        if (budget == 0) {
            return FailsafeJudge.of(otherwise);
        }
        return new FailsafeJudge(() -> new Detector(new DetectorSettings(budget, warmup, perMount)));
    }
}
