package dev.writescope.container;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The cgroups somebody asked for, kept up to date while containers come and go, until it is closed. Any thread may
 * ask; {@link #picks} never blocks.
 */
public final class Selection implements AutoCloseable {
    /** Told on the scanning thread, so it must be quick; it may not call back into the directory. */
    public interface Listener {
        /** A cgroup is selected that was not before. */
        void appeared(IdSpace space, long cgroupId, Container container);

        /** A selected cgroup is gone, or is selected no longer. Its last I/O may still be to come. */
        void gone(IdSpace space, long cgroupId, Container container);
    }

    /** Something that was asked for and is not there, with names that may have been meant, best first. */
    public record Unmatched(String choice, List<String> nearest) {}

    private final List<Choice> choices;
    private final List<Unmatched> unmatched;
    private final Consumer<Selection> onClose;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Map<IdSpace, Map<Long, Container>> live = new EnumMap<>(IdSpace.class);
    private volatile LongMap<Boolean> task = LongMap.empty();
    private volatile LongMap<Boolean> block = LongMap.empty();

    Selection(List<Choice> choices, List<Unmatched> unmatched, Consumer<Selection> onClose) {
        this.choices = List.copyOf(choices);
        this.unmatched = List.copyOf(unmatched);
        this.onClose = onClose;
    }

    /** What picked nothing when the selection was made; it may pick something later. */
    public List<Unmatched> unmatched() {
        return unmatched;
    }

    /** The cgroups that are selected and there now. */
    public synchronized Set<Long> ids(IdSpace space) {
        return Set.copyOf(live.getOrDefault(space, Map.of()).keySet());
    }

    /** Whether a cgroup is selected: one that is there, or is still remembered. */
    public boolean picks(IdSpace space, long cgroupId) {
        return (space == IdSpace.TASK ? task : block).get(cgroupId) != null;
    }

    /** Tells a listener of all cgroups that are selected now, then of every change. */
    public synchronized void listen(Listener listener) {
        live.forEach((space, ids) -> ids.forEach((id, container) -> listener.appeared(space, id, container)));
        listeners.add(listener);
    }

    @Override
    public void close() {
        listeners.clear();
        onClose.accept(this);
    }

    boolean picks(IdSpace space, Cgroup cgroup) {
        Container container = ContainerDirectory.owner(space, cgroup);
        return choices.stream().allMatch(choice -> choice.picks(space, cgroup, container));
    }

    /** Takes what is selected in a space now. */
    synchronized void update(IdSpace space, Map<Long, Container> now, Map<Long, Boolean> remembered) {
        LongMap<Boolean> all = LongMap.copyOf(remembered);
        if (space == IdSpace.TASK) {
            task = all;
        } else {
            block = all;
        }
        Map<Long, Container> before = live.getOrDefault(space, Map.of());
        live.put(space, new HashMap<>(now));
        before.forEach((id, container) -> {
            if (!now.containsKey(id)) {
                listeners.forEach(listener -> listener.gone(space, id, container));
            }
        });
        now.forEach((id, container) -> {
            if (!before.containsKey(id)) {
                listeners.forEach(listener -> listener.appeared(space, id, container));
            }
        });
    }
}
