package dev.writescope.view;

import dev.writescope.compare.Comparison;
import dev.writescope.compare.ComparisonRules;
import dev.writescope.compare.OtherChange;
import dev.writescope.compare.QuantileChange;
import dev.writescope.compare.RateChange;
import dev.writescope.compare.RecordingFacts;
import dev.writescope.compare.Slot;
import dev.writescope.compare.Subject;
import dev.writescope.compare.SubjectComparison;
import dev.writescope.compare.SubjectSamples;
import dev.writescope.compare.Verdict;
import dev.writescope.latency.RunStart;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** Comparisons to feed to views, made by hand: the figures need not fit together. */
final class Comparisons {
    static final double NONE = Double.NaN;
    static final long MS = 1_000_000;

    private Comparisons() {}

    static Subject subject(String container, Operation operation) {
        return new Subject(container, operation, null, null);
    }

    /** 13 seconds of log-normal latencies around {@code medianNs}, 100 a second; the seventh second is ten times slower. */
    static SubjectSamples samples(long medianNs, int count) {
        Random random = new Random(medianNs);
        Histogram all = new Histogram(1, 60_000_000_000L, 2);
        List<Slot> slots = new ArrayList<>();
        int seconds = 13;
        for (int second = 0; second < seconds; second++) {
            Histogram latencies = new Histogram(1, 60_000_000_000L, 2);
            for (int i = 0; i < count / seconds; i++) {
                double slow = second == 7 ? 10 : 1;
                latencies.recordValue((long) (medianNs * slow * Math.exp(0.4 * random.nextGaussian())));
            }
            all.add(latencies);
            slots.add(new Slot(Sample.NOON.plusSeconds(second), Duration.ofSeconds(1), latencies));
        }
        return new SubjectSamples(all.getTotalCount(), 0, all, slots);
    }

    static QuantileChange change(double quantile, long before, long after, double low, double high, Verdict verdict) {
        return new QuantileChange(quantile, before, after, (double) after / before, low, high, verdict, "");
    }

    static QuantileChange unknown(double quantile, long before, long after, String reason) {
        return new QuantileChange(quantile, before, after, NONE, NONE, NONE, Verdict.NOT_ENOUGH_DATA, reason);
    }

    static final SubjectComparison DB_IMPROVED = new SubjectComparison(
            subject("db", Operation.FSYNC),
            samples(9 * MS, 1300),
            samples(3 * MS, 1300),
            List.of(
                    change(0.5, 9 * MS, 3 * MS, 0.31, 0.36, Verdict.IMPROVED),
                    change(0.9, 17 * MS, 5 * MS, 0.28, 0.32, Verdict.IMPROVED),
                    change(0.95, 23 * MS, 5_300_000, 0.21, 0.25, Verdict.IMPROVED),
                    change(0.99, 41 * MS, 6_200_000, 1 / 7.1, 1 / 5.9, Verdict.IMPROVED),
                    unknown(0.999, 97 * MS, 83 * MS, "fewer than 20 operations above it")),
            new RateChange(101, 103, 1.02, 0.97, 1.07),
            Verdict.IMPROVED);

    static final SubjectComparison WEB_REGRESSED = new SubjectComparison(
            subject("shop/web-0/web", Operation.WRITE),
            samples(19_000, 2600),
            samples(29_000, 2600),
            List.of(
                    change(0.5, 19_000, 19_100, 0.99, 1.02, Verdict.NO_CHANGE),
                    change(0.99, 53_000, 73_000, 1.21, 1.59, Verdict.REGRESSED)),
            new RateChange(200, 199, 0.995, 0.98, 1.01),
            Verdict.REGRESSED);

    static final SubjectComparison ETL_SAME = new SubjectComparison(
            new Subject("etl", Operation.BLOCK, Kind.BLOCK_WRITE, null),
            samples(2 * MS, 700),
            samples(2 * MS + 1, 700),
            List.of(change(0.99, 7_100_000, 7_000_000, 0.95, 1.03, Verdict.NO_CHANGE)),
            new RateChange(53.8, 53.8, 1, 0.96, 1.04),
            Verdict.NO_CHANGE);

    static final SubjectComparison CRON_UNKNOWN = new SubjectComparison(
            new Subject("cron", Operation.FSYNC, Kind.FDATASYNC, "/var/spool"),
            samples(5 * MS, 13),
            samples(5 * MS, 0),
            List.of(unknown(0.99, 11 * MS, 0, "none after")),
            new RateChange(1, 0, NONE, NONE, NONE),
            Verdict.NOT_ENOUGH_DATA);

    static RecordingFacts facts(String file, int minute) {
        RunStart start = Sample.start();
        return new RecordingFacts(
                file,
                new RunStart(
                        start.time().plusSeconds(60L * minute),
                        start.version(),
                        start.host(),
                        start.kernel(),
                        start.machine(),
                        start.cgroupMode(),
                        start.interval(),
                        start.significantDigits(),
                        start.containers(),
                        start.coverage()),
                Duration.ofSeconds(13),
                10_007,
                Losses.NONE,
                false);
    }

    static Comparison of(SubjectComparison... subjects) {
        return new Comparison(
                facts("before.hlog", 0),
                facts("after.hlog", 3),
                ComparisonRules.DEFAULT,
                List.of(subjects),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    /** With all that there can be. */
    static Comparison full() {
        Comparison plain = of(WEB_REGRESSED, DB_IMPROVED, ETL_SAME, CRON_UNKNOWN);
        return new Comparison(
                plain.before(),
                plain.after(),
                plain.rules(),
                plain.subjects(),
                List.of(subject("old", Operation.FSYNC)),
                List.of(subject("new", Operation.FSYNC), subject("new", Operation.WRITE)),
                List.of(
                        new OtherChange("mount of db", "/ (overlay)", "/data (ext4)"),
                        new OtherChange("options of /data in db", "", "rw,noatime")),
                List.of());
    }

    static Comparison many(int subjects) {
        return of(IntStream.range(0, subjects)
                .mapToObj(i -> new SubjectComparison(
                        subject("pod-" + i, Operation.FSYNC),
                        DB_IMPROVED.before(),
                        DB_IMPROVED.after(),
                        DB_IMPROVED.quantiles(),
                        DB_IMPROVED.rate(),
                        i < 3 ? Verdict.IMPROVED : Verdict.NO_CHANGE))
                .toArray(SubjectComparison[]::new));
    }

    /** Every name in it is {@code hostile}. */
    static Comparison hostile(String hostile) {
        Subject subject = new Subject(hostile, Operation.WRITE, Kind.BUFFERED, hostile);
        SubjectComparison one = new SubjectComparison(
                subject,
                WEB_REGRESSED.before(),
                WEB_REGRESSED.after(),
                List.of(WEB_REGRESSED.quantiles().getLast(), unknown(0.999, 1, 1, hostile)),
                WEB_REGRESSED.rate(),
                Verdict.REGRESSED);
        RecordingFacts plain = facts(hostile, 0);
        RecordingFacts facts = new RecordingFacts(
                hostile,
                new RunStart(
                        plain.start().time(),
                        hostile,
                        hostile,
                        hostile,
                        hostile,
                        hostile,
                        plain.start().interval(),
                        2,
                        List.of(hostile),
                        plain.start().coverage()),
                plain.duration(),
                plain.events(),
                plain.lost(),
                true);
        return new Comparison(
                facts,
                facts,
                ComparisonRules.DEFAULT,
                List.of(one),
                List.of(subject),
                List.of(subject),
                List.of(new OtherChange(hostile, hostile, hostile)),
                List.of(hostile));
    }
}
