package dev.writescope.recording;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.writescope.evidence.Evidence;
import dev.writescope.latency.Interval;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A recording comes from anybody: whatever its bytes, it is read or refused in one line. */
class RecordingFuzzTest {
    private static final Path NAME = Path.of("run.hlog");
    /** What no reader gets past by chance. */
    private static final String HEAD = """
            #[Histogram log format version 1.3]
            #[writescope {"schema":1,"version":"7","time":"2026-11-24T06:00:00Z","interval_ns":1000000000,\
            "significant_digits":2}]
            #[interval {"start":"2026-11-24T06:00:00Z","duration_ns":7,"lost":{"fsync":0,"write":0,"block":0}}]
            #[owner {"number":1,"container":{"type":"host","name":"host"}}]
            """;

    private static final String EVIDENCE = """
            #[evidence {"start":"2026-11-24T06:00:00Z","duration_ns":7,"elements":2,"dirty":{"dirty_bytes":1,\
            "writeback_bytes":1,"threshold_bytes":1,"background_bytes":1}}]
            #[evidence.""";

    @FuzzTest
    void isReadOrRefused(byte[] file) throws IOException {
        read(file);
    }

    @FuzzTest
    void isReadOrRefusedBehindAValidHead(byte[] rest) throws IOException {
        byte[] head = HEAD.getBytes(StandardCharsets.US_ASCII);
        byte[] file = new byte[head.length + rest.length];
        System.arraycopy(head, 0, file, 0, head.length);
        System.arraycopy(rest, 0, file, head.length, rest.length);
        read(file);
    }

    @FuzzTest
    void isReadOrRefusedAsAnElementOfEvidence(byte[] rest) throws IOException {
        byte[] head = (HEAD + EVIDENCE).getBytes(StandardCharsets.US_ASCII);
        byte[] file = new byte[head.length + rest.length];
        System.arraycopy(head, 0, file, 0, head.length);
        System.arraycopy(rest, 0, file, head.length, rest.length);
        read(file);
    }

    private static void read(byte[] file) throws IOException {
        try (RecordingReader reader = RecordingReader.open(NAME, new ByteArrayInputStream(file))) {
            SeriesSums sums = new SeriesSums();
            for (Interval interval = reader.next(); interval != null; interval = reader.next()) {
                assertThat(interval.series())
                        .allSatisfy(
                                series -> assertThat(series.percentileNs(99)).isNotNegative());
                assertThat(interval.shares())
                        .allSatisfy(share -> assertThat(share.ns()).isNotNegative());
                assertThat(interval.activity())
                        .allSatisfy(done -> assertThat(done.bytes()).isNotNegative());
                sums.add(interval);
            }
            Evidence evidence = reader.evidence();
            if (evidence != null) {
                assertThat(evidence.devices())
                        .allSatisfy(load -> assertThat(load.utilisation()).isBetween(0.0, 1.0));
            }
            sums.endOfCutRun(reader.start().time());
        } catch (RecordingException refused) {
            assertThat(refused.getMessage()).startsWith("run.hlog").matches("\\P{Cntrl}+");
        }
    }
}
