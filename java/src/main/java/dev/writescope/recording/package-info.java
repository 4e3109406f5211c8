/**
 * Recordings as HdrHistogram .hlog files: write, read, replay.
 *
 * <p>A recording is ASCII text that HdrHistogram's own tools open; to them everything of ours is a comment:
 *
 * <pre>
 * #[Histogram log format version 1.3]
 * #[writescope {"schema":1, …}]          the run, once, before any data
 * #[StartTime: 1763964000.000 (seconds since epoch), 2025-11-24T06:00:00Z]
 * #[BaseTime: 1763964000.000 (seconds since epoch)]
 * "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"
 * #[interval {"start":…,"duration_ns":…,"lost":{…}}]     opens an interval, also an empty one
 * #[slow {…}]                            an operation of this interval
 * #[regression {"state":"alarm", …}]     what became evident with this interval, as it was said live
 * #[series {"tag":"db.fsync.fsync.1", …}]    what the tag stands for, before its first use
 * #[stats [errors,bytes,min_ns,max_ns,sum_ns]]           exact figures of the next line
 * Tag=db.fsync.fsync.1,0.000,1.000,4.217,HISTFAAAA…
 * #[canary {"count":…,"p50_ns":…,"p95_ns":…}]  fsyncs of our own between intervals, where a run makes any
 * #[end {…}]                             missing when the run was cut short
 * </pre>
 *
 * <p>Readers skip comment lines with other names. A tag's definition holds until 65 536 other series were used after
 * it, which bounds the memory of both sides: they forget in step.
 */
@NullMarked
package dev.writescope.recording;

import org.jspecify.annotations.NullMarked;
