package dev.writescope.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.compare.Comparison;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class ComparisonJsonTest {
    private static final String RUN = """
            "duration_s":13.0,"events":10007,"lost":{"fsync":0,"write":0,"block":0},"truncated":false,"version":"0.1.0",\
            "host":"node-7","kernel":"6.12.0-test","machine":"x86_64, 7 \\u00D7 CPU","cgroup_mode":"v2","interval_s":1.0,\
            "digits":2,"containers":["db*"],"hooks":{"fsync":{"kind":"tp_btf","misses":[]},"write":{"kind":"fentry",\
            "misses":["io_uring"]},"block":{"kind":"tp_btf","misses":["bio-only drivers"]}}}""";

    private static String json(Comparison comparison) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ComparisonJson.write(comparison, out);
        return out.toString(StandardCharsets.US_ASCII);
    }

    @Test
    void everything_is_in_one_object_and_what_cannot_be_estimated_is_absent() throws IOException {
        Comparison full = Comparisons.full();
        Comparison two = new Comparison(
                full.before(),
                full.after(),
                full.rules(),
                full.subjects().subList(2, 4),
                full.onlyBefore(),
                full.onlyAfter(),
                full.changes(),
                full.refusals());
        assertThat(json(two)).isEqualTo("""
                {"type":"comparison","schema":1,"verdict":"no_change","summary":"etl block write P99 has no change larger \
                than 10 %: 7.10 ms before, 7.00 ms after; 1 could not be judged","rules":{"minimum_effect":0.1,"level":0.05,\
                "resamples":2000,"seed":20261124},"before":{"file":"before.hlog","time":"2026-11-24T12:00:00Z",\
                """ + RUN + """
                ,"after":{"file":"after.hlog","time":"2026-11-24T12:03:00Z",""" + RUN + """
                ,"subjects":[{"container":"etl","operation":"block","kind":"write","verdict":"no_change","before":{"count":\
                689,"errors":0},"after":{"count":689,"errors":0},"rate":{"before_per_s":53.8,"after_per_s":53.8,"ratio":1.0,\
                "low":0.96,"high":1.04},"quantiles":[{"quantile":0.99,"before_ns":7100000,"after_ns":7000000,"ratio":\
                0.9859154929577465,"low":0.95,"high":1.03,"verdict":"no_change"}]},{"container":"cron","operation":"fsync",\
                "kind":"fdatasync","mount":"/var/spool","verdict":"not_enough_data","before":{"count":13,"errors":0},\
                "after":{"count":0,"errors":0},"rate":{"before_per_s":1.0,"after_per_s":0.0},"quantiles":[{"quantile":0.99,\
                "before_ns":11000000,"verdict":"not_enough_data","reason":"none after"}]}],"only_before":[{"container":\
                "old","operation":"fsync"}],"only_after":[{"container":"new","operation":"fsync"},{"container":"new",\
                "operation":"write"}],"changes":[{"what":"mount of db","before":"/ (overlay)","after":"/data (ext4)"},\
                {"what":"options of /data in db","before":"","after":"rw,noatime"}],"refusals":[]}
                """);
    }

    @Test
    void it_is_one_line_of_ascii_whatever_the_names() throws IOException {
        String text = json(Comparisons.hostile(Sample.HOSTILE + "\ud83d"));
        assertThat(text.strip().chars()).allMatch(c -> c >= ' ' && c < 0x7f);
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
            boolean found = false;
            while (parser.nextToken() != null) {
                found |= (Sample.HOSTILE + "\ufffd").equals(parser.getString());
            }
            assertThat(found).isTrue();
        }
    }
}
