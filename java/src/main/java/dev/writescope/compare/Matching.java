package dev.writescope.compare;

import dev.writescope.container.Container;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which container of the first recording a container of the second one is: by name, never by id. */
final class Matching {
    /** What Kubernetes adds to the name of a pod: the hash of its template, unless a DaemonSet made it, and chance. */
    private static final Pattern GENERATED =
            Pattern.compile("(.+?)(-[bcdfghjklmnpqrstvwxz2456789]{6,10})?-[bcdfghjklmnpqrstvwxz2456789]{5}");

    private Matching() {}

    /**
     * Names of the second recording with those of the first. A container whose name is not in the other recording is the
     * one there whose pod has the same owner, if that is the only one left on either side.
     */
    static Map<String, String> of(Map<String, Container> before, Map<String, Container> after) {
        Map<String, String> matches = new LinkedHashMap<>();
        Set<String> left = new HashSet<>(before.keySet());
        left.removeAll(after.keySet());
        Map<String, String> byOwnerBefore = byOwner(before, left);
        Set<String> added = new HashSet<>(after.keySet());
        added.removeAll(before.keySet());
        Map<String, String> byOwnerAfter = byOwner(after, added);
        for (Map.Entry<String, Container> each : after.entrySet()) {
            String name = each.getKey();
            if (before.containsKey(name)) {
                matches.put(name, name);
                continue;
            }
            String owner = owner(each.getValue());
            String other = owner == null ? null : byOwnerBefore.get(owner);
            if (other != null && !other.isEmpty() && name.equals(byOwnerAfter.get(owner))) {
                matches.put(name, other);
            }
        }
        return matches;
    }

    /** The only name of each owner, "" where there are several. */
    private static Map<String, String> byOwner(Map<String, Container> containers, Set<String> names) {
        Map<String, String> byOwner = new HashMap<>();
        for (String name : names) {
            Container container = containers.get(name);
            String owner = container == null ? null : owner(container);
            if (owner != null) {
                byOwner.merge(owner, name, (_, _) -> "");
            }
        }
        return byOwner;
    }

    /** Null for what is not in a pod with a generated name. */
    private static @Nullable String owner(Container container) {
        Matcher matcher = GENERATED.matcher(container.pod());
        return matcher.matches() ? container.namespace() + "/" + matcher.group(1) + "/" + container.name() : null;
    }
}
