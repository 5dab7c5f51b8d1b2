package api

import (
	"slices"

	"yizhan/geo/hours"
	"yizhan/geo/index"
)

// desk is what an answer is worked out on, kept for others.
type desk struct {
	ask   nearestAsk
	sieve sieve
	// holds and stands are those of the sieve, bound once.
	holds, stands func(index.Slot) bool
	hits          []index.Hit
	found         []found
	live          live
	next          []byte
	// hours are those of ask, where it asks for what is open.
	hours uint64
}

// maxDesk is the greatest number of hits that a desk is kept with.
const maxDesk = 4 * maxNearest

// desk returns a desk that is clear.
func (s *Server) desk() *desk {
	d, ok := s.desks.Get().(*desk)
	if !ok {
		d = new(desk)
		d.holds, d.stands = d.sieve.holds, d.sieve.stands
	}
	return d
}

// clear takes a desk back.
func (s *Server) clear(d *desk) {
	if cap(d.hits) > maxDesk {
		return
	}
	d.ask, d.sieve = nearestAsk{}, sieve{}
	d.live.atlas, d.live.board = nil, nil
	d.hits, d.found = d.hits[:0], d.found[:0]
	s.desks.Put(d)
}

// sieve says which places may stand in an answer.
type sieve struct {
	r     *call
	ask   *nearestAsk
	board *board
	// candidates are the only places that may, sorted, where they are few.
	candidates []index.Slot
	few        bool
	looked     int
	// gone is why nobody waits for the answer any more.
	gone error
}

// stands says whether a place stands at the time of the question.
func (v *sieve) stands(p index.Slot) bool { return running(v.r.atlas.Places.Valid(p), v.r.now) }

// holds says whether a place counts.
func (v *sieve) holds(p index.Slot) bool {
	// A question that hardly any place answers may look at all of them.
	if v.looked++; v.looked%4096 == 0 && v.gone == nil {
		v.gone = v.r.ctx.Err()
	}
	switch {
	case v.gone != nil:
		return false
	case v.ask.open.arrival:
		// Judged when the arrival is known. Who says nothing of hours is
		// never surely open, and is not worth timing the way to.
		if v.r.atlas.Schedule(p) == nil {
			return false
		}
	case v.ask.open.wanted:
		if v.board.state(p) != hours.StateOpen {
			return false
		}
	case !v.stands(p):
		return false
	}
	if v.few {
		_, ok := slices.BinarySearch(v.candidates, p)
		return ok
	}
	return v.ask.text == nil || v.r.atlas.Search.Answers(v.ask.text, p)
}
