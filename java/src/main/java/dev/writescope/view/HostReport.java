package dev.writescope.view;

import dev.writescope.container.Container;
import dev.writescope.probe.Check;
import dev.writescope.probe.HookTrial;
import dev.writescope.probe.Operation;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/** Whether a host can be traced, told to a person or a program. */
public record HostReport(String version, List<Check> checks, List<HookTrial> trials, List<Container> containers) {
    private static final int SCHEMA = 1;

    public HostReport {
        checks = List.copyOf(checks);
        trials = List.copyOf(trials);
        containers = List.copyOf(containers);
    }

    /** Whether a run that traces everything would start. */
    public boolean canTrace() {
        return checks.stream().noneMatch(check -> check.status() == Check.Status.FAIL);
    }

    /** Aligned text: each check with its mark and, below it, its remedy; then each kind of program. */
    public void text(Appendable out, boolean colour) throws IOException {
        out.append("writescope ").append(Printable.of(version)).append('\n');
        int names =
                checks.stream().mapToInt(check -> check.name().length()).max().orElse(0);
        for (Check check : checks) {
            out.append(mark(check.status(), colour))
                    .append("  ")
                    .append(Printable.left(check.name(), names))
                    .append("  ")
                    .append(Printable.of(check.finding()))
                    .append('\n');
            if (!check.remedy().isEmpty()) {
                out.append(" ".repeat(names + 8))
                        .append("→ ")
                        .append(Printable.of(check.remedy()))
                        .append('\n');
            }
        }
        out.append('\n');
        if (!trials.isEmpty()) {
            new TextColumns<HookTrial>()
                    .text("OPERATION", trial -> operations(trial))
                    .text("KIND", trial -> trial.backend().label())
                    .text("", trial -> isChosen(trial) ? "chosen" : trial.works() ? "works" : "refused")
                    .text("REASON", trial -> Printable.of(trial.refusal()))
                    .print(trials, out);
            out.append('\n');
        }
        out.append(
                canTrace() ? "This host can be traced.\n" : "This host cannot be traced: see the lines that fail.\n");
    }

    private static String mark(Check.Status status, boolean colour) {
        String word = status.name().toLowerCase(Locale.ROOT);
        String code = switch (status) {
            case OK -> "32";
            case WARN -> "33";
            case FAIL -> "31";
        };
        return (colour ? "\033[" + code + "m" + word + "\033[0m" : word) + " ".repeat(4 - word.length());
    }

    private static String operations(HookTrial trial) {
        return trial.operations().stream().sorted().map(Operation::label).collect(Collectors.joining(", "));
    }

    private boolean isChosen(HookTrial trial) {
        return trial.works()
                && trials.stream()
                        .filter(other -> other.operations().equals(trial.operations()) && other.works())
                        .findFirst()
                        .filter(trial::equals)
                        .isPresent();
    }

    /** One object in one line of ASCII. */
    public void json(OutputStream out) {
        try (JsonGenerator json = JsonLines.JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("type", "doctor");
            json.writeNumberProperty("schema", SCHEMA);
            json.writeStringProperty("version", JsonLines.wellFormed(version));
            json.writeBooleanProperty("traceable", canTrace());
            json.writeArrayPropertyStart("checks");
            checks.forEach(check -> write(check, json));
            json.writeEndArray();
            json.writeArrayPropertyStart("trials");
            trials.forEach(trial -> write(trial, json));
            json.writeEndArray();
            JsonLines.hooks(
                    json,
                    trials.stream()
                            .filter(this::isChosen)
                            .flatMap(trial -> trial.coverage().stream())
                            .toList());
            json.writeArrayPropertyStart("containers");
            containers.forEach(container -> write(container, json));
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    private static void write(Check check, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("name", check.name());
        json.writeStringProperty("status", check.status().name().toLowerCase(Locale.ROOT));
        json.writeStringProperty("finding", JsonLines.wellFormed(check.finding()));
        if (!check.remedy().isEmpty()) {
            json.writeStringProperty("remedy", JsonLines.wellFormed(check.remedy()));
        }
        json.writeEndObject();
    }

    private static void write(HookTrial trial, JsonGenerator json) {
        json.writeStartObject();
        json.writeArrayPropertyStart("operations");
        trial.operations().stream().sorted().forEach(operation -> json.writeString(operation.label()));
        json.writeEndArray();
        json.writeStringProperty("kind", trial.backend().label());
        json.writeBooleanProperty("works", trial.works());
        if (!trial.works()) {
            json.writeStringProperty("reason", JsonLines.wellFormed(trial.refusal()));
        }
        json.writeEndObject();
    }

    private static void write(Container container, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("name", JsonLines.wellFormed(container.displayName()));
        json.writeStringProperty("container_id", JsonLines.wellFormed(container.id()));
        json.writeStringProperty("runtime", JsonLines.wellFormed(container.runtime()));
        json.writeEndObject();
    }
}
