package dev.writescope.explain;

import dev.writescope.container.Container;
import dev.writescope.latency.Activity;
import dev.writescope.latency.Share;
import dev.writescope.probe.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A process of the host holds the device or fills the commits: most often the one that writes the containers' logs, which
 * is the runtime's shim or monitor, the container engine, or journald.
 */
final class HostRule implements Rule {
    private static final Pattern LOGGERS = Pattern.compile(
            "containerd-shim.*|conmon|conmonrs|dockerd|containerd|crio|kubelet|systemd-journal.*|rsyslogd|logrotate|fluent.*");

    private static final Pattern LOG_PATHS = Pattern.compile(
            ".*(?:/var/log/.*|/containers/[0-9a-f]{64}/[0-9a-f]{64}-json\\.log.*|/ctr\\.log.*|\\.log(?:\\.\\d+)?)");

    @Override
    public List<Cause> causes(Victim victim, double left) {
        double device = held(victim, Share.Resource.DEVICE);
        double commit = held(victim, Share.Resource.COMMIT);
        List<Activity> acts = victim.activityHere(HostRule::isHostWrite);
        Belief belief = new Belief();
        double share = device + commit;
        if (share >= victim.severity().leastShare()) {
            belief.because("for " + Words.percent(share)
                            + " of the time it waited for requests or data of host processes")
                    .but(acts.isEmpty(), "none of their writes to its file system were seen");
        } else {
            share = byActivity(victim, acts, belief);
        }
        if (share < victim.severity().leastShare() || (acts.isEmpty() && share == 0)) {
            return List.of();
        }
        acts.stream().limit(3).forEach(act -> belief.because(Words.activity(act, victim.seconds())));
        return cause(victim, acts, share, belief).stream().toList();
    }

    private static boolean isHostWrite(Activity activity) {
        return activity.container().type() == Container.Type.HOST && activity.bytes() > 0;
    }

    private static double held(Victim victim, Share.Resource resource) {
        return victim.holders(resource).entrySet().stream()
                .filter(holder -> holder.getKey().type() == Container.Type.HOST)
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /** Where the kernel charges nobody with buffered writes: the part that host processes have in them. */
    private static double byActivity(Victim victim, List<Activity> acts, Belief belief) {
        double unowned = 0;
        for (Share.Resource resource : Share.Resource.values()) {
            unowned += victim.holders(resource).getOrDefault(Container.UNATTRIBUTED, 0.0);
        }
        if (unowned == 0 && victim.observed().shares().isEmpty()) {
            unowned = NeighbourDeviceRule.waits(victim) + victim.share(NeighbourJournalRule.commit());
        }
        List<Activity> buffered = victim.activityHere(each -> each.kind() == Kind.BUFFERED);
        double all = buffered.stream().mapToLong(Activity::bytes).sum();
        double bytes = buffered.stream()
                .filter(HostRule::isHostWrite)
                .mapToLong(Activity::bytes)
                .sum();
        double part = bytes / Math.max(1, all);
        if (acts.isEmpty()
                || part < Explainer.MOST
                || bytes / victim.seconds() < NeighbourJournalRule.LEAST_BYTES_PER_SECOND) {
            return 0;
        }
        belief.because("host processes make " + Words.percent(part) + " of the buffered writes to its file system")
                .but("whose data it waited for was not measured");
        return unowned * part;
    }

    private static Optional<Cause> cause(Victim victim, List<Activity> acts, double share, Belief belief) {
        Optional<Activity> logger = acts.stream().filter(HostRule::isLogging).findFirst();
        if (logger.isPresent() && logger.get().bytes() * 2 >= acts.getFirst().bytes()) {
            return log(victim, logger.get(), share, belief);
        }
        String who = acts.isEmpty()
                ? "a process of the host"
                : Words.name(acts.getFirst().comm()) + " of the host";
        return Cause.ofTime(
                Cause.Name.HOST_DEVICE,
                acts.isEmpty() ? "host" : acts.getFirst().comm(),
                share,
                "It waits for what " + who + " writes to " + victim.devices().shown(victim.device()),
                belief,
                Layout.ownDevice(victim));
    }

    private static Optional<Cause> log(Victim victim, Activity logger, double share, Belief belief) {
        String source = LogFiles.container(victim.observed(), logger.file());
        return Cause.ofTime(
                Cause.Name.RUNTIME_LOG,
                logger.comm(),
                share,
                Words.name(logger.comm()) + " writes the log " + Words.name(logger.file())
                        + (source.isEmpty() ? "" : " of " + Words.name(source)) + " at "
                        + Words.bytes(logger.bytes() / victim.seconds()) + "/s to the victim's file system",
                belief.because(source.isEmpty(), "the file's name does not tell which container logs so much"),
                LogFiles.remedies(victim, logger.file()));
    }

    static boolean isLogging(Activity activity) {
        return LOGGERS.matcher(activity.comm()).matches()
                && (LOG_PATHS.matcher(activity.file()).matches()
                        || activity.file().isEmpty());
    }
}
