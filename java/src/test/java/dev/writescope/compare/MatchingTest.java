package dev.writescope.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.container.Container;
import dev.writescope.latency.Place;
import dev.writescope.probe.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MatchingTest {
    private static Map<String, Container> pods(String... pods) {
        Map<String, Container> containers = new LinkedHashMap<>();
        for (String pod : pods) {
            Container container = Scene.inPod("shop", pod, "postgres");
            containers.put(container.displayName(), container);
        }
        return containers;
    }

    @Test
    void a_pod_of_a_stateful_set_is_itself() {
        assertThat(Matching.of(pods("db-0", "db-1"), pods("db-1", "db-2")))
                .containsExactly(Map.entry("shop/db-1/postgres", "shop/db-1/postgres"));
    }

    @Test
    void a_pod_of_a_deployment_is_the_one_that_replaces_it() {
        assertThat(Matching.of(pods("db-6d4cf56db6-x7x2p"), pods("db-7f9c8b5d4f-k2qzw")))
                .containsExactly(Map.entry("shop/db-7f9c8b5d4f-k2qzw/postgres", "shop/db-6d4cf56db6-x7x2p/postgres"));
    }

    @Test
    void a_pod_of_a_daemon_set_is_the_one_that_replaces_it() {
        assertThat(Matching.of(pods("fluentd-x7x2p"), pods("fluentd-k2qzw"))).hasSize(1);
    }

    @Test
    void of_several_replicas_none_is_guessed() {
        assertThat(Matching.of(pods("db-6d4cf56db6-x7x2p", "db-6d4cf56db6-zzt45"), pods("db-7f9c8b5d4f-k2qzw")))
                .isEmpty();
        assertThat(Matching.of(pods("db-6d4cf56db6-x7x2p"), pods("db-7f9c8b5d4f-k2qzw", "db-7f9c8b5d4f-wr6hl")))
                .isEmpty();
    }

    @Test
    void a_replica_that_stayed_leaves_the_other_one_to_match() {
        assertThat(Matching.of(
                        pods("db-6d4cf56db6-x7x2p", "db-6d4cf56db6-zzt45"),
                        pods("db-6d4cf56db6-x7x2p", "db-6d4cf56db6-k2qzw")))
                .hasSize(2);
    }

    @Test
    void another_namespace_or_container_is_another_thing() {
        Container other = Scene.inPod("test", "db-7f9c8b5d4f-k2qzw", "postgres");
        Container sidecar = Scene.inPod("shop", "db-7f9c8b5d4f-k2qzw", "exporter");
        assertThat(Matching.of(
                        pods("db-6d4cf56db6-x7x2p"),
                        Map.of(other.displayName(), other, sidecar.displayName(), sidecar)))
                .isEmpty();
    }

    @Test
    void a_comparison_says_which_pods_it_took_for_one() {
        Place place = Scene.volume("/data", "");
        Comparison comparison = new Comparer(ComparisonRules.DEFAULT)
                .compare(
                        Scene.before()
                                .with(Scene.inPod("shop", "db-6d4cf56db6-x7x2p", "pg"), Kind.FSYNC, place, 211, 1e6)
                                .run(61, 3),
                        Scene.after()
                                .with(Scene.inPod("shop", "db-7f9c8b5d4f-k2qzw", "pg"), Kind.FSYNC, place, 211, 3e6)
                                .run(61, 5));
        assertThat(comparison.verdict()).isEqualTo(Verdict.REGRESSED);
        assertThat(comparison.subjects().getFirst().subject().container()).isEqualTo("shop/db-7f9c8b5d4f-k2qzw/pg");
        assertThat(comparison.changes())
                .containsExactly(new OtherChange(
                        "name of a container", "shop/db-6d4cf56db6-x7x2p/pg", "shop/db-7f9c8b5d4f-k2qzw/pg"));
    }
}
