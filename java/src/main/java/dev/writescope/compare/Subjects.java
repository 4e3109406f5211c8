package dev.writescope.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What there is to compare: the subjects of two recordings side by side. */
final class Subjects {
    private final Map<String, String> matches;
    private final List<Common> common = new ArrayList<>();
    private final List<Subject> onlyBefore = new ArrayList<>();
    private final List<Subject> onlyAfter = new ArrayList<>();

    /**
     * A subject of both recordings.
     *
     * @param subject as the second recording calls it
     */
    record Common(Subject subject, List<Samples> before, List<Samples> after) {}

    Subjects(Recorded before, Recorded after) {
        matches = Matching.of(before.containers(), after.containers());
        Map<Subject, List<Samples>> first = before.bySubject();
        Map<Subject, List<Samples>> second = after.bySubject();
        onlyBefore.addAll(first.keySet());
        second.forEach((subject, samples) -> {
            Subject known = inBefore(subject);
            List<Samples> earlier = first.get(known);
            if (earlier == null) {
                onlyAfter.add(subject);
            } else {
                onlyBefore.remove(known);
                common.add(new Common(subject, earlier, samples));
                addMounts(subject, before, after);
            }
        });
    }

    /** The name a subject has in the first recording; its own if there is none. */
    private Subject inBefore(Subject subject) {
        return subject.of(matches.getOrDefault(subject.container(), subject.container()));
    }

    private void addMounts(Subject subject, Recorded before, Recorded after) {
        Set<String> first = mounts(inBefore(subject), before);
        Set<String> second = mounts(subject, after);
        if (first.size() < 2 && second.size() < 2) {
            return;
        }
        for (String mount : second) {
            if (first.contains(mount)) {
                Subject there = new Subject(subject.container(), subject.operation(), subject.kind(), mount);
                common.add(new Common(there, List.of(before.samples(inBefore(there))), List.of(after.samples(there))));
            }
        }
    }

    /** The mount points a subject was seen at. */
    private static Set<String> mounts(Subject subject, Recorded recorded) {
        Set<String> mounts = new TreeSet<>();
        for (Subject each : recorded.byMount().keySet()) {
            if (each.mount() != null
                    && !each.mount().isEmpty()
                    && each.everywhere().equals(subject)) {
                mounts.add(each.mount());
            }
        }
        return mounts;
    }

    /** Containers of the second recording with their names in the first. */
    Map<String, String> matches() {
        return matches;
    }

    List<Common> common() {
        return common;
    }

    List<Subject> onlyBefore() {
        return onlyBefore;
    }

    List<Subject> onlyAfter() {
        return onlyAfter;
    }
}
