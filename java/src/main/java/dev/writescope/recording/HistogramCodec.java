package dev.writescope.recording;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;

/**
 * HdrHistogram's compressed V2 encoding in base64, byte for byte what {@link
 * AbstractHistogram#encodeIntoCompressedByteBuffer} gives. That method makes a deflater for each call and leaves a
 * buffer behind in each histogram; here one of each serves all. Not thread-safe.
 */
final class HistogramCodec implements AutoCloseable {
    private static final int COMPRESSED_V2_COOKIE = 0x1c849314;
    private static final int V2_COOKIE = 0x1c849313;
    private static final int COMPRESSED_HEADER_BYTES = 8;
    private static final int HEADER_BYTES = 40;

    /** Header and 9 bytes for each bucket of the largest histogram of {@link Format#MAX_DIGITS} digits. */
    private static final int MAX_PLAIN_BYTES = HEADER_BYTES + 9 * 56 * 1024;

    private final Deflater deflater = new Deflater();
    private final Inflater inflater = new Inflater();
    private ByteBuffer plain = ByteBuffer.allocate(4096);
    private byte[] compressed = new byte[4096];

    /** Appends the histogram in base64. */
    void encode(AbstractHistogram histogram, StringBuilder to) {
        plain = atLeast(plain, histogram.getNeededByteBufferCapacity());
        plain.clear();
        histogram.encodeIntoByteBuffer(plain);
        deflater.reset();
        deflater.setInput(plain.array(), 0, plain.position());
        deflater.finish();
        int length = COMPRESSED_HEADER_BYTES;
        while (!deflater.finished()) {
            if (length == compressed.length) {
                compressed = Arrays.copyOf(compressed, 2 * compressed.length);
            }
            length += deflater.deflate(compressed, length, compressed.length - length);
        }
        ByteBuffer.wrap(compressed).putInt(COMPRESSED_V2_COOKIE).putInt(length - COMPRESSED_HEADER_BYTES);
        to.append(Base64.getEncoder().encodeToString(Arrays.copyOf(compressed, length)));
    }

    /** Decodes a histogram of at most {@link Format#MAX_DIGITS} digits; memory is bounded whatever the text says. */
    Histogram decode(String base64) throws MalformedLineException {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new MalformedLineException("the histogram is not base64", e);
        }
        inflate(bytes);
        checkHeader();
        try {
            return Histogram.decodeFromByteBuffer(plain, 0);
        } catch (RuntimeException e) { // the library lets several escape on corrupt counts
            throw new MalformedLineException("the histogram is corrupt", e);
        }
    }

    private void inflate(byte[] bytes) throws MalformedLineException {
        ByteBuffer header = ByteBuffer.wrap(bytes);
        if (bytes.length < COMPRESSED_HEADER_BYTES
                || header.getInt() != COMPRESSED_V2_COOKIE
                || header.getInt() != bytes.length - COMPRESSED_HEADER_BYTES) {
            throw new MalformedLineException("the histogram is not a complete one in compressed V2 encoding");
        }
        plain.clear();
        inflater.reset();
        inflater.setInput(bytes, COMPRESSED_HEADER_BYTES, bytes.length - COMPRESSED_HEADER_BYTES);
        try {
            while (!inflater.finished()) {
                if (!plain.hasRemaining()) {
                    if (plain.capacity() == MAX_PLAIN_BYTES) {
                        throw new MalformedLineException(
                                "the histogram inflates to over " + MAX_PLAIN_BYTES + " bytes");
                    }
                    plain = grown(plain);
                }
                if (inflater.inflate(plain) == 0 && !inflater.finished() && plain.hasRemaining()) {
                    throw new MalformedLineException("the histogram's compressed data ends early");
                }
            }
        } catch (DataFormatException e) {
            throw new MalformedLineException("the histogram's compressed data is corrupt", e);
        }
        plain.flip();
    }

    /** The size of what decoding allocates follows from digits and range, so both must be sound. */
    private void checkHeader() throws MalformedLineException {
        if (plain.limit() < HEADER_BYTES || plain.getInt(0) != V2_COOKIE) {
            throw new MalformedLineException("the histogram is not in V2 encoding");
        }
        int payload = plain.getInt(4);
        int normalizingIndexOffset = plain.getInt(8);
        int digits = plain.getInt(12);
        long lowest = plain.getLong(16);
        long highest = plain.getLong(24);
        if (payload != plain.limit() - HEADER_BYTES
                || normalizingIndexOffset != 0
                || digits < 0
                || digits > Format.MAX_DIGITS
                || lowest < 1
                || lowest > highest / 2) {
            throw new MalformedLineException("the histogram's header is not sound");
        }
    }

    private static ByteBuffer atLeast(ByteBuffer buffer, int capacity) {
        return buffer.capacity() >= capacity ? buffer : ByteBuffer.allocate(capacity);
    }

    private static ByteBuffer grown(ByteBuffer full) {
        ByteBuffer larger = ByteBuffer.allocate(Math.min(MAX_PLAIN_BYTES, 2 * full.capacity()));
        return larger.put(full.flip());
    }

    @Override
    public void close() {
        deflater.end();
        inflater.end();
    }
}
