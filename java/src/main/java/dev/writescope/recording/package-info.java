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
 * #[owner {"number":7,"container":{…}}]  what a number in the next two stands for, before its first use
 * #[share {"victim":7,"culprit":11, …}]  who held what was waited for, where that was asked for
 * #[activity {"owner":7, …}]             what a process did to a file, where that was asked for
 * #[series {"tag":"db.fsync.fsync.1", …}]    what the tag stands for, before its first use
 * #[stats [errors,bytes,min_ns,max_ns,sum_ns]]           exact figures of the next line
 * Tag=db.fsync.fsync.1,0.000,1.000,4.217,HISTFAAAA…
 * #[canary {"count":…,"p50_ns":…,"p95_ns":…}]  fsyncs of our own between intervals, where a run makes any
 * #[evidence {"elements":…, …}]          what the host's files say, at the start and before the end
 * #[evidence.device {…}]                 an element of one of its lists: mount, limit, process, …
 * #[end {…}]                             missing when the run was cut short
 * </pre>
 *
 * <p>Of the activity of an interval at most 50 lines are kept: of each device those that together make up 95 % of the
 * bytes and 95 % of the time there. All others are added up in one line for each kind of call and device, whose owner, of
 * type "unknown", and process are named "others", with process id 0; so sums are what they were.
 *
 * <p>{@code lost} has the members fsync, write and block, for events that were not counted, parts, for operations that were
 * not taken apart, and activity, for those missing in the sums by process and file; where parts or activity is absent, as in
 * older recordings, it is 0.
 *
 * <p>Readers skip comment lines with other names. A tag's definition holds until 65 536 other series were used after
 * it, which bounds the memory of both sides: they forget in step. So does an owner's, until 4096 others were defined.
 */
@NullMarked
package dev.writescope.recording;

import org.jspecify.annotations.NullMarked;
