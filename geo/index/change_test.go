package index_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/geo"
	"yizhan/geo/index"
)

// TestWithAgainstBuild compares, in every method, an index that was changed
// again and again with one that was built of the result.
func TestWithAgainstBuild(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		area := region(t)
		model := map[string]*geo.Place{}
		places := draw(t, area)
		for _, p := range places {
			model[p.ID] = p
		}
		ix := index.Build(places)
		fixed := ix.Fixed()
		for range rapid.IntRange(1, 4).Draw(t, "changes") {
			var put []*geo.Place
			for i, p := range draw(t, area) {
				if i%4 == 0 {
					put = append(put, p)
				}
			}
			var remove []string
			rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "removed"), 0))
			for id := range 1000 {
				if rnd.IntN(16) == 0 {
					remove = append(remove, fmt.Sprintf("t:%d", id))
				}
			}
			if rapid.IntRange(0, 9).Draw(t, "all") == 0 {
				remove = slices.Collect(maps.Keys(model))
			}
			for _, id := range remove {
				delete(model, id)
			}
			for _, p := range put {
				model[p.ID] = p
			}
			before := ix
			was := ids(before, before.ByID("", ""))
			ix = ix.With(put, remove)
			if got := ids(before, before.ByID("", "")); !slices.Equal(was, got) {
				t.Fatalf("With changed the index that it was made from")
			}
			want := index.Build(slices.Collect(maps.Values(model)))
			same(t, area, want, ix)
			for s := range ix.ByID("", "") {
				if int(s) < fixed && before.Live(s) && before.ID(s) != ix.ID(s) {
					t.Fatalf("slot %d holds another place", s)
				}
			}
		}
		compact := ix.Compacted()
		if compact.Changes() != 0 || compact.Slots() != len(model) {
			t.Fatalf("compacted: %d changes, %d slots", compact.Changes(), compact.Slots())
		}
		same(t, area, index.Build(slices.Collect(maps.Values(model))), compact)
	})
}

// same compares two indexes in every method.
func same(t *rapid.T, area orb.Bound, want, got *index.Index) {
	diff := func(what string, want, got any) {
		if d := gocmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("%s (-built +changed):\n%s", what, d)
		}
	}
	diff("Kinds", want.Kinds(), got.Kinds())
	diff("Bound", want.Bound(), got.Bound())
	for _, kind := range []geo.Kind{"", geo.KindStation, geo.KindGate, geo.KindCharger, geo.KindParking} {
		diff("Len", want.Len(kind), got.Len(kind))
		diff("All", ids(want, want.All(kind)), ids(got, got.All(kind)))
		diff("Unplaced", ids(want, want.Unplaced(kind)), ids(got, got.Unplaced(kind)))
		diff("ByID", ids(want, want.ByID(kind, "")), ids(got, got.ByID(kind, "")))
		diff("ByID behind", ids(want, want.ByID(kind, "t:5")), ids(got, got.ByID(kind, "t:5")))
		diff("Digest", want.Digest(kind), got.Digest(kind))
		cells(t, want, got, want.Cell(kind, 0, 0, 0), got.Cell(kind, 0, 0, 0))
	}
	live := 0
	for s := range index.Slot(got.Slots()) {
		if got.Live(s) {
			live++
		}
	}
	for s := range want.ByID("", "") {
		live--
		id := want.ID(s)
		g, ok := got.Find(id)
		if !ok || !got.Live(g) {
			t.Fatalf("%s was not found", id)
		}
		diff("Place", want.Place(s), got.Place(g))
		if got.ID(g) != id || got.Kind(g) != want.Kind(s) || got.Placed(g) != want.Placed(s) || got.Point(g) != want.Point(s) {
			t.Fatalf("slot %d is not that of %s", g, id)
		}
	}
	if live != 0 {
		t.Fatalf("%d slots too many are live", live)
	}
	for i := range 1000 {
		id := fmt.Sprintf("t:%d", i)
		_, in := want.Find(id)
		if _, ok := got.Find(id); ok != in {
			t.Fatalf("found %s: %v", id, ok)
		}
	}
	q := question(t, area)
	diff("Nearest", answers(want, want.Nearest(q)), answers(got, got.Nearest(q)))
	inBox := func(ix *index.Index) []string {
		var all []string
		ix.Within(orb.Bound{Min: area.Min, Max: area.Center()}, nil, func(s index.Slot) bool { all = append(all, ix.ID(s)); return true })
		slices.Sort(all)
		return all
	}
	diff("Within", inBox(want), inBox(got))
}

// cells compares cells and all below them.
func cells(t *rapid.T, a, b *index.Index, want, got index.Cell) {
	if want.Len() != got.Len() {
		t.Fatalf("a cell has %d places, want %d", got.Len(), want.Len())
	}
	if want.Len() == 0 {
		return
	}
	type spot struct {
		ID   string
		X, Y uint32
	}
	spots := func(ix *index.Index, c index.Cell) (all []spot) {
		c.Each(func(s index.Slot, x, y uint32) bool { all = append(all, spot{ix.ID(s), x, y}); return true })
		return all
	}
	if d := gocmp.Diff(spots(a, want), spots(b, got)); d != "" || want.Shared() != got.Shared() {
		t.Fatalf("shared to %d, want %d (-built +changed):\n%s", got.Shared(), want.Shared(), d)
	}
	var sum [2]uint64
	for _, s := range spots(b, got) {
		sum[0], sum[1] = sum[0]+uint64(s.X), sum[1]+uint64(s.Y)
	}
	n := uint64(got.Len())
	if x, y := got.Mean(); uint64(x) != sum[0]/n || uint64(y) != sum[1]/n {
		t.Fatalf("the mean of %d places is %d,%d, want %d,%d", n, x, y, sum[0]/n, sum[1]/n)
	}
	if got.Shared() == 30 {
		return
	}
	split := func(c index.Cell) (parts []index.Cell) {
		c.Split(5, func(c index.Cell) bool { parts = append(parts, c); return true })
		return parts
	}
	x, y := split(want), split(got)
	if len(x) != len(y) {
		t.Fatalf("a cell has %d parts, want %d", len(y), len(x))
	}
	for i := range x {
		cells(t, a, b, x[i], y[i])
	}
}

func TestDigestIsOfTheContent(t *testing.T) {
	places := city(200)
	ix := index.Build(places)
	slices.Reverse(places)
	if index.Build(places).Digest(geo.KindStation) != ix.Digest(geo.KindStation) {
		t.Error("the digest depends on the order")
	}
	renamed := *places[slices.IndexFunc(places, func(p *geo.Place) bool { return p.Kind == geo.KindStation })]
	renamed.Name += "!"
	other := ix.With([]*geo.Place{&renamed}, nil)
	if other.Digest(geo.KindStation) == ix.Digest(geo.KindStation) {
		t.Error("another name has the same digest")
	}
	if other.Digest(geo.KindParking) != ix.Digest(geo.KindParking) {
		t.Error("a station changed the digest of parking")
	}
	if ix.Digest(geo.KindGate) != [32]byte{} {
		t.Error("no gates have a digest")
	}
}

// TestCellsAgainstModel asks for tiles and compares with their borders.
func TestCellsAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		places := draw(t, region(t))
		ix := index.Build(places)
		z := uint8(rapid.IntRange(0, 30).Draw(t, "z"))
		if len(places) == 0 {
			return
		}
		// The tile of one of the places, or its neighbour.
		var at [2]uint32
		for _, kind := range ix.Kinds() {
			ix.Cell(kind, 0, 0, 0).Each(func(s index.Slot, x, y uint32) bool {
				at = [2]uint32{x, y}
				return ix.ID(s) != "t:0"
			})
		}
		x, y := at[0]>>(30-z), at[1]>>(30-z)
		if x > 0 && rapid.Bool().Draw(t, "west of it") {
			x--
		}
		for _, kind := range ix.Kinds() {
			var want, got []string
			ix.Cell(kind, 0, 0, 0).Each(func(s index.Slot, px, py uint32) bool {
				if px>>(30-z) == x && py>>(30-z) == y {
					want = append(want, ix.ID(s))
				}
				return true
			})
			c := ix.Cell(kind, z, x, y)
			c.Each(func(s index.Slot, _, _ uint32) bool { got = append(got, ix.ID(s)); return true })
			if d := gocmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" || c.Len() != len(want) {
				t.Fatalf("tile %d/%d/%d has %d places (-model +index):\n%s", z, x, y, c.Len(), d)
			}
		}
	})
}
