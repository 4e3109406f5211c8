package dev.writescope.gate;

import dev.writescope.latency.RunStart;
import dev.writescope.probe.Coverage;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a recorded baseline is from a machine like this one. Another host name is fine, CI machines come and go;
 * another processor, kernel series or hook measures something else.
 */
final class BaselineFit {
    private static final Pattern SERIES = Pattern.compile("\\d+\\.\\d+");

    private BaselineFit() {}

    /** Refuses a baseline that does not fit. */
    static void check(RunStart baseline, RunStart here) throws NoVerdictException {
        refuseIfDifferent("a machine with", baseline.machine(), here.machine());
        refuseIfDifferent("Linux", series(baseline.kernel()), series(here.kernel()));
        refuseIfDifferent(
                "a recording with this many significant digits:",
                Integer.toString(baseline.significantDigits()),
                Integer.toString(here.significantDigits()));
        for (Coverage seen : here.coverage()) {
            refuseIfDifferent(
                    "a run that saw " + seen.operation().label(),
                    describe(of(seen, baseline.coverage())),
                    describe(List.of(seen)));
        }
    }

    private static void refuseIfDifferent(String what, String there, String here) throws NoVerdictException {
        if (!there.equals(here)) {
            throw new NoVerdictException("the baseline does not fit: it is from " + what + " "
                    + (there.isEmpty() ? "nothing" : there) + ", here it is " + here
                    + ": record it here with --update-baseline, or compare within one job with --baseline-command");
        }
    }

    private static String series(String kernel) {
        Matcher matcher = SERIES.matcher(kernel);
        return matcher.lookingAt() ? matcher.group() : kernel;
    }

    private static List<Coverage> of(Coverage operation, List<Coverage> all) {
        return all.stream()
                .filter(each -> each.operation() == operation.operation())
                .toList();
    }

    private static String describe(List<Coverage> coverage) {
        return coverage.isEmpty()
                ? "by no hook"
                : "by " + coverage.getFirst().backend()
                        + (coverage.getFirst().misses().isEmpty()
                                ? ""
                                : " without "
                                        + String.join(
                                                " and ", coverage.getFirst().misses()));
    }
}
