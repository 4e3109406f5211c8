package dev.writescope.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.probe.Wait.Cause;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelSymbolsTest {
    private static final String KERNEL = """
            ffffffff81000100 t io_schedule
            ffffffff81000200 T jbd2_log_wait_commit
            ffffffff81000300 T jbd2_log_wait_commit_not_this
            ffffffff81000400 t rwsem_down_write_slowpath.isra.0
            ffffffff81000500 d jbd2_complete_transaction
            ffffffffc0100000 t ovl_copy_up_flags\t[overlay]
            ffffffffc0100800 t ovl_other\t[overlay]
            ffffffff81000480 T ext4_sync_file
            """;

    private static KernelSymbols parse(String text) {
        try {
            return KernelSymbols.parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void a_return_address_belongs_to_the_function_before_it_up_to_the_next_symbol() {
        KernelSymbols symbols = parse(KERNEL);
        assertThat(symbols.at(0xffffffff81000201L)).isEqualTo(Cause.COMMIT);
        assertThat(symbols.at(0xffffffff81000300L)).isEqualTo(Cause.COMMIT); // after a call that ends the function
        assertThat(symbols.at(0xffffffff81000200L)).isNull();
        assertThat(symbols.at(0xffffffff81000301L)).isNull();
        assertThat(symbols.at(0xffffffff81000451L)).isEqualTo(Cause.LOCK);
        assertThat(symbols.at(0xffffffff81000481L)).isNull();
        assertThat(symbols.at(0xffffffff81000501L)).isNull(); // data
        assertThat(symbols.at(0xffffffffc0100123L)).isEqualTo(Cause.COPY_UP);
        assertThat(symbols.at(0xffffffffc0100801L)).isNull();
        assertThat(symbols.at(0x1000L)).isNull();
        assertThat(symbols.at(0)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "jbd2_log_wait_commit, COMMIT",
        "folio_wait_writeback_killable, DATA",
        "__iomap_dio_rw, DATA",
        "blkdev_issue_flush, FLUSH",
        "wait_transaction_locked, JOURNAL",
        "xlog_grant_head_wait, JOURNAL",
        "xlog_wait_on_iclog, COMMIT",
        "rq_qos_wait, REQUEST",
        "rwsem_down_read_slowpath, LOCK",
        "__mutex_lock.constprop.0, LOCK",
        "balance_dirty_pages, DIRTY_THROTTLED",
        "ovl_copy_up_one, COPY_UP",
        "filemap_read_folio, READ",
        "request_wait_answer, SERVER",
        "schedule,",
        "jbd2_log_wait_commi,",
        "__filemap_fdatawait_range_extra,",
        "'',",
        "., "
    })
    void functions_say_what_is_waited_for(String function, @Nullable Cause cause) {
        assertThat(WaitCauses.of(function)).isEqualTo(cause);
    }

    @Test
    void hidden_addresses_are_noticed() {
        assertThat(parse("0000000000000000 T jbd2_log_wait_commit\n0000000000000000 t rq_qos_wait\n")
                        .areHidden())
                .isTrue();
        assertThat(KernelSymbols.read(Path.of("/no/such/file")).areHidden()).isTrue();
        assertThat(parse(KERNEL).areHidden()).isFalse();
    }

    @Test
    void lines_that_are_none_are_passed_over() {
        String hostile = "\n \nffffffff81000200\nffffffff81000200 \nffffffff81000200 T\nffffffff81000200 T \n"
                + "ffffffff8100020000 T jbd2_log_wait_commit\nzz T jbd2_log_wait_commit\n"
                + "ffffffff81000250 TT jbd2_log_wait_commit\n"
                + "ffffffff81000260 T " + "x".repeat(5000) + "\n"
                + "\0\0\0\n"
                + "ffffffff81000270 T rq_qos_wait";
        KernelSymbols symbols = parse(hostile);
        assertThat(symbols.at(0xffffffff81000201L)).isNull();
        assertThat(symbols.at(0xffffffff81000251L)).isNull();
        assertThat(symbols.at(0xffffffff81000271L)).isEqualTo(Cause.REQUEST);
    }

    @Property(tries = 300)
    void any_bytes_are_survived(@ForAll @Size(max = 500) byte[] bytes) throws IOException {
        KernelSymbols symbols = KernelSymbols.parse(new ByteArrayInputStream(bytes));
        assertThat(symbols.at(0xffffffff81000271L)).isNull();
    }

    @Test
    void of_a_stack_the_innermost_known_function_decides_but_a_copy_up_has_all_within_it() {
        KernelSymbols symbols = parse(KERNEL);
        long schedule = 0xffffffff81000110L;
        long commit = 0xffffffff81000210L;
        long lock = 0xffffffff81000410L;
        long copyUp = 0xffffffffc0100010L;
        assertThat(Stacks.cause(new long[] {schedule, commit, lock, 0, 0}, symbols))
                .isEqualTo(Cause.COMMIT);
        assertThat(Stacks.cause(new long[] {schedule, lock, commit}, symbols)).isEqualTo(Cause.LOCK);
        assertThat(Stacks.cause(new long[] {schedule, commit, copyUp}, symbols)).isEqualTo(Cause.COPY_UP);
        assertThat(Stacks.cause(new long[] {schedule, 7, -1}, symbols)).isEqualTo(Cause.OTHER);
        assertThat(Stacks.cause(new long[0], symbols)).isEqualTo(Cause.OTHER);
    }
}
