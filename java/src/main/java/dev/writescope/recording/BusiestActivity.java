package dev.writescope.recording;

import dev.writescope.latency.Activity;
import dev.writescope.latency.Others;
import dev.writescope.latency.Place;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * Of the activity of an interval what is worth a line: of each device those that together wrote nearly all bytes and
 * took nearly all time there. The rest is added up, so that sums stay as they are.
 */
final class BusiestActivity {
    static final int MOST = 50;
    static final double NEARLY_ALL = 0.95;

    private static final List<ToLongFunction<Activity>> MEASURES = List.of(Activity::bytes, Activity::totalNs);

    private BusiestActivity() {}

    /** At most {@value #MOST}, as they came, then the others, those that came as such too: one for each kind and device. */
    static List<Activity> of(List<Activity> all) {
        Map<String, List<Activity>> byDevice =
                all.stream().collect(Collectors.groupingBy(each -> each.place().device()));
        IdentityHashMap<Activity, Double> weights = new IdentityHashMap<>();
        byDevice.values().forEach(those -> MEASURES.forEach(measure -> weigh(those, measure, weights)));
        List<Activity> lightest = new ArrayList<>(weights.keySet());
        lightest.sort(Comparator.comparingDouble(each -> weights.getOrDefault(each, 0.0)));
        lightest.subList(0, Math.max(0, lightest.size() - MOST)).forEach(weights::remove);
        List<Activity> busiest =
                new ArrayList<>(all.stream().filter(weights::containsKey).toList());
        busiest.addAll(others(all, weights));
        return busiest;
    }

    /** Notes those that make up nearly all, each with its part of all. */
    private static void weigh(
            List<Activity> those, ToLongFunction<Activity> measure, IdentityHashMap<Activity, Double> weights) {
        double all = those.stream().mapToDouble(measure::applyAsLong).sum();
        double sum = 0;
        for (Activity each : those.stream()
                .filter(each -> !each.isOthers())
                .sorted(Comparator.comparingLong(measure).reversed())
                .toList()) {
            if (sum >= NEARLY_ALL * all) {
                return;
            }
            sum += measure.applyAsLong(each);
            weights.merge(each, measure.applyAsLong(each) / all, Math::max);
        }
    }

    private static Collection<Activity> others(List<Activity> all, IdentityHashMap<Activity, Double> kept) {
        Set<String> devices =
                kept.keySet().stream().map(each -> each.place().device()).collect(Collectors.toSet());
        Others others = new Others();
        for (Activity each : all) {
            if (!kept.containsKey(each)) {
                // Of devices with little else to tell of only the sum of all.
                boolean known = devices.contains(each.place().device());
                Place place = known
                        ? new Place(each.place().fstype(), each.place().device(), "", null)
                        : new Place("", "", "", null);
                others.add(each.kind(), place, each.count(), each.bytes(), each.totalNs());
            }
        }
        return others.sums();
    }
}
