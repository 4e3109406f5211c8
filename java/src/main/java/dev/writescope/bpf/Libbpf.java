package dev.writescope.bpf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * libbpf 1.x: its functions, found once. Errors are as libbpf 1.0 and later report them: functions that return an
 * int return −errno, functions that return a pointer return NULL and set errno.
 */
final class Libbpf {
    /** Where a library of one's own is named; a path. */
    static final String OVERRIDE = "WRITESCOPE_LIBBPF";

    private static final String SONAME = "libbpf.so.1";

    final NativeLibrary.Function objectOpenMem;
    final NativeLibrary.Function objectBtf;
    final NativeLibrary.Function objectLoad;
    final NativeLibrary.Function objectClose;
    final NativeLibrary.Function objectNextProgram;
    final NativeLibrary.Function objectFindProgram;
    final NativeLibrary.Function objectFindMap;
    final NativeLibrary.Function programName;
    final NativeLibrary.Function programSetAutoload;
    final NativeLibrary.Function programFd;
    final NativeLibrary.Function programAttach;
    final NativeLibrary.Function programAttachTracepoint;
    final NativeLibrary.Function linkDestroy;
    final NativeLibrary.Function mapFd;
    final NativeLibrary.Function mapSetMaxEntries;
    final NativeLibrary.Function mapSetValueSize;
    final NativeLibrary.Function mapSetAutocreate;
    final NativeLibrary.Function mapInitialValue;
    final NativeLibrary.Function mapCreate;
    final NativeLibrary.Function mapUpdate;
    final NativeLibrary.Function mapDelete;
    final NativeLibrary.Function mapLookup;
    final NativeLibrary.Function numPossibleCpus;
    final NativeLibrary.Function programLoad;
    final NativeLibrary.Function findVmlinuxBtfId;
    final NativeLibrary.Function btfRawData;
    final NativeLibrary.Function rawTracepointOpen;
    final NativeLibrary.Function objectInfo;
    final NativeLibrary.Function enableStats;
    final NativeLibrary.Function programNextId;
    final NativeLibrary.Function programById;
    final NativeLibrary.Function versionString;

    private static final class Loaded {
        private static final Libbpf INSTANCE = open();
    }

    private Libbpf(NativeLibrary library) {
        objectOpenMem = library.function("bpf_object__open_mem");
        objectBtf = library.function("bpf_object__btf");
        objectLoad = library.function("bpf_object__load");
        objectClose = library.function("bpf_object__close");
        objectNextProgram = library.function("bpf_object__next_program");
        objectFindProgram = library.function("bpf_object__find_program_by_name");
        objectFindMap = library.function("bpf_object__find_map_by_name");
        programName = library.function("bpf_program__name");
        programSetAutoload = library.function("bpf_program__set_autoload");
        programFd = library.function("bpf_program__fd");
        programAttach = library.function("bpf_program__attach");
        programAttachTracepoint = library.function("bpf_program__attach_tracepoint");
        linkDestroy = library.function("bpf_link__destroy");
        mapFd = library.function("bpf_map__fd");
        mapSetMaxEntries = library.function("bpf_map__set_max_entries");
        mapSetValueSize = library.function("bpf_map__set_value_size");
        mapSetAutocreate = library.function("bpf_map__set_autocreate");
        mapInitialValue = library.function("bpf_map__initial_value");
        mapCreate = library.function("bpf_map_create");
        mapUpdate = library.function("bpf_map_update_elem");
        mapDelete = library.function("bpf_map_delete_elem");
        mapLookup = library.function("bpf_map_lookup_elem");
        numPossibleCpus = library.function("libbpf_num_possible_cpus");
        programLoad = library.function("bpf_prog_load");
        findVmlinuxBtfId = library.function("libbpf_find_vmlinux_btf_id");
        btfRawData = library.function("btf__raw_data");
        rawTracepointOpen = library.function("bpf_raw_tracepoint_open");
        objectInfo = library.function("bpf_obj_get_info_by_fd");
        enableStats = library.function("bpf_enable_stats");
        programNextId = library.function("bpf_prog_get_next_id");
        programById = library.function("bpf_prog_get_fd_by_id");
        versionString = library.function("libbpf_version_string");
        // libbpf would print its warnings to our standard error; failures come back as exceptions instead.
        library.function("libbpf_set_print").call(0);
    }

    /** The library, opened on first use. */
    static Libbpf get() {
        return Loaded.INSTANCE;
    }

    private static Libbpf open() {
        List<String> tried = new ArrayList<>();
        String override = System.getenv(OVERRIDE);
        if (override != null && !override.isEmpty()) {
            return open(Path.of(override).toAbsolutePath().toString(), tried);
        }
        try {
            return open(SONAME, tried);
        } catch (UnsatisfiedLinkError notInstalled) {
            String bundled = System.getProperty("writescope.lib");
            if (bundled == null) {
                throw notInstalled;
            }
            return openBundled(Path.of(bundled), tried);
        }
    }

    /** The bundled library needs its own dependencies loaded first; the loader then finds them by SONAME. */
    private static Libbpf openBundled(Path directory, List<String> tried) {
        for (String dependency : List.of("libz.so.1", "libzstd.so.1", "libelf.so.1")) {
            Path file = directory.resolve(dependency);
            if (Files.exists(file)) {
                try {
                    NativeLibrary.open(file.toString());
                } catch (IllegalArgumentException unusable) {
                    tried.add(file.toString());
                }
            }
        }
        return open(directory.resolve(SONAME).toString(), tried);
    }

    private static Libbpf open(String name, List<String> tried) {
        try {
            NativeLibrary library = NativeLibrary.open(name);
            NativeLibrary.Function version = library.function("libbpf_major_version");
            if (!version.exists() || (int) version.call() < 1) {
                throw new UnsatisfiedLinkError(name + " is older than libbpf 1.0: install libbpf1 or set " + OVERRIDE);
            }
            return new Libbpf(library);
        } catch (IllegalArgumentException missing) {
            tried.add(name);
            throw new UnsatisfiedLinkError("libbpf not found (tried " + String.join(", ", tried)
                    + "): install the package libbpf1 or set " + OVERRIDE + " to its path");
        }
    }
}
