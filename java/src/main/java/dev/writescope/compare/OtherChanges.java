package dev.writescope.compare;

import dev.writescope.latency.Place;
import dev.writescope.latency.RunStart;
import dev.writescope.probe.Coverage;
import dev.writescope.probe.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What else differs between two recordings: mounts and their options first, for they are what is usually tried. */
final class OtherChanges {
    private static final double LOAD = 1.2;
    /** A share of operations that went elsewhere, or failed, that is worth a line. */
    private static final double MOVED = 0.1;

    private static final double FAILED = 0.01;
    private static final String NOTHING = "none";

    private final Recorded before;
    private final Recorded after;
    private final List<OtherChange> all = new ArrayList<>();

    /** @param matches containers of the second recording with their names in the first */
    OtherChanges(Recorded before, Recorded after, Map<String, String> matches, List<SubjectComparison> judged) {
        this.before = before;
        this.after = after;
        matches.forEach((now, then) -> {
            for (Operation operation : List.of(Operation.FSYNC, Operation.WRITE)) {
                mounts(now, then, operation);
            }
            options(now, then);
        });
        judged.stream().filter(each -> each.subject().mount() == null).forEach(this::load);
        judged.stream().filter(each -> each.subject().mount() == null).forEach(this::errors);
        matches.forEach((now, then) -> add("name of a container", then, now));
        host(before.facts().start(), after.facts().start());
    }

    List<OtherChange> all() {
        return all;
    }

    private void add(String what, String then, String now) {
        OtherChange change = new OtherChange(what, then.isEmpty() ? NOTHING : then, now.isEmpty() ? NOTHING : now);
        if (!then.equals(now) && !all.contains(change)) {
            all.add(change);
        }
    }

    private void host(RunStart then, RunStart now) {
        add("host", then.host(), now.host());
        if (!then.machine().isEmpty() && !now.machine().isEmpty()) {
            add("machine", then.machine(), now.machine());
        }
        add("kernel", then.kernel(), now.kernel());
        add("cgroup mode", then.cgroupMode(), now.cgroupMode());
        add("writescope", then.version(), now.version());
        add("interval", Words.seconds(then.interval()), Words.seconds(now.interval()));
        add("significant digits", "" + then.significantDigits(), "" + now.significantDigits());
        for (Operation operation : Operation.values()) {
            add("hooks of " + operation.label(), hooks(then, operation), hooks(now, operation));
        }
    }

    private static String hooks(RunStart start, Operation operation) {
        return start.coverage().stream()
                .filter(each -> each.operation() == operation)
                .map(Coverage::backend)
                .collect(Collectors.joining(", "));
    }

    private void load(SubjectComparison subject) {
        RateChange rate = subject.rate();
        if (rate.low() > LOAD || rate.high() < 1 / LOAD) {
            add(
                    "load of " + what(subject.subject()),
                    Words.perSecond(rate.beforePerSecond()),
                    Words.perSecond(rate.afterPerSecond()));
        }
    }

    private void errors(SubjectComparison subject) {
        double then = (double) subject.before().errors() / subject.before().count();
        double now = (double) subject.after().errors() / subject.after().count();
        if (Math.abs(now - then) > FAILED) {
            add("errors of " + what(subject.subject()), Words.percent(then), Words.percent(now));
        }
    }

    /** Such as "fsync of db". */
    private static String what(Subject subject) {
        String kind = subject.kind() == null ? "" : " " + subject.kind().label();
        return subject.operation().label() + kind + " of " + subject.container();
    }

    /** Where the operations went, if that is another place or a place with another share of them. */
    private void mounts(String now, String then, Operation operation) {
        Map<String, Double> sharesThen = shares(before, then, operation);
        Map<String, Double> sharesNow = shares(after, now, operation);
        if (sharesThen.isEmpty() || sharesNow.isEmpty()) {
            return;
        }
        Set<String> places = new LinkedHashSet<>(sharesThen.keySet());
        places.addAll(sharesNow.keySet());
        boolean moved = places.stream()
                .anyMatch(place ->
                        Math.abs(sharesThen.getOrDefault(place, 0.0) - sharesNow.getOrDefault(place, 0.0)) > MOVED);
        if (moved) {
            add("mounts of " + operation.label() + " of " + now, inWords(sharesThen), inWords(sharesNow));
        }
    }

    private static String inWords(Map<String, Double> shares) {
        return shares.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .map(each -> each.getKey() + (shares.size() == 1 ? "" : " " + Words.percent(each.getValue())))
                .collect(Collectors.joining(", "));
    }

    private static Map<String, Double> shares(Recorded recorded, String container, Operation operation) {
        Map<String, Double> counts = new TreeMap<>();
        recorded.places().forEach((subject, place) -> {
            if (subject.container().equals(container)
                    && subject.operation() == operation
                    && !place.mount().isEmpty()) {
                counts.merge(inWords(place), (double) recorded.samples(subject).count(), Double::sum);
            }
        });
        double sum = counts.values().stream().mapToDouble(Double::doubleValue).sum();
        counts.replaceAll((_, count) -> count / sum);
        return counts;
    }

    /** Such as "/data (volume, ext4 on 259:1)". */
    private static String inWords(Place place) {
        String kind = place.mountClass() == null ? "" : place.mountClass().label() + ", ";
        // Devices without a driver, such as an overlay's, have another number each time they are mounted.
        boolean real = !place.device().isEmpty() && !place.device().startsWith("0:");
        String device = real ? " on " + place.device() : "";
        return place.mount() + " (" + kind + place.fstype() + device + ")";
    }

    /** Options that only one recording has, of the mount points that both have. */
    private void options(String now, String then) {
        Map<String, Set<String>> optionsThen = options(before, then);
        options(after, now).forEach((mount, options) -> {
            Set<String> earlier = optionsThen.get(mount);
            if (earlier != null && !earlier.isEmpty() && !options.isEmpty()) {
                add("options of " + mount + " in " + now, without(earlier, options), without(options, earlier));
            }
        });
    }

    private static Map<String, Set<String>> options(Recorded recorded, String container) {
        Map<String, Set<String>> options = new LinkedHashMap<>();
        recorded.places().forEach((subject, place) -> {
            if (subject.container().equals(container) && !place.mount().isEmpty()) {
                Set<String> known = options.computeIfAbsent(place.mount(), _ -> new LinkedHashSet<>());
                if (!place.options().isEmpty()) {
                    known.addAll(Arrays.asList(place.options().split(",", -1)));
                }
            }
        });
        return options;
    }

    private static String without(Set<String> options, Set<String> others) {
        return options.stream().filter(option -> !others.contains(option)).collect(Collectors.joining(", "));
    }
}
