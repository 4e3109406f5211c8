package dev.writescope.evidence;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What could not be read, each topic once, with the first reason. */
final class Missing {
    private static final int MAX_TOPICS = 100;
    private static final int MAX_CHARS = 300;

    private final Map<String, String> reasons = new LinkedHashMap<>();

    void add(String topic, String reason) {
        if (reasons.size() < MAX_TOPICS) {
            reasons.putIfAbsent(cut(topic), cut(reason));
        }
    }

    /** @param capability that reading it takes, as "CAP_SYSLOG" */
    void add(String topic, IOException failure, String capability) {
        add(topic, reason(failure, capability));
    }

    /** Names in it come from containers. */
    private static String cut(String text) {
        return text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS) + "…";
    }

    private static String reason(IOException failure, String capability) {
        return switch (failure) {
            case AccessDeniedException denied -> "needs " + capability;
            case NoSuchFileException absent -> absent.getFile() + " is not there";
            default -> String.valueOf(failure.getMessage());
        };
    }

    List<String> list() {
        List<String> list = new ArrayList<>();
        reasons.forEach((topic, reason) -> list.add(topic + ": " + reason));
        return List.copyOf(list);
    }
}
