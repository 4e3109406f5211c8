package dev.writescope.gate;

import java.util.List;

/**
 * How much is measured, and what is red.
 *
 * @param maxRegression the largest tolerated change, such as 0.1 for 10 %
 * @param quantiles that are judged, of each operation
 * @param repetitions of each arm that count; at least 1
 * @param warmUps of each arm before those
 */
public record GateRules(double maxRegression, List<Double> quantiles, int repetitions, int warmUps) {
    public static final double DEFAULT_MAX_REGRESSION = 0.10;

    public GateRules {
        quantiles = List.copyOf(quantiles);
    }
}
