package dev.writescope.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.compare.Comparison;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTextTest {
    private static String text(Comparison comparison, boolean colour, boolean all) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ComparisonText(colour, all).write(comparison, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void tells_the_verdict_then_the_worst_then_what_else_changed() throws IOException {
        assertThat(text(Comparisons.full(), false, false)).isEqualTo("""
                shop/web-0/web write P99 regressed from 53.0 µs to 73.0 µs: +38 % (between +21 % and +59 %); but db fsync P99 improved from 41.0 ms to 6.20 ms: 6.6 times as fast (between 5.9 and 7.1)

                shop/web-0/web write
                       BEFORE    AFTER  CHANGE           BETWEEN
                 P50  19.0 µs  19.1 µs  +0.5 %  −1.0 % to +2.0 %  no change larger than 10 %
                 P99  53.0 µs  73.0 µs   +38 %    +21 % to +59 %  regressed
                  operations  200/s before, 199/s after (−0.5 %, −2.0 % to +1.0 %)

                db fsync
                         BEFORE    AFTER  CHANGE         BETWEEN
                 P50    9.00 ms  3.00 ms   −67 %  −69 % to −64 %  improved
                 P90    17.0 ms  5.00 ms   −71 %  −72 % to −68 %  improved
                 P95    23.0 ms  5.30 ms   −77 %  −79 % to −75 %  improved
                 P99    41.0 ms  6.20 ms   −85 %  −86 % to −83 %  improved
                 P99.9  97.0 ms  83.0 ms       -               -  not enough data: fewer than 20 operations above it
                  operations  101/s before, 103/s after (+2.0 %, −3.0 % to +7.0 %)

                etl block write
                       BEFORE    AFTER  CHANGE           BETWEEN
                 P99  7.10 ms  7.00 ms  −1.4 %  −5.0 % to +3.0 %  no change larger than 10 %
                  operations  53.8/s before, 53.8/s after (0 %, −4.0 % to +4.0 %)

                cron fsync fdatasync on /var/spool
                       BEFORE  AFTER  CHANGE  BETWEEN
                 P99  11.0 ms      -       -        -  not enough data: none after
                  operations  1.00/s before, 0/s after

                What else changed
                                         BEFORE       AFTER
                 mount of db             / (overlay)  /data (ext4)
                 options of /data in db  -            rw,noatime

                Only in before.hlog, not judged: old fsync

                Only in after.hlog, not judged: new fsync, new write

                before  before.hlog  2026-11-24 12:00:00Z, 13.0 s  10007 operations on node-7, Linux 6.12.0-test
                after   after.hlog   2026-11-24 12:03:00Z, 13.0 s  10007 operations on node-7, Linux 6.12.0-test
                confidence 95 % for all intervals together; smallest change of interest 10 %
                """);
    }

    @Test
    void of_many_those_that_did_not_change_are_a_count_unless_all_are_asked_for() throws IOException {
        assertThat(text(Comparisons.many(37), false, false))
                .startsWith("pod-0 fsync P99 improved from 41.0 ms to 6.20 ms: 6.6 times as fast (between 5.9 and 7.1),"
                        + " and 2 others\n")
                .contains("\n34 with no change larger than 10 %: pod-3 fsync, pod-4 fsync, pod-5 fsync, pod-6 fsync,"
                        + " pod-7 fsync, pod-8 fsync, … (--all shows them)\n")
                .doesNotContain("\npod-3 fsync\n");
        assertThat(text(Comparisons.many(37), false, true))
                .contains("\npod-3 fsync\n", "\npod-36 fsync\n")
                .doesNotContain("--all");
    }

    @Test
    void a_refusal_is_the_reason_why_there_is_no_verdict() throws IOException {
        Comparison plain = Comparisons.of(Comparisons.CRON_UNKNOWN);
        Comparison refused = new Comparison(
                plain.before(),
                plain.after(),
                plain.rules(),
                plain.subjects(),
                plain.onlyBefore(),
                plain.onlyAfter(),
                plain.changes(),
                List.of("after.hlog lost 31 fsync events"));
        assertThat(text(refused, false, false))
                .startsWith("no verdict is possible: after.hlog lost 31 fsync events\n")
                .contains("\n! after.hlog lost 31 fsync events\n");
    }

    @Test
    void colour_is_only_added_to_verdicts_and_moves_nothing() throws IOException {
        String coloured = text(Comparisons.full(), true, false);
        assertThat(coloured)
                .contains("  \033[31mregressed\033[0m\n", "  \033[32mimproved\033[0m\n", "\033[33mnot enough data");
        assertThat(coloured.replaceAll("\033\\[\\d*m", "")).isEqualTo(text(Comparisons.full(), false, false));
    }

    @Test
    void no_name_can_reach_a_terminal_as_an_escape_or_break_a_line() throws IOException {
        String text = text(Comparisons.hostile(Sample.HOSTILE), false, false);
        assertThat(text.codePoints().filter(c -> c != '\n').filter(Character::isISOControl))
                .isEmpty();
        assertThat(text).doesNotContain("\u2028", "\u202e").contains("\\x{1b}[31m");
        assertThat(text.lines())
                .hasSameSizeAs(
                        text(Comparisons.hostile("tame"), false, false).lines().toList());
    }
}
