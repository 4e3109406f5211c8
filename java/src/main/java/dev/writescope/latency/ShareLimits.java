package dev.writescope.latency;

import dev.writescope.container.Container;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the shares of an interval few: of each victim, operation, resource and device the culprits that have a thousandth
 * of the time, the others as one; of those the {@value #MOST_SUBJECTS} that waited longest.
 */
final class ShareLimits {
    static final int MOST_SUBJECTS = 256;
    private static final int LEAST = 1000;

    private ShareLimits() {}

    /** The longest waits first, in them the largest shares; the sum of each subject is unchanged. */
    static List<Share> apply(List<Share> shares, Container others) {
        Map<Share, List<Share>> subjects = new LinkedHashMap<>();
        for (Share share : shares) {
            subjects.computeIfAbsent(with(share, others, 0), _ -> new ArrayList<>())
                    .add(share);
        }
        return subjects.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<Share, List<Share>> subject) -> sum(subject.getValue()))
                        .reversed())
                .limit(MOST_SUBJECTS)
                .flatMap(subject -> largest(subject.getValue(), others).stream())
                .toList();
    }

    private static List<Share> largest(List<Share> shares, Container others) {
        long least = sum(shares) / LEAST;
        List<Share> largest = new ArrayList<>();
        long rest = 0;
        for (Share share : shares) {
            if (share.ns() < least || share.culprit().equals(others)) {
                rest += share.ns();
            } else {
                largest.add(share);
            }
        }
        largest.sort(Comparator.comparingLong(Share::ns).reversed());
        if (rest > 0) {
            largest.add(with(shares.getFirst(), others, rest));
        }
        return largest;
    }

    private static long sum(List<Share> shares) {
        return shares.stream().mapToLong(Share::ns).sum();
    }

    private static Share with(Share share, Container culprit, long ns) {
        return new Share(share.victim(), share.operation(), share.resource(), share.device(), culprit, ns);
    }
}
