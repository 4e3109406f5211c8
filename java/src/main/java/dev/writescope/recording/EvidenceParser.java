package dev.writescope.recording;

import dev.writescope.container.Mount;
import dev.writescope.container.MountClass;
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
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads what {@link EvidenceLines} writes, trusting none of it. */
final class EvidenceParser {
    private EvidenceParser() {}

    static Line.EvidenceOpened head(Fields fields) throws MalformedLineException {
        Fields dirty = fields.object("dirty");
        Evidence empty = new Evidence(
                fields.instant("start"),
                fields.nanoseconds("duration_ns"),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new DirtyMemory(
                        count(dirty, "dirty_bytes"),
                        count(dirty, "writeback_bytes"),
                        count(dirty, "threshold_bytes"),
                        count(dirty, "background_bytes"),
                        dirty.stringsByName("settings")),
                fields.strings("missing"));
        return new Line.EvidenceOpened(empty, (int) fields.integer("elements", 0, Format.MAX_EVIDENCE));
    }

    /** @param list one that a newer version added is ignored, but counted */
    static Line.EvidenceElement element(String list, String json) throws MalformedLineException {
        Fields fields = Json.parseObject(json);
        return new Line.EvidenceElement(
                switch (list) {
                    case "device" -> device(fields);
                    case "file_system" -> fileSystem(fields);
                    case "mount" -> mount(fields);
                    case "limit" -> limit(fields);
                    case "pressure" -> pressure(fields);
                    case "cgroup" -> cgroup(fields);
                    case "process" -> process(fields);
                    case "deleted" -> deleted(fields);
                    case "upper_directory" -> upperDirectory(fields);
                    case "message" -> message(fields);
                    default -> new Line.Ignored();
                });
    }

    private static long count(Fields fields, String name) throws MalformedLineException {
        return fields.integer(name, 0, Long.MAX_VALUE);
    }

    /** A time in nanoseconds, -1 where it is not known. */
    private static long timeIfKnown(Fields fields, String name) throws MalformedLineException {
        return fields.integer(name, -1, Long.MAX_VALUE);
    }

    private static int pid(Fields fields) throws MalformedLineException {
        return (int) fields.integer("pid", 0, Integer.MAX_VALUE);
    }

    private static double share(Fields fields, String name) throws MalformedLineException {
        double share = fields.decimal(name);
        if (share > 1) {
            throw new MalformedLineException("\"" + name + "\" must be a number from 0 to 1");
        }
        return share;
    }

    private static DeviceLoad device(Fields fields) throws MalformedLineException {
        return new DeviceLoad(
                fields.string("device"),
                fields.string("name"),
                share(fields, "utilisation"),
                fields.decimal("queue_size"),
                fields.decimal("reads_per_s"),
                fields.decimal("read_await_ms"),
                fields.decimal("writes_per_s"),
                fields.decimal("write_await_ms"),
                fields.decimal("written_bytes_per_s"),
                fields.decimalIfThere("flushes_per_s"),
                fields.decimalIfThere("flush_await_ms"),
                fields.flag("rotational"),
                fields.string("scheduler"),
                fields.string("write_cache"),
                fields.string("disk"),
                fields.stringsByName("queue"));
    }

    private static FileSystemFacts fileSystem(Fields fields) throws MalformedLineException {
        return new FileSystemFacts(
                fields.string("device"),
                fields.string("fstype"),
                fields.string("source"),
                fields.string("options"),
                journal(fields),
                count(fields, "total_bytes"),
                count(fields, "free_bytes"),
                count(fields, "total_inodes"),
                count(fields, "free_inodes"),
                count(fields, "errors"));
    }

    private static @Nullable Journal journal(Fields fields) throws MalformedLineException {
        if (!fields.has("journal")) {
            return null;
        }
        Fields journal = fields.object("journal");
        return new Journal(
                count(journal, "commits"),
                count(journal, "requested"),
                journal.decimal("commit_ms"),
                count(journal, "fast_commits"));
    }

    private static MountFacts mount(Fields fields) throws MalformedLineException {
        MountClass mountClass = fields.oneOf("mount_class", MountClass.values(), MountClass::label);
        Mount mount = new Mount(
                (int) fields.integer("id", Integer.MIN_VALUE, Integer.MAX_VALUE),
                fields.string("device"),
                fields.string("fstype"),
                fields.string("root"),
                fields.string("point"),
                fields.string("source"),
                fields.string("options"),
                fields.string("super_options"),
                mountClass,
                fields.string("upperdir"));
        return new MountFacts(
                LineParser.container(fields.object("container")), mount, mountClass, fields.string("real_device"));
    }

    private static IoLimit limit(Fields fields) throws MalformedLineException {
        return new IoLimit(
                LineParser.container(fields.object("container")),
                fields.string("device"),
                fields.string("name"),
                count(fields, "value"),
                fields.string("file"),
                timeIfKnown(fields, "throttled_ns"));
    }

    private static Pressure pressure(Fields fields) throws MalformedLineException {
        return new Pressure(
                LineParser.container(fields.object("container")),
                share(fields, "io_some"),
                share(fields, "io_full"),
                share(fields, "memory_some"));
    }

    private static CgroupIo cgroup(Fields fields) throws MalformedLineException {
        return new CgroupIo(
                LineParser.container(fields.object("container")),
                fields.string("device"),
                count(fields, "read_bytes"),
                count(fields, "written_bytes"),
                count(fields, "reads"),
                count(fields, "writes"));
    }

    private static ProcessIo process(Fields fields) throws MalformedLineException {
        return new ProcessIo(
                LineParser.container(fields.object("container")),
                pid(fields),
                fields.string("comm"),
                count(fields, "read_bytes"),
                count(fields, "written_bytes"),
                count(fields, "cancelled_bytes"),
                timeIfKnown(fields, "delay_ns"));
    }

    private static DeletedFile deleted(Fields fields) throws MalformedLineException {
        return new DeletedFile(
                LineParser.container(fields.object("container")),
                pid(fields),
                fields.string("comm"),
                fields.string("file"),
                fields.string("device"),
                count(fields, "start_bytes"),
                count(fields, "end_bytes"));
    }

    private static UpperDirectory upperDirectory(Fields fields) throws MalformedLineException {
        return new UpperDirectory(
                LineParser.container(fields.object("container")),
                fields.string("path"),
                count(fields, "files"),
                count(fields, "small_files"),
                count(fields, "directories"),
                count(fields, "whiteouts"),
                count(fields, "bytes"),
                fields.flag("complete"),
                fields.nanoseconds("took_ns"));
    }

    private static KernelMessage message(Fields fields) throws MalformedLineException {
        return new KernelMessage(
                fields.instant("time"),
                fields.oneOf(
                        "topic",
                        KernelMessage.Topic.values(),
                        topic -> topic.name().toLowerCase(Locale.ROOT)),
                fields.string("device"),
                fields.string("text"));
    }
}
