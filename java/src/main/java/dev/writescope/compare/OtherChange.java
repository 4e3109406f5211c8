package dev.writescope.compare;

/**
 * Something else that differs between the recordings and may be the reason.
 *
 * @param what "kernel", "machine", "mount of db", "options of /data in db", "hooks of fsync", "load of db", …
 * @param before as the first recording has it, in words
 */
public record OtherChange(String what, String before, String after) {}
