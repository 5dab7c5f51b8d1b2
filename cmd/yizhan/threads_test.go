package main

import (
	"runtime"
	"testing"
)

// TestSpread runs one thread more than there are processors, however often it
// is said, unless the operator has said how many.
func TestSpread(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
	unset := func(string) string { return "" }
	set := func(name string) string { return map[string]string{"GOMAXPROCS": "5"}[name] }

	runtime.SetDefaultGOMAXPROCS()
	usual := runtime.GOMAXPROCS(0)
	for range 2 {
		spread(unset)
		if got := runtime.GOMAXPROCS(0); got != usual+spare {
			t.Errorf("%d threads, want %d", got, usual+spare)
		}
	}
	runtime.GOMAXPROCS(5)
	spread(set)
	if got := runtime.GOMAXPROCS(0); got != 5 {
		t.Errorf("%d threads where the operator said 5", got)
	}
}
