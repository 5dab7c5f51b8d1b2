package atlas

import (
	"maps"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/geo/search"
)

// maxChanges is how many places may stand beside those of the last import
// before all are put in order anew. Each edit costs a little for each of them.
const maxChanges = 2_000

// compacted is an Atlas's places in order, their fragments and their search.
type compacted struct {
	places    *index.Index
	fragments [2]*fragments
	search    *search.Index
}

// compacted puts the places in order, on one processor: others answer
// questions meanwhile.
func (a *Atlas) compacted() compacted {
	b := &Atlas{Places: a.Places.Compacted(), Streets: a.Streets, Zone: a.Zone, sheets: a.sheets}
	b.render()
	return compacted{b.Places, b.fragments, searchIndex(b, 1)}
}

// compact makes the current Atlas one without changes beside its places. What
// is edited meanwhile is kept.
func (e *Editor) compact() {
	before := e.keeper.Current()
	var done compacted
	quietly(func() { done = before.compacted() })
	swapped := false
	e.keeper.Revise(func(current *Atlas) (*Atlas, error) { //nolint:errcheck // there is none
		edits, ok := current.history.after(before.Sequence)
		if !ok {
			return current, nil // read anew, and in order
		}
		swapped = true
		return current.over(done, edits), nil
	})
	if swapped {
		quietly(e.settled)
	}
}

// over returns the Atlas, whose places are some in order and edits made since.
func (a *Atlas) over(done compacted, edits []edit) *Atlas {
	b := a.next()
	put, remove := a.state(edits)
	b.Places, b.fragments, b.Search = done.places, done.fragments, done.search
	if len(put)+len(remove) > 0 {
		b.Places = b.Places.With(put, remove)
		b.Search = b.Search.With(b.Places)
	}
	b.render()
	b.rebind(false)
	b.pins = &pinSets{}
	b.schedules.early, b.schedules.late = maps.Clone(b.schedules.early), nil
	maps.Copy(b.schedules.early, a.schedules.late)
	return b
}

// state returns what the places are that were edited, and which are gone.
func (a *Atlas) state(edits []edit) (put []*geo.Place, remove []string) {
	seen := make(map[string]bool, len(edits))
	for _, e := range edits {
		if seen[e.id] {
			continue
		}
		seen[e.id] = true
		if p, ok := a.Places.Get(e.id); ok {
			put = append(put, p)
		} else {
			remove = append(remove, e.id)
		}
	}
	return put, remove
}
