package dev.writescope.view;

import dev.writescope.explain.Actor;
import dev.writescope.explain.Cause;
import dev.writescope.explain.Explanation;
import dev.writescope.explain.Explanation.Holder;
import dev.writescope.explain.Explanation.Part;
import dev.writescope.explain.Explanation.Residual;
import dev.writescope.explain.ProcessLoad;
import dev.writescope.explain.Remedy;
import dev.writescope.latency.Share;
import dev.writescope.probe.Stage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;

/** What text and Markdown of an explanation say alike. Names are as they are: whoever prints makes them safe. */
final class ExplanationWords {
    private ExplanationWords() {}

    static String figures(Explanation note) {
        double seconds = note.duration().toNanos() / 1e9;
        return note.operation().label() + " in "
                + Durations.format(note.duration().toNanos()) + ": "
                + note.total().count() + " (" + Figures.rate(note.total().count() / seconds) + "/s), P50 "
                + Durations.format(note.total().percentileNs(50)) + ", P99 "
                + Durations.format(note.total().percentileNs(99)) + ", max "
                + Durations.format(note.total().maxNs())
                + (note.total().errors() > 0 ? ", " + note.total().errors() + " failed" : "")
                + (note.parts().isEmpty() ? "" : "; " + note.takenApart() + " of them taken apart");
    }

    /**
     * A line of where the time goes.
     *
     * @param p99Ns -1 when it is not known, as for maxNs
     */
    record PartLine(String label, String share, long p99Ns, long maxNs, String meaning) {}

    /** The largest parts, and what all parts leave. */
    static List<PartLine> parts(Explanation note, int most) {
        List<PartLine> lines = new ArrayList<>();
        for (Part part : note.parts().subList(0, Math.min(most, note.parts().size()))) {
            lines.add(new PartLine(
                    part.stage().label(),
                    percent(part.share()),
                    part.series().percentileNs(99),
                    part.series().maxNs(),
                    meaning(part.stage())));
        }
        Residual residual = note.residual();
        if (residual != null) {
            lines.add(new PartLine(
                    "not taken apart", percent(residual.share()), -1, -1, "what the parts leave of the time"));
        }
        return lines;
    }

    /** What overlay adds, in a sentence; empty where nothing is on overlay. */
    static String overlay(Explanation note) {
        Part overlay = note.overlay();
        return overlay == null
                ? ""
                : "overlay itself adds " + percent(overlay.share()) + " of the time, P50 "
                        + Durations.format(overlay.series().percentileNs(50)) + ", P99 "
                        + Durations.format(overlay.series().percentileNs(99)) + ": in the parts above, of "
                        + overlay.series().count() + " operations on it";
    }

    static String unexplained(Explanation note) {
        return note.parts().isEmpty()
                ? "unexplained 100 %: where the time goes was not measured"
                : "unexplained " + percent(note.unexplained()) + " of the time in "
                        + note.operation().label() + ", measured on " + note.takenApart() + " of "
                        + note.total().count() + " operations";
    }

    static String holders(Share.Resource resource, List<Holder> holders, Explanation note, int most) {
        StringJoiner names = new StringJoiner(", ");
        double rest = 0;
        for (int i = 0; i < holders.size(); i++) {
            Holder holder = holders.get(i);
            if (i < most) {
                names.add(name(holder, note) + " " + percent(holder.share()));
            } else {
                rest += holder.share();
            }
        }
        if (rest > 0) {
            names.add("others " + percent(rest));
        }
        return switch (resource) {
                    case DEVICE -> "the device was held, of the whole time, by: ";
                    case COMMIT -> "the commits it waited for wrote data, by shares of the whole time, of: ";
                }
                + names;
    }

    private static String name(Holder holder, Explanation note) {
        if (holder.container().equals(note.container())) {
            return "itself";
        }
        return holder.container().service().isEmpty()
                ? holder.container().displayName()
                : holder.container().displayName() + "/" + holder.container().service();
    }

    static String sureness(Cause cause) {
        return cause.confidence().label() + (cause.takesTime() ? ", " + percent(cause.share()) + " of the time" : "");
    }

    /** Of the first cause all, of the others the first one each, none twice. */
    static List<Remedy> remedies(Explanation note, int most) {
        Set<Remedy> remedies = new LinkedHashSet<>();
        for (Cause cause : note.causes()) {
            cause.remedies().stream().limit(remedies.isEmpty() ? most : 1).forEach(remedies::add);
        }
        return remedies.stream().limit(most).toList();
    }

    static String percent(double share) {
        double percent = 100 * share;
        return percent > 0 && percent < 1 ? "<1 %" : Math.round(percent) + " %";
    }

    static String meaning(Stage stage) {
        return switch (stage) {
            case QUEUE -> "requests wait to be sent to the device";
            case DEVICE -> "the device works on requests";
            case TOTAL -> "all";
            case RUNNING -> "on a CPU";
            case RUNNABLE -> "ready to run, no CPU free";
            case LOCK -> "a lock of a file or file system";
            case THROTTLED -> "held back before it became a request";
            case WRITEBACK -> "its own data under writeback";
            case COMMIT_QUEUE -> "an earlier commit has to end first";
            case COMMIT_LOCKED -> "the commit waits for open handles";
            case COMMIT_DATA -> "the commit writes out files' data, anybody's";
            case COMMIT_LOG -> "the commit writes the journal";
            case COMMIT -> "a commit, its phases not known";
            case FLUSH -> "the device empties its write cache";
            case JOURNAL -> "a transaction has to be joined";
            case DIRTY_THROTTLED -> "paused until less is dirty";
            case COPY_UP -> "overlay copies the file up first";
            case READ -> "data has to be read first";
            case SERVER -> "a file system in user space answers";
            case OTHER -> "any other wait";
            case OVERLAY -> "overlay itself, within the other parts";
        };
    }

    static String process(Actor actor) {
        String comm = Printable.clip(Printable.of(actor.comm()), 16);
        if (actor.processes() == 0) {
            return comm;
        }
        return comm + (actor.processes() == 1 ? "[" + actor.pid() + "]" : " (" + actor.processes() + " of them)");
    }

    static String process(ProcessLoad load) {
        return Printable.clip(Printable.of(load.comm()), 16) + "[" + load.pid() + "]";
    }

    static String file(Actor actor) {
        String file = Table.orDash(actor.file());
        return actor.files() == 1 ? file : file + " (" + actor.files() + " files)";
    }
}
