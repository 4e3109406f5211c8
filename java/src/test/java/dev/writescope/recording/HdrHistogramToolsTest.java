package dev.writescope.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.latency.Interval;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogProcessor;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tools of HdrHistogram itself are the judge of what a standard file is. */
class HdrHistogramToolsTest {
    private static final SeriesKey DB = Samples.key("db\u2028, \"1\"", Kind.FSYNC, 101);
    private static final SeriesKey ETL = Samples.key("etl", Kind.BLOCK_WRITE, 103);
    private static final int SECONDS = 5;

    @TempDir
    Path directory;

    private Path file;
    private final List<SeriesInterval> recorded = new ArrayList<>();

    @BeforeEach
    void record() throws IOException {
        Random random = new Random(7_919);
        List<Interval> intervals = IntStream.range(0, SECONDS)
                .mapToObj(second -> {
                    SeriesInterval db = Samples.series(DB, 2, 0, 0, latencies(random, 1_009));
                    SeriesInterval etl = Samples.series(ETL, 2, 0, 0, latencies(random, 503));
                    recorded.add(db);
                    recorded.add(etl);
                    return Samples.interval(
                            second, List.of(db, etl), List.of(Samples.slow("a, b\u2028c")), Losses.NONE);
                })
                .toList();
        file = directory.resolve("run.hlog");
        Samples.record(file, Samples.START, intervals, Samples.end(SECONDS));
    }

    private static long[] latencies(Random random, int count) {
        return random.longs(count, 1_000, 50_000_000).toArray();
    }

    @Test
    void histogram_log_reader_gives_the_same_histograms_tags_and_times() throws IOException {
        try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
            for (int i = 0; i < recorded.size(); i++) {
                assertThat(reader.hasNext()).isTrue();
                Histogram histogram = (Histogram) reader.nextIntervalHistogram();
                assertThat(histogram).isEqualTo(recorded.get(i).histogram());
                assertThat(histogram.getTag())
                        .isEqualTo(i % 2 == 0 ? "db____1_.fsync.fsync.1" : "etl.block.write.total.2");
                long second = i / 2;
                assertThat(histogram.getStartTimeStamp())
                        .isBetween(
                                Samples.TIME.toEpochMilli() + second * 1_000 - 1,
                                Samples.TIME.toEpochMilli() + second * 1_000 + 1);
                assertThat(histogram.getEndTimeStamp() - histogram.getStartTimeStamp())
                        .isBetween(999L, 1_001L);
            }
            assertThat(reader.nextIntervalHistogram()).isNull();
            assertThat(Math.round(reader.getStartTimeSec() * 1_000)).isEqualTo(Samples.TIME.toEpochMilli());
        }
    }

    @Test
    void histogram_log_processor_prints_the_same_percentiles() throws IOException, InterruptedException {
        Path out = directory.resolve("processed");
        Thread processor = new HistogramLogProcessor(new String[] {
            "-i", file.toString(), "-o", out.toString(), "-tag", "etl.block.write.total.2", "-outputValueUnitRatio", "1"
        });
        processor.start();
        processor.join();

        Histogram merged = new Histogram(1, Samples.TWO_HOURS_NS, 2);
        recorded.stream().filter(each -> each.key().equals(ETL)).forEach(each -> merged.add(each.histogram()));
        List<String> rows = Files.readAllLines(directory.resolve("processed.hgrm"));
        int compared = 0;
        for (String row : rows) {
            String[] columns = row.strip().split(" +", -1);
            if (columns.length >= 3 && columns[0].matches("[0-9.]+")) {
                long value = (long) Double.parseDouble(columns[0]);
                long expected = merged.getValueAtPercentile(100 * Double.parseDouble(columns[1]));
                assertThat(merged.valuesAreEquivalent(value, expected)).as(row).isTrue();
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(20);
        assertThat(rows).anyMatch(row -> row.matches(".*Total count *= *" + 503 * SECONDS + "\\]"));
    }
}
