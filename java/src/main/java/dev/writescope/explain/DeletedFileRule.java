package dev.writescope.explain;

import dev.writescope.evidence.Evidence.DeletedFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A file without a name goes on growing: nobody can read it, and its space is free only when its process lets it go. */
final class DeletedFileRule implements Rule {
    /** Temporary files are deleted at once as a habit; so much growth is more than a passing one. */
    static final long LEAST_GROWTH = 1 << 20;

    static final long LEAST_SIZE = 8 << 20;
    /** A log is never meant to be written after it was deleted. */
    static final long LEAST_GROWTH_OF_LOG = 64 << 10;

    private static final Pattern LOG =
            Pattern.compile("(?i).*(?:\\.log|/logs?/|\\.out\\b|_log\\b|/messages|/syslog).*");
    /** Against causes that take time. */
    private static final double WEIGHT = 0.6;

    private static final double WEIGHT_OF_LOG = 0.9;

    @Override
    public List<Cause> causes(Victim victim, double left) {
        List<DeletedFile> growing = victim.evidence().deleted().stream()
                .filter(file -> file.container().equals(victim.container()) && grows(file))
                .sorted(Comparator.comparingLong(DeletedFile::endBytes).reversed())
                .toList();
        return growing.isEmpty() ? List.of() : cause(victim, growing).stream().toList();
    }

    private static boolean grows(DeletedFile file) {
        long growth = file.endBytes() - file.startBytes();
        return isLog(file) ? growth >= LEAST_GROWTH_OF_LOG : growth >= LEAST_GROWTH && file.endBytes() >= LEAST_SIZE;
    }

    private static boolean isLog(DeletedFile file) {
        return LOG.matcher(file.file()).matches();
    }

    private static Optional<Cause> cause(Victim victim, List<DeletedFile> growing) {
        DeletedFile largest = growing.getFirst();
        Belief belief = new Belief();
        growing.stream()
                .limit(3)
                .forEach(file -> belief.because(Words.name(file.comm()) + "[" + file.pid() + "] holds "
                        + Words.name(file.file()) + ", which is deleted: it grew from " + Words.bytes(file.startBytes())
                        + " to "
                        + Words.bytes(file.endBytes())));
        belief.but(!isLog(largest), "a temporary file may be meant to have no name");
        String sentence =
                Words.name(largest.comm()) + " goes on writing to the deleted file " + Words.name(largest.file())
                        + ": " + Words.bytes(largest.endBytes()) + " now, "
                        + Words.bytes((largest.endBytes() - largest.startBytes()) / victim.seconds()) + "/s more";
        List<Remedy> remedies = remedies(largest);
        return FullFileSystemRule.spaceIsShort(victim, largest.device())
                ? Cause.ofFailure(Cause.Name.DELETED_FILE, true, sentence, belief, remedies)
                : Cause.ofState(
                        Cause.Name.DELETED_FILE,
                        "",
                        isLog(largest) ? WEIGHT_OF_LOG : WEIGHT,
                        sentence,
                        belief,
                        remedies);
    }

    /** A pattern of find that matches this name only. */
    private static String literal(String file) {
        return file.replaceAll("[\\\\*?\\[]", "\\\\$0");
    }

    static List<Remedy> remedies(DeletedFile file) {
        List<Remedy> remedies = new ArrayList<>();
        String pid = Integer.toString(file.pid());
        remedies.add(new Remedy(
                "let " + Words.name(file.comm()) + " open its file again, and rotate so that it does",
                List.of(
                        "[ \"$(cat /proc/" + pid + "/comm)\" = " + ShellWord.quote(file.comm()) + " ] && kill -HUP "
                                + pid + "   # if it reopens its logs at that; else restart it",
                        "# in its block of /etc/logrotate.d/, where the program cannot reopen its file",
                        "copytruncate"),
                "HUP ends a program that does not handle it; with copytruncate, lines written between the copy and the cut"
                        + " are lost"));
        remedies.add(new Remedy(
                "free the space now",
                List.of("find /proc/" + pid + "/fd -lname " + ShellWord.quote(literal(file.file()) + " (deleted)")
                        + " -exec truncate -s 0 {} +"),
                "what is in the file is gone for good: only for files of which nothing is needed. A program that does not"
                        + " append goes on at its old place, behind a hole that takes no space"));
        return remedies;
    }
}
