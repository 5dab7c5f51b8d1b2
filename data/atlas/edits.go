package atlas

import (
	"slices"

	"github.com/paulmach/orb"
)

// maxEdits is how many edits a snapshot remembers at least; twice as many at
// most.
const maxEdits = 4096

// edit is what one snapshot changed of one place.
type edit struct {
	// sequence is that of the snapshot.
	sequence uint64
	id       string
	// points are where the place was and is, as far as it has a position.
	points [2]orb.Point
	placed [2]bool
	// before and after are the places file around the edit, in the snapshot's
	// folder; both are empty where another program may have written in
	// between.
	before, after found
}

// touches says whether the place was or is in a box.
func (e *edit) touches(b orb.Bound) bool {
	for i, p := range e.points {
		if e.placed[i] && b.Contains(p) {
			return true
		}
	}
	return false
}

// history is what a snapshot knows of those before it. It is shared among
// them: each sees its own length of the list, and only the latest appends.
type history struct {
	// since is the Sequence from which on all edits are listed, oldest first.
	since uint64
	edits []edit
}

// with returns the history of the next snapshot, which differs by edits.
func (h history) with(sequence uint64, fresh []edit) history {
	if len(h.edits)+len(fresh) > 2*maxEdits {
		// The edits of one snapshot go or stay together.
		cut := max(0, len(h.edits)-maxEdits)
		for cut < len(h.edits) && cut > 0 && h.edits[cut].sequence == h.edits[cut-1].sequence {
			cut++
		}
		if cut > 0 {
			h.since = h.edits[cut-1].sequence
			h.edits = slices.Clone(h.edits[cut:])
		}
	}
	for i := range fresh {
		e := fresh[i]
		e.sequence = sequence
		h.edits = append(h.edits, e)
	}
	return h
}

// after lists the edits since a snapshot; ok is false where not all are known.
func (h history) after(sequence uint64) (edits []edit, ok bool) {
	if sequence < h.since {
		return nil, false
	}
	i := len(h.edits)
	for i > 0 && h.edits[i-1].sequence > sequence {
		i--
	}
	return h.edits[i:], true
}

// Touched says whether a place in a box may have been added, changed, moved or
// removed after the snapshot of a Sequence: where it was or where it is then
// lies in the box. It is true where the changes are not known, as of an
// import.
func (a *Atlas) Touched(since uint64, b orb.Bound) bool {
	if since == a.Sequence {
		return false
	}
	edits, ok := a.history.after(since)
	if !ok || since > a.Sequence {
		return true
	}
	for i := range edits {
		if edits[i].touches(b) {
			return true
		}
	}
	return false
}

// rewritten follows a places file through the edits of this process: from one
// that it was to what it became.
func (a *Atlas) rewritten(f found) found {
	if a == nil {
		return f
	}
	for i := range a.history.edits {
		if e := &a.history.edits[i]; e.after.info != nil && e.before.same(f) {
			f = e.after
		}
	}
	return f
}

// succeed makes an Atlas the one after another, nil where it is the first. It
// is not anybody's yet.
func (a *Atlas) succeed(before *Atlas) {
	a.Sequence = 1
	if before != nil {
		a.Sequence = before.Sequence + 1
	}
	if before != nil && a.basis == before.Sequence {
		a.history = before.history.with(a.Sequence, a.fresh)
	} else {
		a.history = history{since: a.Sequence}
	}
	a.fresh = nil
}
