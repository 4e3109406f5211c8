package dev.writescope.probe;

import static java.util.Map.entry;

import dev.writescope.probe.Wait.Cause;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a thread waits for that sleeps in a kernel function: of the functions on its stack the innermost one that is
 * known here decides, but a {@link Cause#COPY_UP} has all that happens within it. Names of Linux 5.10 to 7.2; a "*"
 * stands for any end.
 */
final class WaitCauses {
    private static final List<Map.Entry<Cause, List<String>>> TABLE = List.of(
            entry(
                    Cause.DATA,
                    List.of(
                            "folio_wait_writeback*",
                            "wait_on_page_writeback*",
                            "__filemap_fdatawait_range",
                            "filemap_fdatawait*",
                            "__inode_wait_for_writeback",
                            "inode_wait_for_writeback",
                            "wb_wait_for_completion",
                            "__sync_dirty_buffer",
                            "fsync_buffers_list",
                            "sync_mapping_buffers*",
                            "generic_buffers_fsync*",
                            "ext4_fsync_nojournal",
                            "__iomap_dio_rw",
                            "iomap_dio_rw",
                            "iomap_dio_complete",
                            "__blkdev_direct_IO*",
                            "blkdev_direct_IO",
                            "do_blockdev_direct_IO",
                            "__blockdev_direct_IO",
                            "btrfs_wait_ordered_range",
                            "btrfs_start_ordered_extent*")),
            entry(
                    Cause.COMMIT,
                    List.of(
                            "jbd2_log_wait_commit",
                            "jbd2_complete_transaction",
                            "jbd2_fc_*",
                            "ext4_fc_commit",
                            "xfs_log_*",
                            "xlog_*",
                            "btrfs_sync_log",
                            "btrfs_commit_transaction*",
                            "wait_for_commit",
                            "wait_log_commit",
                            "btrfs_wait_for_commit")),
            entry(Cause.FLUSH, List.of("blkdev_issue_flush", "xfs_flush_bdev*")),
            entry(
                    Cause.JOURNAL,
                    List.of(
                            "start_this_handle",
                            "wait_transaction_locked",
                            "wait_transaction_switching",
                            "add_transaction_credits",
                            "do_get_write_access",
                            "__jbd2_log_wait_for_space",
                            "jbd2_log_do_checkpoint",
                            "xfs_trans_reserve",
                            "xfs_trans_alloc*",
                            "xlog_grant_*",
                            "start_transaction",
                            "btrfs_start_transaction*",
                            "btrfs_join_transaction*",
                            "wait_current_trans",
                            "handle_reserve_ticket",
                            "__reserve_bytes",
                            "btrfs_reserve_*",
                            "xfs_log_reserve")),
            entry(
                    Cause.REQUEST,
                    List.of(
                            "blk_mq_get_tag",
                            "__blk_mq_alloc_request*",
                            "rq_qos_wait",
                            "wbt_wait",
                            "__rq_qos_throttle",
                            "ioc_rqos_throttle",
                            "blkcg_iolatency_throttle",
                            "__bio_queue_enter",
                            "blk_queue_enter")),
            entry(
                    Cause.LOCK,
                    List.of(
                            "rwsem_down_*",
                            "down_read*",
                            "down_write*",
                            "__down*",
                            "__mutex_lock*",
                            "mutex_lock*",
                            "__percpu_down_read",
                            "percpu_rwsem_wait",
                            "percpu_down_write",
                            "__folio_lock*",
                            "__lock_page*",
                            "__lock_buffer",
                            "inode_dio_wait*",
                            "__inode_dio_wait",
                            "btrfs_tree_*lock*",
                            "btrfs_tree_lock*",
                            "btrfs_lock_extent*",
                            "lock_extent*",
                            "wait_extent_bit*",
                            "xfs_buf_lock",
                            "xfs_iunpin_wait",
                            "rt_mutex_*",
                            "__wait_on_freeing_inode")),
            entry(Cause.DIRTY_THROTTLED, List.of("balance_dirty_pages*")),
            entry(Cause.COPY_UP, List.of("ovl_copy_up*")),
            entry(
                    Cause.READ,
                    List.of(
                            "filemap_read_folio",
                            "filemap_update_page",
                            "do_read_cache_folio",
                            "do_read_cache_page",
                            "__bread_gfp",
                            "__breadahead*",
                            "bh_read*",
                            "__bh_read*",
                            "ext4_read_bh*",
                            "ext4_bread*",
                            "ext4_sb_bread*",
                            "__ext4_sb_bread_gfp",
                            "ext4_wait_block_bitmap",
                            "ext4_read_inode_bitmap",
                            "__ext4_get_inode_loc*",
                            "ext4_block_write_begin",
                            "__block_write_begin*",
                            "iomap_write_begin",
                            "iomap_read_folio_sync",
                            "xfs_buf_read*",
                            "_xfs_buf_read",
                            "xfs_buf_iowait",
                            "read_extent_buffer_pages*",
                            "read_tree_block",
                            "prepare_uptodate_folio",
                            "prepare_uptodate_page")),
            entry(
                    Cause.SERVER,
                    List.of(
                            "request_wait_answer",
                            "fuse_simple_request",
                            "__fuse_simple_request",
                            "rpc_wait_bit_killable",
                            "rpc_execute",
                            "nfs_wait_bit_killable",
                            "cifs_*",
                            "smb2_*",
                            "p9_client_*",
                            "ceph_*")));

    private static final Map<String, Cause> EXACT = new HashMap<>();
    private static final Map<String, Cause> BEGINNINGS = new HashMap<>();
    private static final int SHORTEST;
    private static final int LONGEST;

    static {
        int shortest = Integer.MAX_VALUE;
        int longest = 0;
        for (Map.Entry<Cause, List<String>> row : TABLE) {
            for (String name : row.getValue()) {
                if (name.endsWith("*")) {
                    String beginning = name.substring(0, name.length() - 1);
                    BEGINNINGS.put(beginning, row.getKey());
                    shortest = Math.min(shortest, beginning.length());
                    longest = Math.max(longest, beginning.length());
                } else {
                    EXACT.put(name, row.getKey());
                }
            }
        }
        SHORTEST = shortest;
        LONGEST = longest;
    }

    private WaitCauses() {}

    /**
     * What a thread in this function waits for, unless a function further in says something else.
     *
     * @param function as in /proc/kallsyms; compilers append to names: ".isra.0", ".cold"
     * @return null if that does not follow from this function
     */
    static @Nullable Cause of(String function) {
        int dot = function.indexOf('.', 1);
        String name = dot < 0 ? function : function.substring(0, dot);
        Cause exact = EXACT.get(name);
        // The longest beginning is the most particular one.
        for (int length = Math.min(name.length(), LONGEST); exact == null && length >= SHORTEST; length--) {
            exact = BEGINNINGS.get(name.substring(0, length));
        }
        return exact;
    }
}
