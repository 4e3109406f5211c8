package dev.writescope.evidence;

import dev.writescope.container.Container;
import dev.writescope.container.Directories;
import dev.writescope.container.HostPaths;
import dev.writescope.evidence.Evidence.ProcessIo;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** The I/O of all processes since one moment. One that ends before the window does has left no counters. */
final class ProcessTraffic {
    static final int MAX_CHOSEN = 256;
    static final int MAX_OTHERS = 32;
    private static final int MAX_PROCESSES = 16_384;
    private static final long TICK_NS = 10_000_000;

    private final HostPaths host;
    private final Missing missing;
    private final Map<Integer, ProcessCounters> before;

    ProcessTraffic(HostPaths host, Missing missing) {
        this.host = host;
        this.missing = missing;
        before = read();
    }

    private record Difference(int pid, ProcessCounters now, ProcessCounters then) {
        long bytes() {
            return now.readBytes() - then.readBytes() + now.writtenBytes() - then.writtenBytes();
        }
    }

    /** The chosen processes that did any, busiest first, then the busiest of the others. */
    List<ProcessIo> finish(Map<Integer, Container> chosen, IntFunction<Container> owner) {
        boolean delays = delaysAreCounted();
        List<Difference> active = read().entrySet().stream()
                .map(entry -> difference(entry.getKey(), entry.getValue()))
                .filter(difference ->
                        difference.bytes() > 0 || difference.now.delayTicks() > difference.then.delayTicks())
                .sorted(Comparator.comparingLong(Difference::bytes).reversed())
                .toList();
        Stream<ProcessIo> ofChosen = active.stream()
                .filter(difference -> chosen.containsKey(difference.pid))
                .limit(MAX_CHOSEN)
                .map(difference -> io(difference, chosen.getOrDefault(difference.pid, Container.UNATTRIBUTED), delays));
        Stream<ProcessIo> ofOthers = active.stream()
                .filter(difference -> !chosen.containsKey(difference.pid))
                .limit(MAX_OTHERS)
                .map(difference -> io(difference, owner.apply(difference.pid), delays));
        return Stream.concat(ofChosen, ofOthers).toList();
    }

    /** All of what a process did whose like was not there before. */
    private Difference difference(int pid, ProcessCounters now) {
        ProcessCounters then = before.get(pid);
        boolean same = then != null
                && (then.started() == now.started() || then.started() == 0)
                && then.readBytes() <= now.readBytes()
                && then.writtenBytes() <= now.writtenBytes();
        return new Difference(pid, now, same && then != null ? then : new ProcessCounters("", 0, 0, 0, 0, 0));
    }

    private static ProcessIo io(Difference difference, Container owner, boolean delays) {
        ProcessCounters now = difference.now;
        ProcessCounters then = difference.then;
        return new ProcessIo(
                owner,
                difference.pid,
                now.comm(),
                now.readBytes() - then.readBytes(),
                now.writtenBytes() - then.writtenBytes(),
                Math.max(0, now.cancelledBytes() - then.cancelledBytes()),
                delays ? TICK_NS * Math.max(0, now.delayTicks() - then.delayTicks()) : -1);
    }

    private Map<Integer, ProcessCounters> read() {
        Map<Integer, ProcessCounters> processes = new HashMap<>();
        for (Path process : Directories.list(host.proc(), "[1-9]*")) {
            long pid = KernelText.number(Directories.name(process));
            if (pid > Integer.MAX_VALUE || pid < 0) {
                continue;
            }
            if (processes.size() == MAX_PROCESSES) {
                missing.add("processes", "more than " + MAX_PROCESSES + ": the rest is not counted");
                break;
            }
            try {
                processes.put((int) pid, ProcessCounters.read(host, (int) pid));
            } catch (AccessDeniedException denied) {
                missing.add("I/O of processes", denied, "CAP_SYS_PTRACE");
            } catch (IOException gone) {
                // It has ended.
            }
        }
        return processes;
    }

    /** Before Linux 5.14 always; since then the setting is there, and off unless somebody turned it on. */
    private boolean delaysAreCounted() {
        boolean off = KernelText.readOrEmpty(host.proc().resolve("sys/kernel/task_delayacct"))
                .equals("0");
        if (off) {
            missing.add("block I/O delay of processes", "kernel.task_delayacct is 0");
        }
        return !off;
    }
}
