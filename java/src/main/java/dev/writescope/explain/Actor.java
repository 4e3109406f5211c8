package dev.writescope.explain;

import dev.writescope.container.Container;
import dev.writescope.latency.Activity;
import dev.writescope.probe.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Who did what to which file, told as one where a person would: processes of one name that take turns at a file, and a
 * program that goes through the files of a directory.
 *
 * @param pid of the process, if it is one; 0 otherwise
 * @param processes how many there were; 0 if that is not known, as of those that a recording does not tell apart
 * @param file as the container sees it; of several files, their directory with a slash at its end; empty if unknown
 * @param files how many there were
 */
public record Actor(
        Container container,
        String comm,
        int pid,
        long processes,
        String file,
        long files,
        Kind kind,
        long count,
        long bytes,
        long totalNs) {
    /** As many files of a directory are told one by one. */
    static final int FEW_FILES = 3;

    private record OfFile(Container container, String comm, Kind kind, String file) {}

    private record OfDirectory(Container container, String comm, Kind kind, String directory) {}

    /** Of all, the most bytes first, then the most calls. */
    static List<Actor> of(Collection<Activity> activity) {
        Map<OfDirectory, List<Activity>> byDirectory = grouped(
                activity, each -> new OfDirectory(each.container(), each.comm(), each.kind(), directory(each.file())));
        List<Actor> actors = new ArrayList<>();
        byDirectory.forEach((key, some) -> {
            long files = some.stream().map(Activity::file).distinct().count();
            if (files > FEW_FILES && !key.directory().isEmpty()) {
                actors.add(sum(some, key.directory(), files));
            } else {
                grouped(some, each -> new OfFile(each.container(), each.comm(), each.kind(), each.file()))
                        .forEach((one, same) -> actors.add(sum(same, one.file(), 1)));
            }
        });
        actors.sort(Comparator.comparingLong(Actor::bytes)
                .thenComparingLong(Actor::count)
                .reversed());
        return actors;
    }

    private static <K> Map<K, List<Activity>> grouped(Collection<Activity> all, Function<Activity, K> key) {
        return all.stream().collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()));
    }

    private static Actor sum(List<Activity> some, String file, long files) {
        Activity first = some.getFirst();
        long processes = first.isOthers()
                ? 0
                : some.stream().mapToInt(Activity::pid).distinct().count();
        return new Actor(
                first.container(),
                first.comm(),
                processes == 1 ? first.pid() : 0,
                processes,
                file,
                files,
                first.kind(),
                some.stream().mapToLong(Activity::count).sum(),
                some.stream().mapToLong(Activity::bytes).sum(),
                some.stream().mapToLong(Activity::totalNs).sum());
    }

    private static String directory(String file) {
        return file.substring(0, file.lastIndexOf('/') + 1);
    }
}
