# The table of a run, from its figures: name, median, quartiles.
{ at[$1] = $2; low[$1] = $3; high[$1] = $4 }

function row(text, left, right, ratio, target, unit, met) {
	met = target == "" ? "" : substr(target, 1, 2) == "<=" ? (ratio <= substr(target, 4) + 0 ? "yes" : "NO") : (ratio >= substr(target, 4) + 0 ? "yes" : "NO")
	printf "%-52s %12s %12s %7s %8s %4s\n", text, left, right, ratio == "" ? "" : sprintf("%.2f", ratio), target, met
}

function ns(value) { return sprintf("%.0f ns", value) }
function us(value) { return sprintf("%.2f us", value / 1000) }
function added(name) { return sprintf("%+.0f ns", at[name]) }
function added_us(name) { return sprintf("%+.2f us", at[name] / 1000) }
function against(a, b) { return at[b] ? at[a] / at[b] : "" }

END {
	row("", "writescope", "bpftrace", "", "", "")
	print "write(2) of 1 byte to tmpfs, " ns(at["write.whole.base"]) " untraced"
	row("  added, tracers as run", added("write.whole.writescope"), added("write.whole.bpftrace"), against("write.whole.writescope", "write.whole.bpftrace"), "<= 0.45")
	row("  added, their programs alone", added("write.paired.writescope"), added("write.paired.bpftrace"), against("write.paired.writescope", "write.paired.bpftrace"), "<= 0.45")
	row("  null test: untraced against untraced, both ways", ns(at["write.whole.null"]), ns(at["write.paired.null"]))
	print "4 KiB write + fsync, ext4 with journal, " us(at["fsync.whole.base"]) " untraced"
	row("  added, tracers as run", added_us("fsync.whole.writescope"), added_us("fsync.whole.bpftrace"), against("fsync.whole.writescope", "fsync.whole.bpftrace"), "<= 0.45")
	row("  added, their programs alone", added_us("fsync.paired.writescope"), added_us("fsync.paired.bpftrace"), against("fsync.paired.writescope", "fsync.paired.bpftrace"), "<= 0.45")
	row("  null test: untraced against untraced, both ways", us(at["fsync.whole.null"]), us(at["fsync.paired.null"]))
	print "start, memory"
	row("  CPU until all hooks are attached", sprintf("%.0f ms", at["start.writescope.cpu"]), sprintf("%.0f ms", at["start.bpftrace.cpu"]), against("start.writescope.cpu", "start.bpftrace.cpu"))
	row("  time until all hooks are attached", sprintf("%.0f ms", at["start.writescope.wall"]), sprintf("%.0f ms", at["start.bpftrace.wall"]), against("start.writescope.wall", "start.bpftrace.wall"))
	row("  resident while tracing", sprintf("%.0f MiB", at["start.writescope.rss"]), sprintf("%.0f MiB", at["start.bpftrace.rss"]), against("start.writescope.rss", "start.bpftrace.rss"))
	print ""
	row("", "other", "selected", "", "")
	row("write of a container that is not selected, added", added("write.paired.other"), added("write.paired.selected"), against("write.paired.other", "write.paired.selected"), "<= 0.50")
	print ""
	row("", "writescope", "alternative", "", "")
	row("write counted by in-kernel histogram, added", added("write.paired.writescope"), added("write.paired.histogram"), against("write.paired.writescope", "write.paired.histogram"))
	row("  floor: two empty programs", "", added("write.paired.empty"), against("write.paired.writescope", "write.paired.empty"))
	row("  floor: two clock reads", "", added("write.paired.clock"), against("write.paired.writescope", "write.paired.clock"))
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

function drain(text, name) {
	row(text, sprintf("%.1f", at["drain." name ".java"]), sprintf("%.1f", at["drain." name ".c"]), against("drain." name ".c", "drain." name ".java"), ">= 1.00")
}
