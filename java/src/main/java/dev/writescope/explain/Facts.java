package dev.writescope.explain;

import dev.writescope.container.Container;
import dev.writescope.evidence.Evidence;
import dev.writescope.latency.Place;
import dev.writescope.probe.Coverage;
import dev.writescope.probe.Losses;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What is known of a victim beside its latencies, and what is not. */
final class Facts {
    private static final Container HOST = Container.host("");

    private Facts() {}

    static List<String> of(Victim victim) {
        List<String> facts = new ArrayList<>();
        Evidence evidence = victim.evidence();
        Place place = victim.series().getFirst().key().place();
        if (!place.mount().isEmpty()) {
            facts.add("most of it on " + Words.name(place.mount()) + ", " + Words.name(place.fstype())
                    + (place.mountClass() == null
                            ? ""
                            : " (" + place.mountClass().label() + ")")
                    + (place.options().isEmpty() ? "" : ", " + Words.name(place.options())));
        }
        victim.load()
                .ifPresent(load -> facts.add(victim.devices().shown(load.device()) + ": busy "
                        + Words.percent(Math.min(1, load.utilisation())) + ", " + Words.figure(load.queueSize())
                        + " requests at once, " + Words.rate(load.writesPerSecond()) + " writes of "
                        + Words.bytes(load.writtenBytesPerSecond()) + "/s, " + Words.duration(load.writeAwaitMs() * 1e6)
                        + " each"
                        + (Double.isNaN(load.flushAwaitMs()) || load.flushesPerSecond() <= 0
                                ? ""
                                : ", " + Words.rate(load.flushesPerSecond()) + " flushes, "
                                        + Words.duration(load.flushAwaitMs() * 1e6) + " each")));
        victim.devices()
                .fileSystem(victim.device())
                .map(Evidence.FileSystemFacts::journal)
                .filter(journal -> !evidence.isOfStartOnly())
                .ifPresent(journal -> facts.add("journal: " + Words.count(journal.commits(), "commit", "commits") + ", "
                        + journal.requested() + " of them asked for by syncs"));
        evidence.pressure().stream()
                .filter(pressure -> pressure.container().equals(victim.container()))
                .findFirst()
                .ifPresent(pressure -> facts.add(words(pressure)));
        evidence.pressure().stream()
                .filter(pressure -> pressure.container().equals(HOST) && !HOST.equals(victim.container()))
                .findFirst()
                .ifPresent(pressure -> facts.add("of the whole host: " + words(pressure)));
        String limits = evidence.limits().stream()
                .filter(limit -> limit.container().equals(victim.container()))
                .map(limit -> limit.name() + "="
                        + (limit.name().startsWith("memory.") ? Words.bytes(limit.value()) : limit.value())
                        + (limit.device().isEmpty() ? "" : " on " + limit.device()))
                .collect(Collectors.joining(", "));
        if (!limits.isEmpty()) {
            facts.add("limits of its cgroup: " + Words.name(limits));
        }
        return facts;
    }

    private static String words(Evidence.Pressure pressure) {
        return "I/O pressure: some " + Words.percent(pressure.ioSome()) + ", full " + Words.percent(pressure.ioFull())
                + " of the time; memory pressure: some " + Words.percent(pressure.memorySome());
    }

    static List<String> unseen(Victim victim) {
        Observation observed = victim.observed();
        List<String> unseen = new ArrayList<>(lost(observed.end().lost()));
        if (victim.parts().isEmpty()) {
            unseen.add("where the time goes: waits were not taken apart");
        }
        if (observed.shares().isEmpty()) {
            unseen.add("who held what it waited for: that was not measured");
        }
        for (Coverage coverage : observed.start().coverage()) {
            if (coverage.operation() == victim.operation() && !coverage.misses().isEmpty()) {
                unseen.add(coverage.operation().label() + " by " + coverage.backend() + " misses "
                        + String.join(", ", coverage.misses()));
            }
        }
        if (observed.evidence().isOfStartOnly()) {
            unseen.add("what the host's files say of the end: the recording was cut short, so that how busy the device"
                    + " was and who wrote how much is not known");
        }
        unseen.addAll(observed.evidence().missing());
        return unseen;
    }

    private static List<String> lost(Losses lost) {
        List<String> unseen = new ArrayList<>();
        if (lost.total() > 0) {
            unseen.add("events that found no room, perhaps the slow ones: " + lost.fsync() + " fsync, " + lost.write()
                    + " write, " + lost.block() + " block; trace again with a larger --ring-size");
        }
        if (lost.parts() > 0) {
            unseen.add("where the time of " + Words.count(lost.parts(), "operation", "operations")
                    + " goes, whose parts found no room: trace again with a larger --ring-size");
        }
        if (lost.activity() > 0) {
            unseen.add("which process did what to which file, for "
                    + Words.count(lost.activity(), "operation or file", "operations or files")
                    + " that found no room");
        }
        return unseen;
    }
}
