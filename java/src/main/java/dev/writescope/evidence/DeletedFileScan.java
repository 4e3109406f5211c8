package dev.writescope.evidence;

import dev.writescope.bpf.FileStatus;
import dev.writescope.container.Container;
import dev.writescope.container.Directories;
import dev.writescope.container.HostPaths;
import dev.writescope.evidence.Evidence.DeletedFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Files without a name that chosen processes hold open, and how they grew since one moment: what lsof shows as deleted.
 * One scan looks at no more than {@value #MAX_DESCRIPTORS} descriptors and takes no longer than half a second.
 */
final class DeletedFileScan {
    private static final int MAX_DESCRIPTORS = 50_000;
    private static final int MAX_LISTED = 256;
    private static final long LONGEST = Duration.ofMillis(500).toNanos();
    private static final String DELETED = " (deleted)";
    /** Files without a name by their nature: shared memory. */
    private static final Pattern MEMORY =
            Pattern.compile("/(?:memfd:|dev/shm/|dev/zero|SYSV|anon_hugepage|proc/|sys/|\\[aio\\]).*", Pattern.DOTALL);

    /** The kernel cuts names at 15 bytes. */
    private static final Pattern RUNTIME =
            Pattern.compile("containerd(?:-shim.*)?|dockerd|conmon(?:rs)?|crio|podman|kubelet");

    private final HostPaths host;
    private final Missing missing;
    private final int maxDescriptors;
    private int left;
    private long end;
    private final Map<File, Long> before = new HashMap<>();
    /** Those of whom all processes were looked at in the beginning, all files of them. */
    private final Set<Target.Owner> known = new HashSet<>();

    private record File(String device, long inode) {}

    private interface Visitor {
        void visit(int pid, Container container, String target, FileStatus status);
    }

    DeletedFileScan(HostPaths host, Map<Integer, Container> processes, Missing missing) {
        this(host, processes, missing, MAX_DESCRIPTORS);
    }

    DeletedFileScan(HostPaths host, Map<Integer, Container> processes, Missing missing, int maxDescriptors) {
        this.host = host;
        this.missing = missing;
        this.maxDescriptors = maxDescriptors;
        processes.values().forEach(container -> known.add(Target.Owner.of(container)));
        // Files with a name too: they can lose it in the window.
        Set<Target.Owner> unknown = scan(
                processes,
                false,
                (pid, container, target, status) ->
                        before.put(new File(status.device(), status.inode()), status.allocatedBytes()));
        known.removeAll(unknown);
    }

    /** The largest first; a file that several hold is told once. */
    List<DeletedFile> finish(Map<Integer, Container> processes) {
        List<DeletedFile> found = new ArrayList<>();
        Set<File> told = new HashSet<>();
        scan(processes, true, (pid, container, target, status) -> {
            File file = new File(status.device(), status.inode());
            if (status.links() == 0 && told.add(file)) {
                found.add(new DeletedFile(
                        container,
                        pid,
                        KernelText.readOrEmpty(host.proc().resolve(pid + "/comm")),
                        target.substring(0, target.length() - DELETED.length()),
                        status.device(),
                        // Of what nobody looked at in the beginning it is not known that it grew.
                        before.getOrDefault(
                                file, known.contains(Target.Owner.of(container)) ? 0 : status.allocatedBytes()),
                        status.allocatedBytes()));
            }
        });
        return found.stream()
                .sorted(Comparator.comparingLong(DeletedFile::endBytes).reversed())
                .limit(MAX_LISTED)
                .toList();
    }

    /** Gives the owners of processes that were not looked at to the end. */
    private Set<Target.Owner> scan(Map<Integer, Container> processes, boolean onlyDeleted, Visitor visitor) {
        Set<Target.Owner> unfinished = new HashSet<>();
        end = System.nanoTime() + LONGEST;
        left = maxDescriptors;
        processes.forEach((pid, container) -> {
            if (!scan(pid, container, onlyDeleted, visitor)) {
                unfinished.add(Target.Owner.of(container));
            }
        });
        return unfinished;
    }

    /** Whether all files of a process were looked at; it has none if it has ended. */
    private boolean scan(int pid, Container container, boolean onlyDeleted, Visitor visitor) {
        boolean all = isInTime();
        if (all) {
            try (DirectoryStream<Path> descriptors =
                    Files.newDirectoryStream(host.proc().resolve(pid + "/fd"))) {
                Iterator<Path> each = descriptors.iterator();
                while (each.hasNext() && isInTime()) {
                    left--;
                    all &= visit(pid, container, onlyDeleted, each.next(), visitor);
                }
                all &= !each.hasNext();
            } catch (NoSuchFileException ended) {
                // It holds nothing any more.
            } catch (AccessDeniedException denied) {
                missing.add("deleted files", denied, "CAP_SYS_PTRACE");
                all = false;
            } catch (IOException | DirectoryIteratorException failed) {
                all = failed.getCause() instanceof NoSuchFileException;
            }
        }
        return all;
    }

    private boolean isInTime() {
        boolean inTime = left > 0 && System.nanoTime() - end < 0;
        if (!inTime) {
            missing.add("deleted files", "more open files than can be looked at in half a second");
        }
        return inTime;
    }

    private static boolean visit(int pid, Container container, boolean onlyDeleted, Path descriptor, Visitor visitor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            boolean file = target.startsWith("/") && !MEMORY.matcher(target).matches();
            if (file && (!onlyDeleted || target.endsWith(DELETED))) {
                FileStatus status = FileStatus.ofTarget(descriptor);
                if (status.isRegular()) {
                    visitor.visit(pid, container, target, status);
                }
            }
            return true;
        } catch (NoSuchFileException closed) {
            return true;
        } catch (IOException unknown) {
            return false;
        }
    }

    /** Processes of container runtimes: what they write is for containers, but charged to nobody's cgroup. */
    static Map<Integer, Container> runtimes(HostPaths host) {
        Map<Integer, Container> runtimes = new HashMap<>();
        for (Path process : Directories.list(host.proc(), "[1-9]*")) {
            String comm = KernelText.readOrEmpty(process.resolve("comm"));
            long pid = KernelText.number(Directories.name(process));
            if (pid > 0 && pid <= Integer.MAX_VALUE && RUNTIME.matcher(comm).matches()) {
                runtimes.put((int) pid, Container.host(comm));
            }
        }
        return runtimes;
    }
}
