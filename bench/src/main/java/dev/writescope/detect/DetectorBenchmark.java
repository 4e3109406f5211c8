package dev.writescope.detect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * False alarms without a change, delays with one, and what judging costs.
 *
 * <p>Arguments: [--quick] [--cost] [RECORDING.hlog…]; with --cost, what judging costs and nothing else
 */
public final class DetectorBenchmark {
    private DetectorBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        List<String> recordings = new ArrayList<>(List.of(arguments));
        boolean quick = recordings.remove("--quick");
        if (recordings.remove("--cost")) {
            Cost.print(quick);
            return;
        }
        double days = quick ? 0.25 : 5;
        FalseAlarms.simulated(days);
        for (String file : recordings) {
            FalseAlarms.recorded(file, days, RecordedSeconds.of(Path.of(file)));
        }
        Delays.print(quick ? 6 : 40);
        Cost.print(quick);
    }
}
