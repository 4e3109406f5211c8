package dev.writescope.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The small structures that lookups are made of. */
class LookupPropertyTest {
    @Property
    void a_map_gives_what_was_put_in_and_nothing_else(@ForAll Set<Long> present, @ForAll List<Long> asked) {
        Map<Long, String> expected = new HashMap<>();
        present.forEach(key -> expected.put(key, "v" + key));

        LongMap<String> map = LongMap.copyOf(expected);

        assertThat(map.size()).isEqualTo(expected.size());
        assertThat(present).allSatisfy(key -> assertThat(map.get(key)).isEqualTo("v" + key));
        assertThat(asked).allSatisfy(key -> assertThat(map.get(key)).isEqualTo(expected.get(key)));
    }

    @Property
    void a_miss_is_told_once_until_it_is_taken_out(@ForAll long id) {
        Misses<Long> misses = new Misses<>();

        assertThat(misses.offer(id)).isTrue();
        assertThat(misses.offer(id)).isFalse();
        assertThat(misses.drain()).containsExactly(id);
        assertThat(misses.drain()).isEmpty();
        assertThat(misses.offer(id)).isTrue();
    }

    @Property
    void the_distance_of_two_names_is_the_same_both_ways_and_bounded(@ForAll String a, @ForAll String b) {
        int distance = EditDistance.between(a, b);

        assertThat(distance).isEqualTo(EditDistance.between(b, a));
        assertThat(distance).isBetween(Math.abs(a.length() - b.length()), Math.max(a.length(), b.length()));
        assertThat(distance == 0).isEqualTo(a.equals(b));
    }

    @Property
    void a_pattern_without_wildcards_matches_just_itself(@ForAll String name, @ForAll String other) {
        String plain = name.replaceAll("[*?]", "");
        ContainerPattern pattern = new ContainerPattern(plain);

        assertThat(pattern.matches(plain)).isTrue();
        assertThat(pattern.matches(other)).isEqualTo(other.equals(plain));
    }

    @Property
    void a_bundle_of_any_bytes_is_read_without_complaint(@ForAll byte[] bytes) throws IOException {
        Path file = Files.createTempFile("config", ".json");
        try {
            Files.write(file, bytes);
            assertThat(ContainerdState.bundleNames(file)).isEqualTo(Names.NONE);
        } finally {
            Files.delete(file);
        }
    }
}
