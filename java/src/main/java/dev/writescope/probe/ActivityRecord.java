package dev.writescope.probe;

/**
 * What one process did to one file since the start of the run.
 *
 * @param cgroup in the default hierarchy's id space
 * @param kind code of a {@link Kind} of a sync or write
 * @param device the file's, as the operation's
 * @param generation of the inode: its number may be used again; 0 when not known
 * @param path from the root of its file system; empty when not known
 * @param bytes written, 0 for syncs
 * @param totalNs time in all of these calls
 */
public record ActivityRecord(
        long cgroup,
        int pid,
        String comm,
        int kind,
        int device,
        int mount,
        int magic,
        long inode,
        int generation,
        String path,
        long count,
        long bytes,
        long totalNs) {}
