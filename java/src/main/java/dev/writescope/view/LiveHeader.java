package dev.writescope.view;

import dev.writescope.probe.Coverage;
import dev.writescope.probe.Losses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** The top of the live view. Losses and coverage are always in sight; the rest leaves when there is no room. */
final class LiveHeader {
    private static final int NEVER = Integer.MAX_VALUE;
    private static final String GAP = "  ";

    /** Shown in full, then in brief, then not at all: the lowest rank gives way first. */
    private record Part(String full, String brief, int rank, AttributedStyle style) {
        Part shortened() {
            return new Part(brief, brief, rank, style);
        }

        int width() {
            return Printable.width(full) + GAP.length();
        }
    }

    private LiveHeader() {}

    /** At most {@code most} lines, most ≥ 1. */
    static List<AttributedString> lines(LiveModel model, boolean paused, int width, int most) {
        if (most == 1) {
            List<Part> parts = new ArrayList<>(status(model, paused));
            parts.addAll(coverage(model));
            return List.of(line(fitting(parts, width)));
        }
        return List.of(line(fitting(status(model, paused), width)), line(fitting(coverage(model), width)));
    }

    private static List<Part> status(LiveModel model, boolean paused) {
        Losses lost = model.lost();
        List<Part> parts = new ArrayList<>();
        if (paused) {
            parts.add(new Part("PAUSED", "PAUSED", 9, LiveStyle.WARN));
        }
        judging(model).ifPresent(parts::add);
        String host = Printable.of(model.start().host());
        parts.add(new Part(host, Printable.clip(host, 16), 2, LiveStyle.BOLD));
        parts.add(part(
                "Linux " + Printable.of(model.start().kernel()),
                Printable.of(model.start().kernel()),
                1));
        parts.add(part(clock(model.elapsed()), clock(model.elapsed()), 6));
        String rate = Figures.rate(model.operationsPerSecond());
        parts.add(part(rate + " ops/s", rate + "/s", 5));
        String which = !lost.any()
                ? "lost 0"
                : "LOST fsync " + lost.fsync() + " write " + lost.write() + " block " + lost.block()
                        + (lost.parts() > 0 ? " parts " + lost.parts() : "");
        parts.add(new Part(
                which,
                !lost.any() ? "lost 0" : "LOST " + (lost.total() + lost.parts()),
                NEVER,
                LiveStyle.alarmIf(lost.any())));
        String share = Figures.share(model.unattributed(), model.operations());
        parts.add(part("unattributed " + share, "unattr " + share, NEVER));
        String cpu = "CPU " + Figures.percent(model.cpuShare(), 1);
        parts.add(part(cpu, cpu, 4));
        String memory = Figures.bytes(model.rssBytes());
        parts.add(part(memory + " RSS", memory, 3));
        return parts;
    }

    /** That nothing is flagged means something only while somebody judges. */
    private static Optional<Part> judging(LiveModel model) {
        int alarms = model.alarms().count();
        return switch (model.judging()) {
            case OFF -> Optional.empty();
            case LEARNING -> Optional.of(new Part("detector: learning", "learning", 7, LiveStyle.FAINT));
            case WATCHING ->
                Optional.of(
                        alarms == 0
                                ? part("alarms 0", "alarms 0", 7)
                                : new Part("ALARMS " + alarms, "ALARMS " + alarms, NEVER, LiveStyle.ALARM));
            case FAILED -> Optional.of(new Part("detector: FAILED", "detector: FAILED", NEVER, LiveStyle.ALARM));
        };
    }

    private static List<Part> coverage(LiveModel model) {
        List<Part> parts = new ArrayList<>();
        for (Coverage one : model.start().coverage()) {
            String hook = one.operation().label() + " " + Printable.of(one.backend());
            if (one.misses().isEmpty()) {
                parts.add(part(hook, hook, NEVER));
            } else {
                String missed = Printable.of(String.join(", ", one.misses()));
                parts.add(new Part(
                        hook + " (misses " + missed + ")",
                        hook + " (misses " + one.misses().size() + ")",
                        NEVER,
                        LiveStyle.WARN));
            }
        }
        return parts;
    }

    private static Part part(String full, String brief, int rank) {
        return new Part(full, brief, rank, LiveStyle.PLAIN);
    }

    private static List<Part> fitting(List<Part> parts, int width) {
        List<Part> kept = new ArrayList<>(parts);
        List<Part> leaving = new ArrayList<>(parts);
        leaving.sort(Comparator.comparingInt(Part::rank));
        for (Part part : leaving) {
            if (kept.stream().mapToInt(Part::width).sum() - GAP.length() <= width) {
                break;
            }
            if (part.rank() == NEVER) {
                kept.replaceAll(one -> one.equals(part) ? one.shortened() : one);
            } else {
                kept.remove(part);
            }
        }
        return kept;
    }

    private static AttributedString line(List<Part> parts) {
        AttributedStringBuilder line = new AttributedStringBuilder();
        for (Part part : parts) {
            line.append(line.length() == 0 ? "" : GAP).styled(part.style(), part.full());
        }
        return line.toAttributedString();
    }

    private static String clock(Duration elapsed) {
        return "%d:%02d:%02d".formatted(elapsed.toHours(), elapsed.toMinutesPart(), elapsed.toSecondsPart());
    }
}
