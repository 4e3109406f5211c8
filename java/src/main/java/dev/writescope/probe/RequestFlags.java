package dev.writescope.probe;

import dev.writescope.bpf.KernelBtf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Bits of {@code request->rq_flags}. Since 5f89154e8e9e ("block: Use enum to define RQF_x bit indexes", 6.11) they move
 * between releases, and the first of these have an enum without a name (6.12), which the programs cannot ask for.
 *
 * @param flushSequence the request is part of a flush
 * @param counted the queue's statistics were on when it was made
 */
record RequestFlags(int flushSequence, int counted) {
    private static final RequestFlags BEFORE_ENUM = new RequestFlags(1 << 4, 1 << 13);

    /** @throws IOException if the file cannot be read */
    static RequestFlags of(Path kernelBtf) throws IOException {
        KernelBtf kernel = KernelBtf.read(kernelBtf);
        OptionalInt flushSequence = kernel.enumerator("__RQF_FLUSH_SEQ");
        OptionalInt counted = kernel.enumerator("__RQF_IO_STAT");
        return flushSequence.isEmpty() || counted.isEmpty()
                ? BEFORE_ENUM
                : new RequestFlags(1 << flushSequence.getAsInt(), 1 << counted.getAsInt());
    }
}
