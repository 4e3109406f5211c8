package dev.writescope.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Which parts of a recording each resample takes: the same for all its subjects, so that what they have in common
 * stays so. Either blocks of slots, drawn within each segment and going round at its end, or whole segments.
 */
final class Plan {
    /** From here on segments are runs of one thing, and how much runs differ is part of the uncertainty. */
    static final int RUNS = 3;

    /** Each of them can be drawn. */
    private final List<Part> parts;

    private final int[][] draws;
    private final boolean runs;
    private final double widening;
    private final double freedom;

    /** Slots from {@code first}; after {@code end} it goes on at {@code begin}. */
    private record Part(int first, int length, int begin, int end) {}

    private Plan(List<Part> parts, int[][] draws, boolean runs, int strata) {
        this.parts = parts;
        this.draws = draws;
        this.runs = runs;
        int independent = draws[0].length;
        // The mean that the parts are compared with is their own: they vary less around it than around the truth.
        int free = Math.max(1, independent - strata);
        this.widening = Math.sqrt((double) independent / free);
        this.freedom = free;
    }

    /** Segments are drawn, and the first of one recording together with the first of the other where plans agree. */
    static Plan ofRuns(Timeline timeline, int resamples, SplittableRandom random) {
        List<Part> parts = segments(timeline);
        int[][] draws = new int[resamples][parts.size()];
        for (int[] draw : draws) {
            Arrays.setAll(draw, _ -> random.nextInt(parts.size()));
        }
        return new Plan(parts, draws, true, 1);
    }

    /** @param length of blocks in slots, shorter in segments that are shorter */
    static Plan ofBlocks(Timeline timeline, int length, int resamples, SplittableRandom random) {
        List<Part> parts = new ArrayList<>();
        List<Part> segments = segments(timeline);
        List<Part> strata = new ArrayList<>();
        for (Part segment : segments) {
            int block = Math.min(length, segment.length);
            for (int i = 0; i < Math.max(1, Math.round((double) segment.length / block)); i++) {
                strata.add(segment);
            }
            for (int first = segment.begin; first < segment.end; first++) {
                parts.add(new Part(first, block, segment.begin, segment.end));
            }
        }
        int[][] draws = new int[resamples][strata.size()];
        for (int[] draw : draws) {
            Arrays.setAll(draw, i -> strata.get(i).begin + random.nextInt(strata.get(i).length));
        }
        return new Plan(parts, draws, false, segments.size());
    }

    private static List<Part> segments(Timeline timeline) {
        List<Part> segments = new ArrayList<>();
        int begin = 0;
        for (int i = 1; i <= timeline.size(); i++) {
            if (i == timeline.size()
                    || timeline.stretches().get(i).segment()
                            != timeline.stretches().get(begin).segment()) {
                segments.add(new Part(begin, i - begin, begin, i));
                begin = i;
            }
        }
        return segments;
    }

    /** Whether whole segments are drawn. */
    boolean isOfRuns() {
        return runs;
    }

    /** By how much deviations of resamples are too small. */
    double widening() {
        return widening;
    }

    /** Degrees of freedom of the variance that resamples show. */
    double freedom() {
        return freedom;
    }

    /** The parts' numbers, resample by resample. */
    int[][] draws() {
        return draws;
    }

    /** The sum of rows of each part. */
    float[][] sums(double[][] rows) {
        float[][] sums = new float[parts.size()][rows[0].length];
        double[] sum = new double[rows[0].length];
        Part last = null;
        for (int i = 0; i < sums.length; i++) {
            Part part = parts.get(i);
            if (last != null && part.begin == last.begin && part.first == last.first + 1) {
                add(sum, rows[last.first], -1);
                add(sum, rows[slot(part, part.length - 1)], 1);
            } else {
                Arrays.fill(sum, 0);
                for (int offset = 0; offset < part.length; offset++) {
                    add(sum, rows[slot(part, offset)], 1);
                }
            }
            for (int column = 0; column < sum.length; column++) {
                sums[i][column] = (float) sum[column];
            }
            last = part;
        }
        return sums;
    }

    private static int slot(Part part, int offset) {
        int slot = part.first + offset;
        return slot < part.end ? slot : slot - (part.end - part.begin);
    }

    private static void add(double[] to, double[] row, double factor) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * row[i];
        }
    }
}
