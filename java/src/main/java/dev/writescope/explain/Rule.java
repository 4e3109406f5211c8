package dev.writescope.explain;

import java.util.List;

/** Knows one reason for slow or failing writes: what it looks like, how sure one can be, what to do about it. */
@FunctionalInterface
interface Rule {
    /**
     * The causes of this kind; almost always none.
     *
     * @param left the share of the time that causes found before do not account for, 0 to 1
     */
    List<Cause> causes(Victim victim, double left);
}
