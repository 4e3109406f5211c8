package dev.writescope.container;

import java.util.regex.Pattern;

/**
 * A pattern as people give it: a name, {@code namespace/pod/name}, the first 4 or more hex digits of an id, or a glob
 * (* and ?) over the names.
 */
record ContainerPattern(String text, Pattern glob) {
    private static final Pattern ID_PREFIX = Pattern.compile("[0-9a-f]{4,}");

    ContainerPattern(String text) {
        this(text, glob(text));
    }

    boolean matches(Container container) {
        return matches(container.name())
                || matches(container.displayName())
                || (ID_PREFIX.matcher(text).matches() && container.id().startsWith(text));
    }

    boolean matches(String name) {
        return glob.matcher(name).matches();
    }

    private static Pattern glob(String text) {
        StringBuilder regex = new StringBuilder();
        text.chars().forEach(character -> {
            switch (character) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(Character.toString(character)));
            }
        });
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
