package dev.writescope.cli;

import dev.writescope.container.Container;
import dev.writescope.container.ContainerDirectory;
import dev.writescope.container.HostPaths;
import dev.writescope.container.IdSpace;
import dev.writescope.container.Selection;
import dev.writescope.evidence.Evidence;
import dev.writescope.evidence.EvidenceCollector;
import dev.writescope.evidence.WalkLimits;
import dev.writescope.explain.EvidenceSource;
import dev.writescope.explain.NoEvidence;
import dev.writescope.latency.SeriesKey;
import dev.writescope.probe.Operation;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The evidence of this host, for a run that is traced now. */
final class HostEvidence implements EvidenceSource, AutoCloseable {
    private @Nullable EvidenceCollector collector;
    private @Nullable Evidence evidence;
    private List<Selection> selections = List.of();
    private String reason = "nothing was collected";

    /** Reads how things are before the run; before privileges are given up. */
    void open(ContainerDirectory containers, List<Selection> selected) {
        selections = selected;
        List<Container> chosen =
                selected.isEmpty() ? containers.containers() : TraceSession.chosen(containers, selected);
        try {
            collector = EvidenceCollector.start(HostPaths.ofEnvironment(), containers, chosen, WalkLimits.DEFAULT);
        } catch (CompletionException failed) {
            reason = "reading them at the start failed: " + failed.getCause();
        }
    }

    /** Whether somebody asks about it: about all, where nothing was chosen. */
    boolean isChosen(SeriesKey key) {
        IdSpace space = key.operation() == Operation.BLOCK ? IdSpace.BLOCK : IdSpace.TASK;
        return selections.isEmpty()
                || selections.stream().anyMatch(selection -> selection.picks(space, key.cgroupId()));
    }

    /** How everything is set at the start; null if nothing is known. */
    @Nullable
    Evidence atStart() {
        try {
            return collector == null ? null : collector.atStart();
        } catch (CompletionException failed) {
            return null;
        }
    }

    @Override
    public void sample() {
        if (collector != null) {
            collector.sample();
        }
    }

    /** The same for everybody who asks: the window ends with the first. What was traced is told without it, too. */
    @Override
    public Evidence finish(Collection<Container> mattering) {
        Evidence known = evidence;
        if (known == null) {
            known = collected(mattering);
            evidence = known;
        }
        return known;
    }

    private Evidence collected(Collection<Container> mattering) {
        try {
            if (collector != null) {
                return collector.finish(mattering);
            }
        } catch (RuntimeException failed) {
            reason = "collecting failed: " + failed;
        }
        return new NoEvidence(reason).finish(mattering);
    }

    @Override
    public void close() {
        if (collector != null) {
            collector.close();
        }
    }
}
