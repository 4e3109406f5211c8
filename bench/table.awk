# The table of a run, from its figures: name, median, quartiles.
{ at[$1] = $2; low[$1] = $3; high[$1] = $4 }

# A target is met, or not, or the noise is too large to say.
function row(text, left, right, ratio, target, noisy, met) {
	met = target == "" ? "" : target ~ /us$/ ? (left + 0 <= substr(target, 4) + 0 ? "yes" : "NO") : noisy ? "noise" : substr(target, 1, 2) == "<=" ? \
		(ratio <= substr(target, 4) + 0 ? "yes" : "NO") : (ratio >= substr(target, 4) + 0 ? "yes" : "NO")
	printf "%-56s %12s %12s %7s %8s %5s\n", text, left, right, ratio == "" || noisy ? "" : sprintf("%.2f", ratio), target, met
}

# The middle half of the pairs does not even agree that something is added.
function noisy(a, b) { return low[a] <= 0 || low[b] <= 0 }

function ns(value) { return sprintf("%.0f ns", value) }
function us(value) { return sprintf("%.2f us", value / 1000) }
function added(name) { return sprintf("%+.0f ns", at[name]) }
function added_us(name) { return sprintf("%+.2f us", at[name] / 1000) }
function against(a, b) { return at[b] ? at[a] / at[b] : "" }

END {
	row("", "writescope", "bpftrace", "", "", "")
	print "write(2) of 1 byte to tmpfs, " ns(at["write.whole.base"]) " untraced"
	row("  added, tracers as run", added("write.whole.writescope"), added("write.whole.bpftrace"), against("write.whole.writescope", "write.whole.bpftrace"), "<= 0.35", noisy("write.whole.writescope", "write.whole.bpftrace"))
	row("  added, their programs alone", added("write.paired.writescope"), added("write.paired.bpftrace"), against("write.paired.writescope", "write.paired.bpftrace"), "<= 0.35", noisy("write.paired.writescope", "write.paired.bpftrace"))
	row("  null test: untraced against untraced, both ways", ns(at["write.whole.null"]), ns(at["write.paired.null"]))
	print "4 KiB write + fsync, ext4 with journal, " us(at["fsync.whole.base"]) " untraced"
	row("  added, tracers as run", added_us("fsync.whole.writescope"), added_us("fsync.whole.bpftrace"), against("fsync.whole.writescope", "fsync.whole.bpftrace"), "<= 0.35", noisy("fsync.whole.writescope", "fsync.whole.bpftrace"))
	row("  added, their programs alone", added_us("fsync.paired.writescope"), added_us("fsync.paired.bpftrace"), against("fsync.paired.writescope", "fsync.paired.bpftrace"), "<= 0.35", noisy("fsync.paired.writescope", "fsync.paired.bpftrace"))
	row("  null test: untraced against untraced, both ways", us(at["fsync.whole.null"]), us(at["fsync.paired.null"]))
	print "what one operation costs in BPF programs, by the kernel's own statistics"
	statistics("  write", "write.statistics", "bpftrace", "<= 0.35")
	statistics("  fsync (of a file with nothing to sync, on tmpfs)", "sync.statistics", "bpftrace", "<= 0.35")
	statistics("  block request", "direct.statistics", "bpftrace", "<= 0.35")
	statistics("  the same, next to biolatency", "direct.statistics", "biolatency", "")
	print "their programs alone, added to"
	row("  a write with nothing in the caches, " us(at["cold.paired.base"]) " untraced", added("cold.paired.writescope"), added("cold.paired.bpftrace"), against("cold.paired.writescope", "cold.paired.bpftrace"), "<= 0.35", noisy("cold.paired.writescope", "cold.paired.bpftrace"))
	row("  getppid, which nobody traces, " ns(at["getppid.paired.base"]) " untraced", added("getppid.paired.writescope"), added("getppid.paired.bpftrace"))
	row("  a direct write of 4 KiB, " us(at["direct.paired.base"]) " untraced", added("direct.paired.writescope"), added("direct.paired.bpftrace"), against("direct.paired.writescope", "direct.paired.bpftrace"), "<= 0.35", noisy("direct.paired.writescope", "direct.paired.bpftrace"))
	row("  the same, next to biolatency", added("direct.paired.writescope"), added("direct.paired.biolatency"), against("direct.paired.writescope", "direct.paired.biolatency"), "", noisy("direct.paired.writescope", "direct.paired.biolatency"))
	print "taken apart (explain, --by phase), their programs alone, added to"
	apart("  that fsync", "fsync.paired", "<= 3 us")
	row("    floor: empty programs where threads sleep and are woken", added_us("fsync.paired.sleep"), "")
	apart("  that write, which does not wait", "write.paired", "")
	print "start, memory"
	row("  CPU until all hooks are attached", sprintf("%.0f ms", at["start.writescope.cpu"]), sprintf("%.0f ms", at["start.bpftrace.cpu"]), against("start.writescope.cpu", "start.bpftrace.cpu"))
	row("  time until all hooks are attached", sprintf("%.0f ms", at["start.writescope.wall"]), sprintf("%.0f ms", at["start.bpftrace.wall"]), against("start.writescope.wall", "start.bpftrace.wall"))
	row("  resident while tracing", sprintf("%.0f MiB", at["start.writescope.rss"]), sprintf("%.0f MiB", at["start.bpftrace.rss"]), against("start.writescope.rss", "start.bpftrace.rss"))
	print ""
	row("", "other", "selected", "", "")
	row("write of a container that is not selected, added", added("write.paired.other"), added("write.paired.selected"), against("write.paired.other", "write.paired.selected"), "<= 0.50", noisy("write.paired.other", "write.paired.selected"))
	print ""
	row("", "writescope", "alternative", "", "")
	row("write counted by in-kernel histogram, added", added("write.paired.writescope"), added("write.paired.histogram"), against("write.paired.writescope", "write.paired.histogram"))
	row("  floor: two empty programs", "", added("write.paired.empty"), against("write.paired.writescope", "write.paired.empty"))
	row("  floor: two clock reads", "", added("write.paired.clock"), against("write.paired.writescope", "write.paired.clock"), "<= 1.30", noisy("write.paired.writescope", "write.paired.clock"))
	for (workload = 1; workload <= 3; workload++) {
		name = substr("write sync  direct", 6 * workload - 5, 6)
		gsub(" ", "", name)
		floor = name ".statistics.clock"
		row("  floor of " name ", by the kernel's statistics", ns(at[name ".statistics.writescope"]), ns(at[floor]), against(name ".statistics.writescope", floor), "<= 1.30")
	}
	print ""
	row("the tracer's own process at this many events a second", "CPU", "resident")
	for (rate = 1000; rate <= 1000000; rate *= 10) {
		own("write", rate)
		own("sync", rate)
	}
	print ""
	row("drain of a full buffer, ns a record (events/s, Java : C)", "Java", "C", "", "")
	drain("  ring, 2 digits", "c2.2.ring")
	drain("  ring, 3 digits", "c2.3.ring")
	drain("  ring, 2 digits, first compiler only", "c1.2.ring")
	drain("  lane, 2 digits", "c2.2.lane")
	drain("  lane, 2 digits, first compiler only", "c1.2.lane")
	row("  allocated, bytes a record", sprintf("%.4f", at["drain.c2.2.ring.allocated"] + at["drain.c2.2.lane.allocated"]), "")
	print ""
	row("", "counted", "made", "", "")
	row(sprintf("writes from all CPUs at %.2f M/s, %d lost", at["flood.rate"] / 1e6, at["flood.lost"]), at["flood.counted"], at["flood.made"], against("flood.counted", "flood.made"), ">= 1.00")
}

function statistics(text, name, peer, target) {
	row(text, ns(at[name ".writescope"]), ns(at[name "." peer]), against(name ".writescope", name "." peer), target)
}

# What it adds to what is added already.
function apart(text, name, target,   more) {
	more = (at[name ".phases"] - at[name ".writescope"]) / 1000
	row(text, sprintf("%+.2f us", more), "", "", target, 0)
}

# How many were made is said: what the machine could not make is not made up for.
function own(call, rate,   name) {
	name = "rate." call "." rate
	if (!(name ".made" in at))
		return
	row(sprintf("  %d %s", at[name ".made"], call == "write" ? "writes" : "fsyncs"), sprintf("%.1f %%", at[name ".cpu"]), sprintf("%.0f MiB", at[name ".rss"]))
}

function drain(text, name) {
	row(text, sprintf("%.1f", at["drain." name ".java"]), sprintf("%.1f", at["drain." name ".c"]), against("drain." name ".c", "drain." name ".java"), ">= 1.00")
}
