package storetest

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"yizhan/data/store"
	"yizhan/geo"
)

// model runs random operations on a store and on a map.
func model(t *testing.T, open func(t testing.TB) store.Store) {
	rapid.Check(t, func(r *rapid.T) {
		s := open(t)
		defer s.Close()
		state := make(map[string]geo.Place)
		for range rapid.IntRange(1, 8).Draw(r, "operations") {
			switch rapid.IntRange(0, 3).Draw(r, "operation") {
			case 0, 1:
				feed := rapid.SampledFrom([]string{"osm", "table:x"}).Draw(r, "feed")
				places := rapid.SliceOfNDistinct(Place(feed), 0, 6, func(p geo.Place) string { return p.ID }).Draw(r, "places")
				diff, err := s.Replace(bg, feed, places)
				must(t, err)
				expect := replaceModel(state, feed, places)
				if d := cmp.Diff(expect, diff, cmpopts.EquateEmpty()); d != "" {
					r.Fatalf("diff (-want +got):\n%s", d)
				}
			case 2:
				places := rapid.SliceOfN(Place("entered"), 0, 4).Draw(r, "places")
				must(t, s.Put(bg, places...))
				for _, p := range places {
					state[p.ID] = store.Normal(p)
				}
			case 3:
				ids := rapid.SliceOfN(id(), 0, 4).Draw(r, "ids")
				must(t, s.Delete(bg, ids...))
				for _, id := range ids {
					delete(state, id)
				}
			}
			if d := cmp.Diff(state, all(t, s), cmpopts.EquateEmpty()); d != "" {
				r.Fatalf("places (-want +got):\n%s", d)
			}
		}
	})
}

func replaceModel(state map[string]geo.Place, feed string, places []geo.Place) store.Diff {
	var diff store.Diff
	given := make(map[string]bool)
	for _, p := range places {
		p = store.Normal(p)
		given[p.ID] = true
		old, there := state[p.ID]
		sameButRead := old
		sameButRead.Source.Ref, sameButRead.Source.Time = p.Source.Ref, p.Source.Time
		switch {
		case there && old.Source.Feed != feed:
			diff.Kept = append(diff.Kept, p.ID)
			continue
		case !there:
			diff.Added = append(diff.Added, p.ID)
		case cmp.Equal(sameButRead, p, cmpopts.EquateEmpty()):
			diff.Unchanged++
		default:
			diff.Changed = append(diff.Changed, p.ID)
		}
		state[p.ID] = p
	}
	for id, p := range state {
		if p.Source.Feed == feed && !given[id] {
			delete(state, id)
			diff.Removed = append(diff.Removed, id)
		}
	}
	slices.Sort(diff.Added)
	slices.Sort(diff.Changed)
	slices.Sort(diff.Removed)
	slices.Sort(diff.Kept)
	return diff
}
