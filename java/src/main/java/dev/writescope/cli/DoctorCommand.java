package dev.writescope.cli;

import dev.writescope.container.ContainerCheck;
import dev.writescope.container.HostPaths;
import dev.writescope.probe.Check;
import dev.writescope.probe.HostCheck;
import dev.writescope.view.HostReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        description = "Says whether this host can be traced and what each operation is seen by, with a remedy for every"
                + " problem. Loads each kind of program for a moment to find out. Exit code 3 if it cannot be traced.")
final class DoctorCommand implements Callable<Integer> {
    enum Format {
        text,
        json
    }

    @Option(
            names = "--format",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "text for people, or one JSON object. Default: ${DEFAULT-VALUE}.")
    Format format = Format.text;

    @Override
    public Integer call() throws IOException {
        HostReport report = examine();
        if (format == Format.json) {
            report.json(Outputs.standard());
        } else {
            StringBuilder text = new StringBuilder();
            report.text(text, Outputs.isTerminal());
            Outputs.standard().write(text.toString().getBytes(StandardCharsets.UTF_8));
        }
        return report.canTrace() ? ExitCode.FINE : ExitCode.HOST;
    }

    private static HostReport examine() {
        HostCheck host = HostCheck.of(Path.of("/"));
        ContainerCheck containers = ContainerCheck.of(HostPaths.ofEnvironment());
        List<Check> checks = new ArrayList<>(host.checks());
        checks.addAll(containers.checks());
        checks.add(Check.ok("Java", Runtime.version() + " from " + System.getProperty("java.home")));
        return new HostReport(Main.version(), checks, host.trials(), containers.containers());
    }
}
