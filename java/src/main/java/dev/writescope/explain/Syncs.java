package dev.writescope.explain;

import dev.writescope.latency.Activity;
import dev.writescope.probe.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Remedies that sync less. */
final class Syncs {
    private static final String LOSS =
            "durability: after a crash of the machine the last moments are lost, though the program had said they are saved";

    /** What programs offer, by the names of their processes. */
    private static final Map<String, Remedy> PROGRAMS = Map.of(
            "redis-server",
            new Remedy(
                    "let Redis sync once a second",
                    List.of(
                            "redis-cli CONFIG SET appendfsync everysec",
                            "redis-cli CONFIG REWRITE   # into its configuration file, if it has one"),
                    LOSS + ": up to two seconds"),
            "postgres",
            new Remedy(
                    "let PostgreSQL commit in groups, or not wait",
                    List.of(
                            "ALTER SYSTEM SET commit_delay = 1000;   -- µs; acts beside commit_siblings (5) others, loses nothing",
                            "-- or, where the last commits may be lost: ALTER SYSTEM SET synchronous_commit = off;",
                            "SELECT pg_reload_conf();"),
                    "commit_delay: a longer single commit. synchronous_commit = off: what was committed in the last 0.6 s"
                            + " (three times wal_writer_delay) is lost when the server or the machine crashes; what is left"
                            + " is consistent"),
            "mysqld",
            new Remedy(
                    "let MySQL sync its log once a second",
                    List.of(
                            "SET GLOBAL innodb_flush_log_at_trx_commit = 2;   -- until it restarts; and in my.cnf",
                            "SET GLOBAL sync_binlog = 0;"),
                    LOSS + "; replicas may differ afterwards"),
            "mariadbd",
            new Remedy(
                    "let MariaDB sync its log once a second",
                    List.of("SET GLOBAL innodb_flush_log_at_trx_commit = 2;   -- until it restarts; and in my.cnf"),
                    LOSS));

    private Syncs() {}

    static List<Remedy> fewer(Victim victim) {
        List<Remedy> remedies = new ArrayList<>();
        victim.observed().activity().stream()
                .filter(act ->
                        act.container().equals(victim.container()) && act.kind().operation() == Operation.FSYNC)
                .max(Comparator.comparingLong(Activity::totalNs))
                .map(act -> PROGRAMS.get(act.comm()))
                .ifPresent(remedies::add);
        remedies.add(new Remedy(
                "sync less often: many records at once (group commit), one file in place of many, caches only at"
                        + " shutdown or never",
                List.of(),
                "a change of the application, and " + LOSS));
        remedies.addAll(Layout.ownDevice(victim));
        return remedies;
    }

    static List<Remedy> slowFlush(Victim victim) {
        List<Remedy> remedies = new ArrayList<>();
        remedies.add(
                new Remedy(
                        "use a device whose cache survives a power cut: it needs no flush",
                        List.of("cat /sys/dev/block/"
                                + ShellWord.quote(victim.devices().disk(victim.device()))
                                + "/queue/write_cache   # \"write through\": the kernel sends no flush"),
                        "money, and some of them say \"write back\" and flush at once all the same; never write \"write through\" there for a device that is not: the kernel would believe it"));
        remedies.addAll(fewer(victim));
        return remedies;
    }
}
