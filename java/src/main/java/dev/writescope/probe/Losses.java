package dev.writescope.probe;

/** Events that happened but could not be counted, since the start of the run. All zero is the normal case. */
public record Losses(long fsync, long write, long block) {
    public static final Losses NONE = new Losses(0, 0, 0);

    public long total() {
        return fsync + write + block;
    }

    public Losses minus(Losses earlier) {
        return new Losses(fsync - earlier.fsync, write - earlier.write, block - earlier.block);
    }
}
