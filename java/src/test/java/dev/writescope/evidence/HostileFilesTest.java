package dev.writescope.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.HostileNames;
import dev.writescope.container.FakeHost;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a file says, its parser gives what a reader may rely on, or nothing. */
class HostileFilesTest {
    private static final List<String> TRUE_TEXTS = List.of(
            "7 3 loop3 1 0 8 5 2 0 16 3 0 10 8 0 0 0 0 1 1\n",
            "8:0 rbytes=10 wbytes=100 rios=1 wios=2 dbytes=0 dios=0\n",
            "some avg10=0.00 avg60=0.12 avg300=0.00 total=17\nfull avg10=0.00 total=3\n",
            "100 transactions (90 requested), each up to 8192 blocks\n  17us average transaction commit time\n",
            "7:3 Read 17\n7:3 Write 7919\n",
            "7 (a b) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36",
            "3,1013,67000000,-;EXT4-fs error (device vda): I/O error, dev vda\n DEVICE=b8:16\n");

    /** True texts with something put into them, and whatever else. */
    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> broken = Arbitraries.of(TRUE_TEXTS)
                .flatMap(text -> Arbitraries.integers()
                        .between(0, text.length())
                        .flatMap(at -> Arbitraries.oneOf(
                                        HostileNames.any(),
                                        Arbitraries.longs().map(String::valueOf),
                                        Arbitraries.just("99999999999999999999999"))
                                .map(weapon -> text.substring(0, at) + weapon + text.substring(at))));
        return Arbitraries.oneOf(
                broken, HostileNames.any(), Arbitraries.strings().ofMaxLength(200));
    }

    @Property(tries = 1000)
    void loads_are_never_negative_and_shares_never_above_one(
            @ForAll("texts") String before, @ForAll("texts") String after) {
        BlockQueues queues = new BlockQueues(new FakeHost(Path.of("/nonexistent")).paths());
        DiskStatistics then = DiskStatistics.parse(before);
        assertThat(DiskStatistics.parse(after).since(then, Duration.ofSeconds(1), Set.of("7:3"), queues))
                .allSatisfy(load -> {
                    assertThat(load.utilisation()).isBetween(0.0, 1.0);
                    assertThat(load.queueSize()).isNotNegative();
                    assertThat(load.writeAwaitMs()).isNotNegative();
                    assertThat(load.writtenBytesPerSecond()).isNotNegative();
                    assertThat(load.name()).matches("[!-~]+");
                });
    }

    @Property(tries = 1000)
    void counters_are_never_negative(@ForAll("texts") String text, @ForAll("texts") String other) {
        assertThat(CgroupTraffic.parseV2(text)).allSatisfy((device, counters) -> {
            assertThat(device).matches("\\d+:\\d+");
            assertThat(counters.writtenBytes()).isNotNegative();
        });
        assertThat(CgroupTraffic.parseV1(text, other).keySet()).allMatch(device -> device.matches("\\d+:\\d+"));
        Journals.Counters journal = Journals.parse(text, other);
        assertThat(journal == null || (journal.commits() >= 0 && journal.commitMicros() >= 0))
                .isTrue();
        assertThat(KernelText.numbersByLine(text).values()).allMatch(number -> number >= 0);
    }

    @Property(tries = 1000)
    void what_is_no_process_or_pressure_is_refused(@ForAll("texts") String text) {
        try {
            assertThat(ProcessCounters.parse(text, 3, 5, 0).started()).isNotNegative();
        } catch (IOException refused) {
            assertThat(refused).hasMessage("a process without a name");
        }
        try {
            assertThat(PressureTotals.parse(text).ioSome()).isNotNegative();
        } catch (IOException refused) {
            assertThat(refused).hasMessage("no pressure totals");
        }
    }

    @Property(tries = 1000)
    void a_kernel_message_is_short_and_not_from_the_future(@ForAll("texts") String text) {
        Instant now = Instant.parse("2026-11-24T06:00:10Z");
        Evidence.KernelMessage message = KernelLog.parse(text, now, 70_000_000_000L, name -> "");
        if (message != null) {
            assertThat(message.time()).isBeforeOrEqualTo(now);
            assertThat(message.text()).hasSizeLessThanOrEqualTo(1024).doesNotContain("\n");
        }
    }
}
