package dev.writescope.cli;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** One line on standard error about a command line that cannot be understood; the usage when there is nothing else. */
final class UsageErrors implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException failure, String[] given) {
        CommandLine command = failure.getCommandLine();
        if (given.length == 0) {
            command.usage(System.err);
        } else {
            Outputs.say(describe(failure, command));
        }
        return ExitCode.USAGE;
    }

    private static String describe(ParameterException failure, CommandLine command) {
        String help =
                "; see writescope " + (command.getParent() == null ? "" : command.getCommandName() + " ") + "--help";
        return switch (failure) {
            case UnmatchedArgumentException unmatched -> unmatched(unmatched, command) + help;
            case MissingParameterException missing -> missing(missing) + help;
            case ParameterException wrong -> message(wrong) + help;
        };
    }

    private static String unmatched(UnmatchedArgumentException failure, CommandLine command) {
        String word = failure.getUnmatched().getFirst();
        List<String> near = failure.getSuggestions().stream()
                .filter(name -> !isHidden(name, command))
                .toList();
        String advice = near.isEmpty() ? "" : ": did you mean " + near.getFirst() + "?";
        if (word.startsWith("-")) {
            return "there is no option " + word + advice;
        }
        if (command.getParent() != null) {
            return "'" + word + "' is too much" + advice;
        }
        String commands = command.getSubcommands().keySet().stream()
                .filter(name -> !isHidden(name, command))
                .collect(Collectors.joining(", "));
        return "there is no command " + word + (near.isEmpty() ? ": choose from " + commands : advice);
    }

    private static boolean isHidden(String name, CommandLine command) {
        CommandLine subcommand = command.getSubcommands().get(name);
        return subcommand != null && subcommand.getCommandSpec().usageMessage().hidden();
    }

    private static String missing(MissingParameterException failure) {
        List<ArgSpec> missing = failure.getMissing();
        if (missing.size() == 1 && missing.getFirst() instanceof OptionSpec option) {
            return (option.required() ? "missing: " : "no value for ") + option.longestName() + " "
                    + option.paramLabel();
        }
        if (!missing.isEmpty() && missing.stream().allMatch(ArgSpec::isOption)) {
            return "missing: "
                    + missing.stream()
                            .map(option -> ((OptionSpec) option).longestName() + " " + option.paramLabel())
                            .collect(Collectors.joining(" or "));
        }
        return missing.isEmpty()
                ? message(failure)
                : "missing: " + missing.stream().map(ArgSpec::paramLabel).collect(Collectors.joining(" "));
    }

    private static String message(ParameterException failure) {
        String message = Objects.requireNonNullElse(failure.getMessage(), "wrong usage");
        String first = message.lines().findFirst().orElse("wrong usage");
        return first.replaceFirst("^Invalid value for option '(--?[\\w-]+)'", "$1")
                .replace("is not an int", "is not a whole number")
                .replace(" (case-insensitive)", "");
    }
}
