package dev.writescope.compare;

import dev.writescope.latency.RunStart;
import dev.writescope.probe.Coverage;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Why two recordings, or one operation in them, cannot be compared although there is data. */
final class Refusals {
    private static final Duration SHORTEST = Duration.ofSeconds(30);
    private static final int FEWEST_SLOTS = 10;

    private final Recorded before;
    private final Recorded after;
    private final List<String> ofAll = new ArrayList<>();
    private final Map<Operation, List<String>> ofOperation = new EnumMap<>(Operation.class);

    /** @param inTurn whether the runs of both were made in turn, so that neither is the earlier one */
    Refusals(Recorded before, Recorded after, boolean inTurn) {
        this.before = before;
        this.after = after;
        if (!inTurn) {
            times();
        }
        content(before);
        content(after);
        for (Operation operation : Operation.values()) {
            losses(before, operation);
            losses(after, operation);
            coverage(operation);
        }
    }

    /** In words; empty in the normal case. */
    List<String> all() {
        List<String> all = new ArrayList<>(ofAll);
        ofOperation.values().forEach(all::addAll);
        return all;
    }

    /** Why an operation cannot be judged, null if it can. */
    @Nullable
    String of(Operation operation) {
        return ofAll.isEmpty()
                ? ofOperation.getOrDefault(operation, List.of()).stream()
                        .findFirst()
                        .orElse(null)
                : ofAll.getFirst();
    }

    void nothingInCommon() {
        if (ofAll.isEmpty()) {
            ofAll.add("no container is in both recordings: " + names(before) + "; " + names(after));
        }
    }

    private static String names(Recorded recorded) {
        List<String> names = recorded.containers().keySet().stream().sorted().toList();
        String few = String.join(", ", names.subList(0, Math.min(5, names.size())));
        return name(recorded) + " has " + (names.size() > 5 ? few + ", … (" + names.size() + ")" : few);
    }

    private void times() {
        RunStart first = before.facts().start();
        RunStart second = after.facts().start();
        if (before.timeline().size() == 0
                || after.timeline().size() == 0
                || !first.host().equals(second.host())) {
            return; // two hosts may be compared at the same time
        }
        if (first.time().equals(second.time()) && end(before).equals(end(after))) {
            ofAll.add(name(before) + " and " + name(after) + " are the same recording: name two different ones");
        } else if (!second.time().isBefore(end(before))) {
            return;
        } else if (!first.time().isBefore(end(after))) {
            ofAll.add(name(before) + " (" + seconds(first.time()) + ") was recorded after " + name(after) + " ("
                    + seconds(second.time()) + "): swap them");
        } else {
            ofAll.add(name(before) + " and " + name(after) + " overlap in time on " + first.host()
                    + ": compare recordings made one after the other");
        }
    }

    private static Instant end(Recorded recorded) {
        return recorded.timeline().stretches().getLast().end();
    }

    private static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }

    private void content(Recorded recorded) {
        Duration duration = recorded.facts().duration();
        if (recorded.containers().isEmpty()) {
            ofAll.add(name(recorded) + " has no operations of a container or the host: was the workload running?");
        } else if (recorded.segments() < Plan.RUNS
                && (duration.compareTo(SHORTEST) < 0 || recorded.timeline().size() < FEWEST_SLOTS)) {
            ofAll.add(name(recorded) + " is too short: " + Words.seconds(duration) + " in "
                    + recorded.timeline().size() + " intervals, at least " + SHORTEST.toSeconds() + " s and "
                    + FEWEST_SLOTS + " intervals are needed");
        }
    }

    private void losses(Recorded recorded, Operation operation) {
        Losses lost = recorded.facts().lost();
        long events = switch (operation) {
            case FSYNC -> lost.fsync();
            case WRITE -> lost.write();
            case BLOCK -> lost.block();
        };
        if (events > 0) {
            add(
                    operation,
                    events + " " + operation.label() + (events == 1 ? " event was" : " events were") + " lost in "
                            + name(recorded) + ", perhaps the slow ones: record again");
        }
    }

    private void coverage(Operation operation) {
        Coverage first = coverage(before, operation);
        Coverage second = coverage(after, operation);
        if (first != null
                && second != null
                && !List.copyOf(first.misses().stream().sorted().toList())
                        .equals(second.misses().stream().sorted().toList())) {
            add(
                    operation,
                    "not the same " + operation.label() + " is seen: " + name(before) + " misses " + misses(first)
                            + ", " + name(after) + " misses " + misses(second)
                            + ": record both on the same kernel with the same --backend");
        }
    }

    private static @Nullable Coverage coverage(Recorded recorded, Operation operation) {
        return recorded.facts().start().coverage().stream()
                .filter(each -> each.operation() == operation)
                .findFirst()
                .orElse(null);
    }

    private static String misses(Coverage coverage) {
        return coverage.misses().isEmpty() ? "nothing known" : String.join(" and ", coverage.misses());
    }

    private void add(Operation operation, String refusal) {
        ofOperation.computeIfAbsent(operation, _ -> new ArrayList<>()).add(refusal);
    }

    private static String name(Recorded recorded) {
        return recorded.facts().file();
    }
}
