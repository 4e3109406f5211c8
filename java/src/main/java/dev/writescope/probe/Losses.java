package dev.writescope.probe;

/**
 * What happened but could not be told, since the start of the run. All zero is the normal case.
 *
 * @param fsync events that were not counted, as {@code write} and {@code block}
 * @param parts operations that were counted and not taken apart, and commits that are not known; 0 where it was not asked
 *     for waits
 * @param activity operations and files whose share in what processes did to files is not known, at least; they count, and
 *     are taken apart, as all others
 */
public record Losses(long fsync, long write, long block, long parts, long activity) {
    public static final Losses NONE = new Losses(0, 0, 0);

    /** With all parts of those that were counted. */
    public Losses(long fsync, long write, long block) {
        this(fsync, write, block, 0, 0);
    }

    /** With all activity. */
    public Losses(long fsync, long write, long block, long parts) {
        this(fsync, write, block, parts, 0);
    }

    /** Events that were not counted: with none, the latencies are those of all operations. */
    public long total() {
        return fsync + write + block;
    }

    /** Whether anything is missing of the operations, be it only parts. */
    public boolean any() {
        return total() + parts > 0;
    }

    public Losses plus(Losses more) {
        return new Losses(
                fsync + more.fsync,
                write + more.write,
                block + more.block,
                parts + more.parts,
                activity + more.activity);
    }

    public Losses minus(Losses earlier) {
        return new Losses(
                fsync - earlier.fsync,
                write - earlier.write,
                block - earlier.block,
                parts - earlier.parts,
                activity - earlier.activity);
    }
}
