package dev.writescope.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.writescope.stage.ContainerStage;
import dev.writescope.stage.LoopDisk;
import dev.writescope.stage.SharedStage;
import dev.writescope.trace.Report.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Block requests against the kernel's own books (Documentation/block/stat.rst). Of all owners together:
 *
 * <ul>
 *   <li>reads and discards are its reads and discards;
 *   <li>its flushes are the physical ones: those of our flushes that went to the device and thereby have its stage;
 *   <li>its writes are our writes and the other flushes: an fsync without data of its own is an empty write to it.
 * </ul>
 */
@ExtendWith(SharedStage.class)
class BlockTest {
    private static final int ATTEMPTS = 3;

    private final ContainerStage stage;

    BlockTest(ContainerStage stage) {
        this.stage = stage;
    }

    /** Completed requests; times in ms, rounded down by the kernel. */
    private record Books(
            long reads,
            long readSectors,
            long readMs,
            long writes,
            long writtenSectors,
            long writeMs,
            long discards,
            long flushes,
            long flushMs) {
        static Books of(LoopDisk disk) throws IOException {
            String stat = Files.readString(Path.of("/sys/dev/block", disk.device(), "stat"));
            long[] f = Stream.of(stat.strip().split(" +", -1))
                    .mapToLong(Long::parseLong)
                    .toArray();
            return new Books(f[0], f[2], f[3], f[4], f[6], f[7], f[11], f[15], f[16]);
        }

        Books since(Books before) {
            return new Books(
                    reads - before.reads,
                    readSectors - before.readSectors,
                    readMs - before.readMs,
                    writes - before.writes,
                    writtenSectors - before.writtenSectors,
                    writeMs - before.writeMs,
                    discards - before.discards,
                    flushes - before.flushes,
                    flushMs - before.flushMs);
        }
    }

    private static void settle(LoopDisk disk) throws Exception {
        Path requests = Path.of("/sys/dev/block", disk.device(), "inflight");
        Commands.run("sync", "-f", disk.mountPoint().toString());
        while (!Files.readString(requests).strip().matches("0 +0")) {
            Thread.sleep(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tp_btf", "raw_tp"})
    void all_owners_together_made_what_the_kernel_says_the_disk_did(String backend) throws Exception {
        // Now and then 6.18 hands a request to ftrace and not to the program, and counts it as missed nowhere; or it is
        // preempted between completing a request and accounting for it. A mistake of ours would be in every attempt.
        for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
            try {
                compareBooks(backend, attempt);
                return;
            } catch (AssertionError rare) {
                System.err.println("block requests, attempt " + attempt + ": " + rare.getMessage());
            }
        }
        compareBooks(backend, ATTEMPTS);
    }

    private void compareBooks(String backend, int attempt) throws Exception {
        LoopDisk disk = stage.disk("books-" + backend + "-" + attempt, "128M");
        String container = "block-" + backend + "-" + attempt + "-"
                + ProcessHandle.current().pid();
        stage.run(container, List.of(disk.at("/data")), "sleep", "600");
        stage.fio(container, "--filename=/data/cold", "--rw=write", "--bs=4k", "--size=4m");
        settle(disk);
        Report report;
        Books books;
        try (var trace =
                Writescope.trace("--op", "block", "--by", "device,kind", "--digits", "3", "--backend", backend)) {
            Books before = Books.of(disk);
            stage.fio(container, "--filename=/data/wal", "--rw=write", "--bs=4k", "--size=2036k", "--fsync=1");
            stage.fio(
                    container,
                    "--filename=/data/cold",
                    "--rw=randread",
                    "--bs=4k",
                    "--direct=1",
                    "--size=4m",
                    "--number_ios=307");
            stage.fio(
                    container,
                    "--filename=/data/direct",
                    "--rw=write",
                    "--bs=64k",
                    "--direct=1",
                    "--size=4m",
                    "--fdatasync=1");
            // Nothing that the journal knows of changes, so that each sync is a flush of its own.
            stage.fio(
                    container,
                    "--filename=/data/cold",
                    "--rw=write",
                    "--bs=4k",
                    "--direct=1",
                    "--size=404k",
                    "--overwrite=1",
                    "--fdatasync=1");
            stage.exec(container, "rm", "/data/direct");
            settle(disk);
            Commands.run("fstrim", disk.mountPoint().toString());
            settle(disk);
            books = Books.of(disk).since(before);
            report = trace.stop();
        } finally {
            stage.stop(container);
        }
        assertThat(report.lost()).isZero();
        Rows rows = report.totals().where("device", disk.device()).where("operation", "block");
        Rows reads = rows.where("kind", "read").where("stage", "total");
        Rows writes = rows.where("kind", "write").where("stage", "total");
        Rows flushes = rows.where("kind", "flush").where("stage", "total");
        Rows physical = rows.where("kind", "flush").where("stage", "device");
        assertThat(reads.count()).isEqualTo(books.reads).isGreaterThanOrEqualTo(307);
        assertThat(reads.sum("bytes")).isEqualTo(512 * books.readSectors);
        assertThat(physical.count()).isEqualTo(books.flushes).isGreaterThan(500);
        assertThat(writes.count() + flushes.count() - physical.count()).isEqualTo(books.writes);
        assertThat(flushes.count() - physical.count()).isGreaterThanOrEqualTo(100);
        assertThat(writes.sum("bytes")).isEqualTo(512 * books.writtenSectors);
        assertThat(rows.where("kind", "discard").where("stage", "total").count())
                .isEqualTo(books.discards)
                .isPositive();

        assertSameTime(reads.sum("sum_ns"), books.readMs);
        assertSameTime(writes.sum("sum_ns") + flushes.sum("sum_ns"), books.writeMs + books.flushMs);
        // What is neither of the container nor said to be nobody's would be a wrong guess.
        assertThat(rows.where(line -> !line.is("container", container) && !line.is("container", "unattributed"))
                        .where(line -> !line.is("container", "host"))
                        .lines())
                .isEmpty();
        assertThat(reads.of(container, "block").count()).isGreaterThanOrEqualTo(307);
    }

    /** Within 5 %, and what the kernel rounds away before and after. */
    private static void assertSameTime(long nanoseconds, long milliseconds) {
        assertThat(nanoseconds / 1e6).isCloseTo((double) milliseconds, offset(1 + 0.05 * milliseconds));
    }
}
