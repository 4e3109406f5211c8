package dev.writescope.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.compare.Comparison;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ComparisonMarkdownTest {
    private static String markdown(Comparison comparison) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ComparisonMarkdown.write(comparison, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void tells_the_verdict_then_a_table_of_changes_and_folds_the_rest() throws IOException {
        assertThat(markdown(Comparisons.full())).isEqualTo("""
                **▲ shop/web-0/web write P99 regressed from 53.0 µs to 73.0 µs: +38 % (between +21 % and +59 %); but db fsync P99 improved from 41.0 ms to 6.20 ms: 6.6 times as fast (between 5.9 and 7.1)**

                | | | before | after | change | between | verdict |
                |---|---|--:|--:|--:|--:|---|
                | <code>shop/web-0/web</code> write | P50 | 19.0 µs | 19.1 µs | +0.5 % | −1.0 % to +2.0 % | = no change larger than 10 % |
                |  | P99 | 53.0 µs | 73.0 µs | +38 % | +21 % to +59 % | ▲ regressed |
                | | rate | 200/s | 199/s | −0.5 % | −2.0 % to +1.0 % | |
                | <code>db</code> fsync | P50 | 9.00 ms | 3.00 ms | −67 % | −69 % to −64 % | ▼ improved |
                |  | P90 | 17.0 ms | 5.00 ms | −71 % | −72 % to −68 % | ▼ improved |
                |  | P95 | 23.0 ms | 5.30 ms | −77 % | −79 % to −75 % | ▼ improved |
                |  | P99 | 41.0 ms | 6.20 ms | −85 % | −86 % to −83 % | ▼ improved |
                |  | P99.9 | 97.0 ms | 83.0 ms | - | - | ? not enough data: fewer than 20 operations above it |
                | | rate | 101/s | 103/s | +2.0 % | −3.0 % to +7.0 % | |

                <details><summary>2 without a change that can be told</summary>

                | | | before | after | change | between | verdict |
                |---|---|--:|--:|--:|--:|---|
                | <code>etl</code> block write | P99 | 7.10 ms | 7.00 ms | −1.4 % | −5.0 % to +3.0 % | = no change larger than 10 % |
                | | rate | 53.8/s | 53.8/s | 0 % | −4.0 % to +4.0 % | |
                | <code>cron</code> fsync fdatasync on /var/spool | P99 | 11.0 ms | - | - | - | ? not enough data: none after |
                | | rate | 1.00/s | 0/s | - | - | |

                </details>

                | what else changed | before | after |
                |---|---|---|
                | mount of db | <code>/ (overlay)</code> | <code>/data (ext4)</code> |
                | options of /data in db | - | <code>rw,noatime</code> |

                Only in <code>before.hlog</code>, not judged: <code>old</code> fsync

                Only in <code>after.hlog</code>, not judged: <code>new</code> fsync, <code>new</code> write

                | | recording | |
                |---|---|---|
                | before | <code>before.hlog</code> | 2026-11-24 12&#58;00&#58;00Z, 13.0 s, 10007 operations on node-7, Linux 6.12.0-test |
                | after | <code>after.hlog</code> | 2026-11-24 12&#58;03&#58;00Z, 13.0 s, 10007 operations on node-7, Linux 6.12.0-test |

                Intervals hold together with 95 % confidence; the smallest change of interest is 10 %.
                """);
    }

    @Test
    void no_name_is_markup() throws IOException {
        String hostile =
                "a|b`c` **d** _e_ [f](https://g) <script>h</script> @everyone #7 :tada: \\| &lt; ~~i~~ ![j](k)\n# l";
        String text = markdown(Comparisons.hostile(hostile));
        String own = text.replaceAll("&#\\d+;", "");
        assertThat(own.replaceAll("</?code>", "")).doesNotContain("`", "<", "[", "@", "\\", "&", "~", "!", "_", "://");
        assertThat(text.lines())
                .hasSameSizeAs(markdown(Comparisons.hostile("tame")).lines().toList());
        // As many cells in each row as with a tame name.
        assertThat(text.lines().map(line -> line.chars().filter(c -> c == '|').count()))
                .containsExactlyElementsOf(markdown(Comparisons.hostile("tame"))
                        .lines()
                        .map(line -> line.chars().filter(c -> c == '|').count())
                        .toList());
        assertThat(text).contains("a&#124;b&#96;c&#96; &#42;&#42;d&#42;&#42;", "&#64;everyone");
    }
}
