package dev.writescope.latency;

import dev.writescope.container.Container;
import dev.writescope.probe.Operation;
import java.util.Locale;

/**
 * How much of a victim's waiting time somebody held what it waited for. The shares of one victim, operation, resource
 * and device add up to the time it waited for that resource.
 *
 * @param victim who waited
 * @param device "major:minor" of the file system or disk
 * @param culprit who held it: another container, the victim itself, the host, unattributed (also where nothing was in
 *     flight), or "others" for those with less than a thousandth or too many to be told apart
 * @param ns nanoseconds of waiting
 */
public record Share(
        Container victim, Operation operation, Resource resource, String device, Container culprit, long ns) {
    /** What was held. */
    public enum Resource {
        /** The device was busy with the culprit's requests while the victim's own waited. */
        DEVICE,
        /** The culprit's writes to that file system were on the device while the commit the victim waited for wrote data. */
        COMMIT;

        /** Its name in JSON and recordings. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
