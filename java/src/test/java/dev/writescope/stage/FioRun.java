package dev.writescope.stage;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What fio measured from user space in its first job.
 *
 * @param sync its fsync and fdatasync calls; fio issues none after the last write, so that N writes with --fsync=1 are
 *     N-1 of them
 * @param write its write calls, completion latency
 */
public record FioRun(Latency sync, Latency write) {
    /** All in nanoseconds but the count; percentiles are from fio's histogram, whose error is below 2 %. */
    public record Latency(long count, long min, double mean, long p50, long p95, long p99, long max) {}

    /** Reads the output of {@code fio --output-format=json}. */
    static FioRun parse(String output) {
        int start = output.indexOf('{'); // notes to the user come first
        if (start < 0) {
            throw new IllegalArgumentException("fio printed no JSON but: " + output);
        }
        Map<String, Double> numbers = numbers(output.substring(start));
        return new FioRun(latency(numbers, "/jobs/sync/lat_ns/"), latency(numbers, "/jobs/write/clat_ns/"));
    }

    private static Latency latency(Map<String, Double> numbers, String prefix) {
        return new Latency(
                number(numbers, prefix + "N"),
                number(numbers, prefix + "min"),
                numbers.getOrDefault(prefix + "mean", 0.0),
                number(numbers, prefix + "percentile/50.000000"),
                number(numbers, prefix + "percentile/95.000000"),
                number(numbers, prefix + "percentile/99.000000"),
                number(numbers, prefix + "max"));
    }

    /** Without calls, fio leaves out the percentiles, and of "sync" all but zeroes. */
    private static long number(Map<String, Double> numbers, String path) {
        return numbers.getOrDefault(path, 0.0).longValue();
    }

    /** Every number by its path; of several in an array, the first. */
    private static Map<String, Double> numbers(String json) {
        var numbers = new HashMap<String, Double>();
        var path = new ArrayDeque<String>();
        String name = "";
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                switch (token) {
                    case PROPERTY_NAME -> name = "/" + parser.currentName();
                    case START_OBJECT, START_ARRAY -> {
                        path.addLast(name);
                        name = "";
                    }
                    case END_OBJECT, END_ARRAY -> {
                        path.removeLast();
                        name = "";
                        if (path.isEmpty()) {
                            return numbers;
                        }
                    }
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                        numbers.putIfAbsent(String.join("", path) + name, parser.getDoubleValue());
                    default -> {}
                }
            }
        }
        throw new IllegalArgumentException("fio's JSON ends early");
    }
}
