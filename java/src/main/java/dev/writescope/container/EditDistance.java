package dev.writescope.container;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Levenshtein's distance, to propose what a mistyped name may have meant. */
final class EditDistance {
    private static final int PROPOSALS = 3;

    private EditDistance() {}

    /** The names nearest to a text, best first, leaving out those with nothing in common with it. */
    static List<String> nearest(String text, Collection<String> names) {
        int tolerated = Math.max(2, text.length() / 2);
        return names.stream()
                .distinct()
                .filter(name -> between(text, name) <= tolerated)
                .sorted(Comparator.<String>comparingInt(name -> between(text, name))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(PROPOSALS)
                .toList();
    }

    static int between(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
