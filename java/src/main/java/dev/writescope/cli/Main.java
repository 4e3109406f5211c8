package dev.writescope.cli;

import dev.writescope.probe.HostException;
import java.util.Set;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

@Command(
        name = "writescope",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Main.Version.class,
        description = "Shows where a container's writes wait: fsync, write and block latency per container.",
        subcommands = {
            TraceCommand.class,
            RecordCommand.class,
            ReplayCommand.class,
            CompareCommand.class,
            GateCommand.class,
            ExplainCommand.class,
            DoctorCommand.class,
            RehearseCommand.class,
            CommandLine.HelpCommand.class,
            AutoComplete.GenerateCompletion.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:fine",
            "1:a regression was found (compare, gate)",
            "2:wrong usage, unreadable input or unwritable output",
            "3:this host cannot be traced",
            "4:no verdict possible: too little data, or events lost; nothing to explain"
        })
public final class Main {
    @Option(names = "--debug", scope = ScopeType.INHERIT, hidden = true, description = "Show stack traces.")
    boolean debug;

    /** For the archive's maker, not for users. */
    private static final Set<String> HIDDEN = Set.of("generate-completion", "rehearse");

    /** The version of the jar, "dev" when run from the build directory. */
    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"writescope " + version()};
        }
    }

    public static void main(String[] arguments) {
        int code = ExitCode.USAGE; // the JVM's own for an error, 1, means a regression
        try {
            code = commandLine().execute(arguments);
        } catch (OutOfMemoryError full) {
            System.err.println("writescope: " + full.getMessage()
                    + " is used up: trace fewer containers, or set WRITESCOPE_JAVA_OPTIONS=-Xmx512m");
        } catch (Throwable error) {
            System.err.println("writescope: " + error);
        } finally {
            System.exit(code);
        }
    }

    static CommandLine commandLine() {
        Main main = new Main();
        CommandLine line = new CommandLine(main);
        line.getSubcommands().forEach((name, command) -> {
            // Options after the command to run are its own.
            command.setStopAtPositional(name.equals("record") || name.equals("gate"));
            command.getCommandSpec().usageMessage().hidden(HIDDEN.contains(name));
        });
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(new UsageErrors());
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (Outputs.isClosedPipe(failure)) {
                return ExitCode.FINE;
            }
            if (main.debug) {
                failure.printStackTrace();
                if (failure instanceof HostException host) {
                    System.err.println(host.verifierLogs());
                }
            }
            Outputs.say(failure.getMessage() == null ? failure.toString() : failure.getMessage());
            return failure instanceof HostException ? ExitCode.HOST : ExitCode.USAGE;
        });
        return line;
    }
}
