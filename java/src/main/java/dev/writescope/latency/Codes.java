package dev.writescope.latency;

import dev.writescope.probe.Kind;
import dev.writescope.probe.Stage;

/** The numbers the programs send, as enums, without an array copy per event. */
final class Codes {
    private static final Kind[] KINDS = Kind.values();
    private static final Stage[] STAGES = Stage.values();

    private Codes() {}

    static Kind kind(int code) {
        return KINDS[code];
    }

    static Stage stage(int code) {
        return STAGES[code];
    }
}
