package dev.writescope.explain;

import java.util.Locale;

/** How strongly the evidence speaks for a cause, the strongest first. */
public enum Confidence {
    /** All the evidence that the cause would leave is there. */
    LIKELY(0.9),
    /** One piece is absent or speaks against it. */
    PROBABLE(0.6),
    /** Two are. With three a cause is not named at all. */
    POSSIBLE(0.3);

    /** The chance that it is the cause, as far as ranking needs a number. */
    final double chance;

    Confidence(double chance) {
        this.chance = chance;
    }

    /** One step less; the weakest stays as it is. */
    Confidence lower() {
        return switch (this) {
            case LIKELY -> PROBABLE;
            case PROBABLE, POSSIBLE -> POSSIBLE;
        };
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
