package dev.writescope.evidence;

import dev.writescope.container.Container;
import dev.writescope.container.ContainerCgroup;
import dev.writescope.container.HostPaths;
import dev.writescope.container.IdSpace;
import dev.writescope.evidence.Evidence.Pressure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Pressure stall information since one moment (Linux 4.20, Documentation/accounting/psi.rst), from the exact totals and
 * not from the kernel's averages. Only cgroups of v2 have it.
 */
final class PressureTotals {
    private static final Container HOST = Container.host("");

    private final HostPaths host;
    private final Missing missing;
    private final Map<Path, Totals> before = new HashMap<>();

    /** Microseconds in which some, or all, of those that could run waited. */
    record Totals(long ioSome, long ioFull, long memorySome) {}

    PressureTotals(HostPaths host, List<Target> targets, Missing missing) {
        this.host = host;
        this.missing = missing;
        places(targets).forEach(place -> read(place, before));
    }

    /** Where the files are, and what their names begin and end with. */
    private record Place(Container container, Path directory, String suffix) {}

    /** The host's, then each container's of which it is known. */
    List<Pressure> finish(List<Target> targets, Duration elapsed) {
        Map<Path, Totals> now = new HashMap<>();
        double micros = Math.max(1, elapsed.toNanos() / 1e3);
        List<Pressure> found = new ArrayList<>();
        for (Place place : places(targets)) {
            read(place, now);
            Totals after = now.get(place.directory);
            Totals then = before.get(place.directory);
            if (after != null && then == null) {
                missing.add("pressure of " + place.container.displayName(), "was not read at the start of the window");
            } else if (after != null && then != null) {
                found.add(new Pressure(
                        place.container,
                        share(then.ioSome, after.ioSome, micros),
                        share(then.ioFull, after.ioFull, micros),
                        share(then.memorySome, after.memorySome, micros)));
            }
        }
        return found;
    }

    private static double share(long before, long after, double elapsed) {
        return Math.clamp((after - before) / elapsed, 0, 1);
    }

    private List<Place> places(List<Target> targets) {
        List<Place> places = new ArrayList<>();
        places.add(new Place(HOST, host.proc().resolve("pressure"), ""));
        for (Target target : targets) {
            List<ContainerCgroup> outermost = target.outermost(IdSpace.TASK);
            if (outermost.isEmpty()) {
                missing.add("pressure of " + target.container().displayName(), "it has no cgroup of v2");
            } else if (!outermost.getFirst().path().equals("/")) {
                places.add(new Place(target.container(), outermost.getFirst().directory(), ".pressure"));
            }
        }
        return places;
    }

    private void read(Place place, Map<Path, Totals> into) {
        try {
            Totals io = parse(KernelText.read(place.directory.resolve("io" + place.suffix)));
            Totals memory = parse(KernelText.read(place.directory.resolve("memory" + place.suffix)));
            into.put(place.directory, new Totals(io.ioSome, io.ioFull, memory.ioSome));
        } catch (IOException off) {
            if (Files.isDirectory(place.directory) || place.container.equals(HOST)) {
                missing.add("pressure of " + place.container.displayName(), off.getMessage() + " (psi=0?)");
            }
        }
    }

    /** Some and full of one file. */
    static Totals parse(String text) throws IOException {
        long some = -1;
        long full = 0;
        for (String[] words : KernelText.lines(text)) {
            long total = KernelText.numbers(words, 1).getOrDefault("total", -1L);
            if (total >= 0 && words[0].equals("some")) {
                some = total;
            } else if (total >= 0 && words[0].equals("full")) {
                full = total;
            }
        }
        if (some < 0) {
            throw new IOException("no pressure totals");
        }
        return new Totals(some, full, 0);
    }
}
