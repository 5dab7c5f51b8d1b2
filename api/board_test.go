package api

import (
	"runtime"
	"testing"
	"time"

	"yizhan/data/atlas"
)

// TestBoardsAreKept asks about a few times again and again: each has one board
// while the Atlas stays, those asked for longest ago are dropped for others,
// and none keeps an Atlas that was replaced.
func TestBoardsAreKept(t *testing.T) {
	s := new(Server)
	first := town(t, nil)
	r := &call{s: s, atlas: first, now: noon}
	present, later := r.board(noon), r.board(noon.Add(time.Hour))
	if present == later || r.board(noon) != present || r.board(noon.Add(time.Hour)) != later {
		t.Error("the boards of two times are not kept apart, or not kept")
	}
	for i := range len(s.boards.others) {
		r.board(noon.Add(time.Duration(i+2) * time.Hour))
	}
	if r.board(noon) != present {
		t.Error("the board of the present is dropped for others")
	}
	if r.board(noon.Add(time.Hour)) == later {
		t.Error("no board is ever dropped")
	}
	s.boards.forget(first)
	if r.board(noon) != present {
		t.Error("the boards of the current Atlas are forgotten")
	}

	gone := make(chan struct{})
	runtime.AddCleanup(first, func(c chan struct{}) { close(c) }, gone)
	first, present, later = nil, nil, nil
	second := town(t, nil)
	r = &call{s: s, atlas: second, now: noon}
	s.boards.forget(second)
	r.board(noon.Add(3 * time.Hour))
	for range 50 {
		runtime.GC()
		select {
		case <-gone:
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
	t.Error("an Atlas that was replaced is kept")
	runtime.KeepAlive([]*atlas.Atlas{second})
}
