package dev.writescope.probe;

import dev.writescope.bpf.BpfException;
import dev.writescope.bpf.LoadedProgram;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A process that has tracing programs in the kernel; their cost is in every latency.
 *
 * @param pid 0 when it is not known who holds them: pinned, or out of sight
 * @param name of the process, empty when it is not known
 * @param programs names of programs
 */
public record OtherTracer(long pid, String name, List<String> programs) {
    private static final String FIELD = "prog_id:";

    public OtherTracer {
        programs = List.copyOf(programs);
    }

    /**
     * Everybody but this process.
     *
     * @throws BpfException without CAP_SYS_ADMIN
     */
    static List<OtherTracer> all(Path proc) throws BpfException {
        Map<Integer, String> programs = new HashMap<>();
        for (LoadedProgram program : LoadedProgram.all()) {
            if (program.isTracing()) {
                programs.put(program.id(), program.name());
            }
        }
        return programs.isEmpty() ? List.of() : holders(proc, programs);
    }

    static List<OtherTracer> holders(Path proc, Map<Integer, String> programs) {
        List<OtherTracer> tracers = new ArrayList<>();
        Set<Integer> unowned = new HashSet<>(programs.keySet());
        for (Path process : list(proc, "[1-9]*")) {
            Set<Integer> held = held(process.resolve("fdinfo"), process.resolve("fd"));
            held.retainAll(programs.keySet());
            unowned.removeAll(held);
            long pid = pid(process);
            if (!held.isEmpty() && pid > 0 && pid != ProcessHandle.current().pid()) {
                tracers.add(new OtherTracer(pid, comm(process), names(held, programs)));
            }
        }
        if (!unowned.isEmpty()) {
            tracers.add(new OtherTracer(0, "", names(unowned, programs)));
        }
        return tracers;
    }

    private static List<String> names(Set<Integer> ids, Map<Integer, String> programs) {
        return ids.stream().map(id -> programs.getOrDefault(id, "")).sorted().toList();
    }

    private static Set<Integer> held(Path infos, Path descriptors) {
        Set<Integer> ids = new HashSet<>();
        for (Path descriptor : list(descriptors, "*")) {
            try {
                if (Files.readSymbolicLink(descriptor).toString().startsWith("anon_inode:bpf")) {
                    Path info = infos.resolve(String.valueOf(descriptor.getFileName()));
                    for (String line : Files.readAllLines(info)) {
                        if (line.startsWith(FIELD)) {
                            ids.add(Integer.parseInt(
                                    line.substring(FIELD.length()).strip()));
                        }
                    }
                }
            } catch (IOException | NumberFormatException gone) {
                // Closed meanwhile, or not ours to see.
            }
        }
        return ids;
    }

    private static List<Path> list(Path directory, String glob) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, glob)) {
            entries.forEach(found::add);
        } catch (IOException | DirectoryIteratorException gone) {
            return found;
        }
        return found;
    }

    private static long pid(Path process) {
        try {
            return Long.parseLong(String.valueOf(process.getFileName()));
        } catch (NumberFormatException other) {
            return 0;
        }
    }

    private static String comm(Path process) {
        try {
            return Files.readString(process.resolve("comm")).strip();
        } catch (IOException gone) {
            return "";
        }
    }
}
