package dev.writescope.explain;

import dev.writescope.evidence.Evidence.FileSystemFacts;
import dev.writescope.evidence.Evidence.KernelMessage;
import dev.writescope.evidence.Evidence.KernelMessage.Topic;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** The device fails requests, or does not answer them in time. */
final class IoErrorRule implements Rule {
    /** A discard may be refused by what is below, and is then no failure. */
    private static final Set<Kind> WRITTEN = Set.of(Kind.BLOCK_WRITE, Kind.BLOCK_FLUSH);

    private static final Set<Topic> TOPICS = Set.of(Topic.IO_ERROR, Topic.FILE_SYSTEM_ERROR, Topic.TIMEOUT);

    @Override
    public List<Cause> causes(Victim victim, double left) {
        List<KernelMessage> messages = victim.evidence().messages().stream()
                .filter(message -> TOPICS.contains(message.topic()))
                .filter(message -> message.device().isEmpty() || victim.mounts(message.device()))
                .sorted(Comparator.comparing(message -> message.device().isEmpty()))
                .toList();
        long failedRequests = victim.observed().series().stream()
                .filter(each -> each.key().operation() == Operation.BLOCK
                        && each.key().stage() == Stage.TOTAL
                        && WRITTEN.contains(each.key().kind())
                        && victim.mounts(each.key().place().device()))
                .mapToLong(SeriesInterval::errors)
                .sum();
        boolean named = messages.stream().anyMatch(message -> !message.device().isEmpty());
        if (!named && failedRequests == 0) {
            return List.of();
        }
        String device = messages.stream()
                .map(KernelMessage::device)
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse(victim.device());
        Belief belief = new Belief()
                .weigh(
                        !messages.isEmpty(),
                        Words.count(messages.size(), "line", "lines") + " in the kernel's log: "
                                + (messages.isEmpty()
                                        ? ""
                                        : Words.name(messages.getFirst().text())),
                        "the kernel's log says nothing of it")
                .because(failedRequests > 0, Words.count(failedRequests, "request", "requests") + " failed")
                .because(
                        victim.total().errors() > 0,
                        victim.total().errors() + " of " + victim.total().count() + " calls of "
                                + victim.operation().label() + " failed");
        victim.devices()
                .fileSystem(victim.device())
                .map(FileSystemFacts::errors)
                .filter(errors -> errors > 0)
                .ifPresent(errors ->
                        belief.because("its file system has counted " + errors + " errors since it was checked"));
        return Cause.ofFailure(
                        Cause.Name.IO_ERRORS,
                        victim.isOn(device),
                        "The device " + victim.devices().shown(device) + " fails: "
                                + (failedRequests > 0
                                        ? Words.count(failedRequests, "failed request", "failed requests")
                                        : Words.count(messages.size(), "complaint", "complaints") + " of the kernel")
                                + " within " + Words.duration(victim.seconds() * 1e9),
                        belief,
                        List.of(new Remedy(
                                "save the data, and replace the device",
                                List.of(
                                        "smartctl -x "
                                                + ShellWord.quote(victim.devices()
                                                        .path(victim.devices().disk(device))),
                                        "journalctl -k --since -1h | grep -iE 'i/o error|ext4-fs|xfs|btrfs|timeout'"),
                                "a move to another disk; a failed fsync may have lost data for good, even if the next one"
                                        + " succeeds")))
                .stream()
                .toList();
    }
}
