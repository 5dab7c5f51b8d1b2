package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// headroom is how much garbage in bytes may pile up before it is collected.
// Most of the heap is the map, which stays and holds few pointers: to look
// through it costs little, and letting garbage grow to half of it again would
// keep a lot of memory for a tenth less work.
const headroom = 48 << 20

// settle gives memory back after another map has been read, and bounds the
// garbage by what is left. Who set GOGC has said already what to do; GOMEMLIMIT
// holds beside it.
func settle(getenv func(string) string) {
	// What pools lend out and keep outlives two collections; the second is part
	// of what gives memory back.
	runtime.GC()
	debug.FreeOSMemory()
	if getenv("GOGC") != "" {
		return
	}
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	live := sample[0].Value.Uint64()
	debug.SetGCPercent(gcPercent(live))
}

// gcPercent is the setting at which garbage grows by headroom over a live heap,
// within bounds: a small heap need not be swept all the time.
func gcPercent(live uint64) int {
	const least, most = 8, 50
	return int(min(most, max(least, math.Round(headroom*100/float64(max(live, 1))))))
}
