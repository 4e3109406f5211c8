package dev.writescope.recording;

import dev.writescope.container.Container;
import dev.writescope.container.Mount;
import dev.writescope.evidence.Evidence;
import dev.writescope.evidence.Evidence.CgroupIo;
import dev.writescope.evidence.Evidence.DeletedFile;
import dev.writescope.evidence.Evidence.DeviceLoad;
import dev.writescope.evidence.Evidence.DirtyMemory;
import dev.writescope.evidence.Evidence.FileSystemFacts;
import dev.writescope.evidence.Evidence.IoLimit;
import dev.writescope.evidence.Evidence.Journal;
import dev.writescope.evidence.Evidence.KernelMessage;
import dev.writescope.evidence.Evidence.MountFacts;
import dev.writescope.evidence.Evidence.Pressure;
import dev.writescope.evidence.Evidence.ProcessIo;
import dev.writescope.evidence.Evidence.UpperDirectory;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;

/**
 * The {@code #[evidence {…}]} line and the {@code #[evidence.LIST {…}]} lines that follow it, one for each element of
 * the lists, so that no line is long; {@link EvidenceParser} is their reader.
 */
final class EvidenceLines {
    private EvidenceLines() {}

    static String of(Evidence evidence) {
        String elements = Stream.of(
                        evidence.devices(),
                        evidence.fileSystems(),
                        evidence.mounts(),
                        evidence.limits(),
                        evidence.pressure(),
                        evidence.cgroups(),
                        evidence.processes(),
                        evidence.deleted(),
                        evidence.upperDirectories(),
                        evidence.messages())
                .flatMap(list -> list.stream().map(EvidenceLines::element))
                .collect(Collectors.joining());
        return head(evidence, elements.chars().filter(c -> c == '\n').count()) + elements;
    }

    private static String head(Evidence evidence, long elements) {
        return ContextLines.line(Format.EVIDENCE, json -> {
            text(json, "start", evidence.start().toString());
            json.writeNumberProperty("duration_ns", evidence.duration().toNanos());
            dirty(json, evidence.dirty());
            ContextLines.array(json, "missing", evidence.missing(), json::writeString);
            json.writeNumberProperty("elements", elements);
        });
    }

    private static void dirty(JsonGenerator json, DirtyMemory dirty) {
        json.writeObjectPropertyStart("dirty");
        json.writeNumberProperty("dirty_bytes", dirty.dirtyBytes());
        json.writeNumberProperty("writeback_bytes", dirty.writebackBytes());
        json.writeNumberProperty("threshold_bytes", dirty.thresholdBytes());
        json.writeNumberProperty("background_bytes", dirty.backgroundBytes());
        strings(json, "settings", dirty.settings());
        json.writeEndObject();
    }

    private static String element(Record element) {
        return switch (element) {
            case DeviceLoad load -> line("device", json -> device(json, load));
            case FileSystemFacts facts -> line("file_system", json -> fileSystem(json, facts));
            case MountFacts facts -> line("mount", json -> mount(json, facts));
            case IoLimit limit ->
                owned("limit", limit.container(), json -> {
                    text(json, "device", limit.device());
                    text(json, "name", limit.name());
                    json.writeNumberProperty("value", limit.value());
                    text(json, "file", limit.file());
                    json.writeNumberProperty("throttled_ns", limit.throttledNs());
                });
            case Pressure pressure ->
                owned("pressure", pressure.container(), json -> {
                    json.writeNumberProperty("io_some", pressure.ioSome());
                    json.writeNumberProperty("io_full", pressure.ioFull());
                    json.writeNumberProperty("memory_some", pressure.memorySome());
                });
            case CgroupIo io ->
                owned("cgroup", io.container(), json -> {
                    text(json, "device", io.device());
                    json.writeNumberProperty("read_bytes", io.readBytes());
                    json.writeNumberProperty("written_bytes", io.writtenBytes());
                    json.writeNumberProperty("reads", io.reads());
                    json.writeNumberProperty("writes", io.writes());
                });
            case ProcessIo io ->
                owned("process", io.container(), json -> {
                    json.writeNumberProperty("pid", io.pid());
                    text(json, "comm", io.comm());
                    json.writeNumberProperty("read_bytes", io.readBytes());
                    json.writeNumberProperty("written_bytes", io.writtenBytes());
                    json.writeNumberProperty("cancelled_bytes", io.cancelledBytes());
                    json.writeNumberProperty("delay_ns", io.delayNs());
                });
            case DeletedFile file ->
                owned("deleted", file.container(), json -> {
                    json.writeNumberProperty("pid", file.pid());
                    text(json, "comm", file.comm());
                    text(json, "file", file.file());
                    text(json, "device", file.device());
                    json.writeNumberProperty("start_bytes", file.startBytes());
                    json.writeNumberProperty("end_bytes", file.endBytes());
                });
            case UpperDirectory upper ->
                owned("upper_directory", upper.container(), json -> {
                    text(json, "path", upper.path());
                    json.writeNumberProperty("files", upper.files());
                    json.writeNumberProperty("small_files", upper.smallFiles());
                    json.writeNumberProperty("directories", upper.directories());
                    json.writeNumberProperty("whiteouts", upper.whiteouts());
                    json.writeNumberProperty("bytes", upper.bytes());
                    json.writeBooleanProperty("complete", upper.complete());
                    json.writeNumberProperty("took_ns", upper.took().toNanos());
                });
            case KernelMessage message ->
                line("message", json -> {
                    text(json, "time", message.time().toString());
                    text(json, "topic", message.topic().name().toLowerCase(Locale.ROOT));
                    text(json, "device", message.device());
                    text(json, "text", message.text());
                });
            default -> throw new IllegalArgumentException("no line for " + element.getClass());
        };
    }

    private static void device(JsonGenerator json, DeviceLoad load) {
        text(json, "device", load.device());
        text(json, "name", load.name());
        json.writeNumberProperty("utilisation", load.utilisation());
        json.writeNumberProperty("queue_size", load.queueSize());
        json.writeNumberProperty("reads_per_s", load.readsPerSecond());
        json.writeNumberProperty("read_await_ms", load.readAwaitMs());
        json.writeNumberProperty("writes_per_s", load.writesPerSecond());
        json.writeNumberProperty("write_await_ms", load.writeAwaitMs());
        json.writeNumberProperty("written_bytes_per_s", load.writtenBytesPerSecond());
        known(json, "flushes_per_s", load.flushesPerSecond());
        known(json, "flush_await_ms", load.flushAwaitMs());
        json.writeBooleanProperty("rotational", load.rotational());
        text(json, "scheduler", load.scheduler());
        text(json, "write_cache", load.writeCache());
        text(json, "disk", load.disk());
        strings(json, "queue", load.queue());
    }

    /** JSON has no word for what is not a number. */
    private static void known(JsonGenerator json, String name, double value) {
        if (!Double.isNaN(value)) {
            json.writeNumberProperty(name, value);
        }
    }

    private static void fileSystem(JsonGenerator json, FileSystemFacts facts) {
        text(json, "device", facts.device());
        text(json, "fstype", facts.fstype());
        text(json, "source", facts.source());
        text(json, "options", facts.options());
        Journal journal = facts.journal();
        if (journal != null) {
            json.writeObjectPropertyStart("journal");
            json.writeNumberProperty("commits", journal.commits());
            json.writeNumberProperty("requested", journal.requested());
            json.writeNumberProperty("commit_ms", journal.commitMs());
            json.writeNumberProperty("fast_commits", journal.fastCommits());
            json.writeEndObject();
        }
        json.writeNumberProperty("total_bytes", facts.totalBytes());
        json.writeNumberProperty("free_bytes", facts.freeBytes());
        json.writeNumberProperty("total_inodes", facts.totalInodes());
        json.writeNumberProperty("free_inodes", facts.freeInodes());
        json.writeNumberProperty("errors", facts.errors());
    }

    private static void mount(JsonGenerator json, MountFacts facts) {
        Mount mount = facts.mount();
        ContextLines.container(json, facts.container());
        json.writeNumberProperty("id", mount.id());
        text(json, "device", mount.device());
        text(json, "fstype", mount.fstype());
        text(json, "root", mount.root());
        text(json, "point", mount.point());
        text(json, "source", mount.source());
        text(json, "options", mount.options());
        text(json, "super_options", mount.superOptions());
        text(json, "mount_class", facts.mountClass().label());
        text(json, "upperdir", mount.upperdir());
        text(json, "real_device", facts.realDevice());
    }

    private static void strings(JsonGenerator json, String name, Map<String, String> strings) {
        json.writeObjectPropertyStart(name);
        strings.forEach(json::writeStringProperty);
        json.writeEndObject();
    }

    private static void text(JsonGenerator json, String name, String value) {
        ContextLines.text(json, name, value);
    }

    private static String owned(String list, Container container, Consumer<JsonGenerator> members) {
        return line(list, json -> {
            ContextLines.container(json, container);
            members.accept(json);
        });
    }

    private static String line(String list, Consumer<JsonGenerator> members) {
        return ContextLines.line(Format.EVIDENCE_ELEMENT + list, members);
    }
}
