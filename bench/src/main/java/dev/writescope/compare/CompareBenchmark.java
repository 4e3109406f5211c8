package dev.writescope.compare;

import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Whether comparisons keep what they promise, on pairs of recordings whose truth is known: how often they see a change
 * where there is none, how often an interval holds the truth, how often a real change is found, and how long it takes.
 *
 * <p>Arguments: PAIRS, of recordings of 5 minutes for each kind of traffic; fewer of those that take long to simulate
 */
public final class CompareBenchmark {
    private static final double SHIFT = 1.2;
    private static final int MINUTE = 60;

    private CompareBenchmark() {}

    static void main(String[] arguments) {
        int pairs = Integer.parseInt(arguments[0]);
        System.out.println(Tally.HEADER);
        measure("independent", Workload.INDEPENDENT, pairs, 5 * MINUTE);
        measure("commits", Workload.COMMITS, pairs, 5 * MINUTE);
        measure("commits, load x 1.5", Workload.REAL, pairs, 5 * MINUTE);
        measure("commits, load x 1.5, 20/s", Workload.REAL.at(20), pairs, 5 * MINUTE);
        measure("commits, load x 1.5, 2000/s", Workload.REAL.at(2000), pairs / 4, 5 * MINUTE);
        measure("commits, load x 3", Workload.WILD, pairs, 5 * MINUTE);
        measure("commits, load x 1.5, 30 min", Workload.REAL, pairs / 10, 30 * MINUTE);
        System.out.println();
        time("50 containers, 5 min", 50, 5 * MINUTE);
        time("20 containers, 1 h", 20, 60 * MINUTE);
    }

    private static void measure(String name, Workload workload, int pairs, int seconds) {
        Tally same = new Tally(1);
        Tally shifted = new Tally(SHIFT);
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < pairs; i++) {
            Recorded before = workload.record(seconds, 1, 0, random);
            same.add(before, workload.record(seconds, 1, 1, random), i);
            shifted.add(before, workload.scaled(SHIFT).record(seconds, 1, 1, random), i);
        }
        System.out.println(same.row(name));
        System.out.println(shifted.row(name));
    }

    /** Of comparing alone, without reading files; the best of three. */
    private static void time(String name, int containers, int seconds) {
        double compare = Double.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            SplittableRandom random = new SplittableRandom(7);
            Recorded before = Workload.REAL.record(seconds, containers, 0, random);
            Recorded after = Workload.REAL.record(seconds, containers, 1, random);
            long start = System.nanoTime();
            int subjects = new Comparer(ComparisonRules.DEFAULT)
                    .compare(before, after)
                    .subjects()
                    .size();
            compare = Math.min(compare, (System.nanoTime() - start) / 1e9);
            if (subjects != containers) {
                throw new IllegalStateException(subjects + " subjects of " + containers);
            }
        }
        System.out.println(String.format(Locale.ROOT, "%-28s compared in %.2f s", name, compare));
    }
}
