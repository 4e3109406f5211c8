package dev.writescope.stage;

import java.nio.file.Path;

/** A bind mount: {@code host} is seen at {@code path} in the container, writable. */
public record Volume(Path host, String path) {}
