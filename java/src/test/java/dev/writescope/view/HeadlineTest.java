package dev.writescope.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.compare.Comparison;
import dev.writescope.compare.QuantileChange;
import dev.writescope.compare.RecordingFacts;
import dev.writescope.compare.SubjectComparison;
import dev.writescope.compare.Verdict;
import dev.writescope.probe.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadlineTest {
    private static SubjectComparison fsync(QuantileChange... changes) {
        return new SubjectComparison(
                Comparisons.subject("db", Operation.FSYNC),
                Comparisons.DB_IMPROVED.before(),
                Comparisons.DB_IMPROVED.after(),
                List.of(changes),
                Comparisons.DB_IMPROVED.rate(),
                changes[0].verdict());
    }

    private static String headline(SubjectComparison... subjects) {
        return Headline.of(Comparisons.of(subjects));
    }

    @Test
    void a_large_change_is_a_factor() {
        assertThat(headline(Comparisons.DB_IMPROVED))
                .isEqualTo("db fsync P99 improved from 41.0 ms to 6.20 ms: 6.6 times as fast (between 5.9 and 7.1)");
        assertThat(headline(fsync(Comparisons.change(0.99, 3_000_000, 41_000_000, 12.1, 15.7, Verdict.REGRESSED))))
                .isEqualTo("db fsync P99 regressed from 3.00 ms to 41.0 ms: 14 times as slow (between 12 and 16)");
    }

    @Test
    void a_small_change_is_in_percent() {
        assertThat(headline(fsync(Comparisons.change(0.99, 7_000_000, 5_300_000, 0.61, 0.89, Verdict.IMPROVED))))
                .isEqualTo("db fsync P99 improved from 7.00 ms to 5.30 ms: −24 % (between −39 % and −11 %)");
    }

    @Test
    void without_a_verdict_on_p99_the_clearest_quantile_is_told() {
        assertThat(headline(fsync(
                        Comparisons.change(0.5, 1_000_000, 1_300_000, 1.2, 1.4, Verdict.REGRESSED),
                        Comparisons.change(0.9, 2_000_000, 2_900_000, 1.4, 1.5, Verdict.REGRESSED),
                        Comparisons.change(0.99, 9_000_000, 19_000_000, 0.7, 7, Verdict.NOT_ENOUGH_DATA))))
                .startsWith("db fsync P90 regressed");
    }

    @Test
    void what_a_process_waits_for_comes_before_block_requests() {
        SubjectComparison block = new SubjectComparison(
                Comparisons.ETL_SAME.subject(),
                Comparisons.ETL_SAME.before(),
                Comparisons.ETL_SAME.after(),
                List.of(Comparisons.change(0.99, 1_000_000, 97_000_000, 80, 110, Verdict.REGRESSED)),
                Comparisons.ETL_SAME.rate(),
                Verdict.REGRESSED);
        assertThat(headline(block, Comparisons.WEB_REGRESSED))
                .startsWith("shop/web-0/web write P99 regressed")
                .endsWith(", and 1 other");
    }

    @Test
    void what_improved_is_told_with_what_regressed() {
        assertThat(headline(Comparisons.WEB_REGRESSED, Comparisons.DB_IMPROVED))
                .isEqualTo(
                        "shop/web-0/web write P99 regressed from 53.0 µs to 73.0 µs: +38 % (between +21 % and +59 %);"
                                + " but db fsync P99 improved from 41.0 ms to 6.20 ms: 6.6 times as fast (between 5.9 and 7.1)");
    }

    @Test
    void no_change_and_what_could_not_be_judged_are_told_together() {
        assertThat(headline(Comparisons.ETL_SAME, Comparisons.CRON_UNKNOWN))
                .isEqualTo("etl block write P99 has no change larger than 10 %: 7.10 ms before, 7.00 ms after;"
                        + " 1 could not be judged");
        assertThat(headline(Comparisons.ETL_SAME, Comparisons.ETL_SAME))
                .isEqualTo("no change larger than 10 % in 2 latencies compared");
    }

    @Test
    void without_a_verdict_it_says_why() {
        assertThat(headline(Comparisons.CRON_UNKNOWN))
                .isEqualTo("no verdict is possible: not enough data about cron fsync fdatasync on /var/spool P99:"
                        + " none after");
        assertThat(headline()).isEqualTo("no verdict is possible: the recordings have no container in common");
        assertThat(Headline.of(empty())).isEqualTo("no verdict is possible: after.hlog has no operation in it");
    }

    private static Comparison empty() {
        Comparison plain = Comparisons.of();
        RecordingFacts after = plain.after();
        return new Comparison(
                plain.before(),
                new RecordingFacts(after.file(), after.start(), after.duration(), 0, after.lost(), true),
                plain.rules(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }
}
