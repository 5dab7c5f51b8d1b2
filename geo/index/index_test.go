package index_test

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/geo"
	"yizhan/geo/index"
)

// answer is a hit by name.
type answer struct {
	ID       string
	Distance float64
}

// near is the model that the index is compared with: measure all, sort.
func near(ix *index.Index, places []*geo.Place, q index.Query) []answer {
	return nearOf(ix, asKept(ix, places), q)
}

// nearOf is near of places as they are kept.
func nearOf(ix *index.Index, kept []*geo.Place, q index.Query) []answer {
	var hits []answer
	for _, p := range kept {
		if p.Unplaced || len(q.Kinds) > 0 && !slices.Contains(q.Kinds, p.Kind) || !p.Has(q.Facilities) {
			continue
		}
		d := geo.Distance(q.At, p.Point)
		if q.Within > 0 && d > q.Within {
			continue
		}
		if q.Where != nil {
			if s, ok := ix.Find(p.ID); !ok || !q.Where(s) {
				continue
			}
		}
		if m := q.After; m != nil && (d < m.Distance || d == m.Distance && p.ID <= m.ID) {
			continue
		}
		hits = append(hits, answer{p.ID, d})
	}
	slices.SortFunc(hits, func(a, b answer) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.ID, b.ID))
	})
	if q.Limit > 0 && len(hits) > q.Limit {
		hits = hits[:q.Limit]
	}
	return hits
}

// asKept returns the places as an index gives them back: each ID once.
func asKept(ix *index.Index, places []*geo.Place) []*geo.Place {
	var kept []*geo.Place
	seen := map[string]bool{}
	for _, p := range places {
		if !seen[p.ID] {
			seen[p.ID] = true
			q, _ := ix.Get(p.ID)
			kept = append(kept, q)
		}
	}
	return kept
}

// answers names hits.
func answers(ix *index.Index, hits []index.Hit) []answer {
	named := make([]answer, len(hits))
	for i, h := range hits {
		named[i] = answer{ix.ID(h.Slot), h.Distance}
	}
	return named
}

// ids names slots.
func ids(ix *index.Index, slots iter.Seq[index.Slot]) []string {
	var all []string
	for s := range slots {
		all = append(all, ix.ID(s))
	}
	return all
}

// coordinate draws a number of a range, often from a coarse grid so that ties,
// edges and doubles come up.
func coordinate(lo, hi float64) *rapid.Generator[float64] {
	return rapid.OneOf(
		rapid.Float64Range(lo, hi),
		rapid.Map(rapid.IntRange(0, 8), func(i int) float64 { return lo + (hi-lo)*float64(i)/8 }),
	)
}

// region draws the part of the Earth that a test's places lie in.
func region(t *rapid.T) orb.Bound {
	return rapid.SampledFrom([]orb.Bound{
		{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}},          // everywhere
		{Min: orb.Point{113.5, 34.7}, Max: orb.Point{113.8, 34.9}},    // a city
		{Min: orb.Point{150, -41}, Max: orb.Point{153, -36}},          // a southern country
		{Min: orb.Point{-180, -20}, Max: orb.Point{180, 20}},          // a belt
		{Min: orb.Point{-180, 89.9}, Max: orb.Point{180, 90}},         // north pole
		{Min: orb.Point{-180, -90}, Max: orb.Point{180, -89.999}},     // south pole
		{Min: orb.Point{179.99, 60}, Max: orb.Point{180.01, 60.01}},   // across the antimeridian
		{Min: orb.Point{-180.5, -1}, Max: orb.Point{-179.5, 1}},       // across, from the other side
		{Min: orb.Point{10, 50}, Max: orb.Point{10.000001, 50.00001}}, // one doorstep
	}).Draw(t, "region")
}

func point(b orb.Bound) *rapid.Generator[orb.Point] {
	return rapid.Custom(func(t *rapid.T) orb.Point {
		return orb.Point{coordinate(b.Min[0], b.Max[0]).Draw(t, "lon"), coordinate(b.Min[1], b.Max[1]).Draw(t, "lat")}
	})
}

func draw(t *rapid.T, region orb.Bound) []*geo.Place {
	kinds := []geo.Kind{geo.KindStation, geo.KindGate, geo.KindCharger}
	n := rapid.IntRange(0, 300).Draw(t, "places")
	points := rapid.SliceOfN(point(region), n, n).Draw(t, "points")
	places := make([]*geo.Place, n)
	for i, p := range points {
		places[i] = &geo.Place{ID: fmt.Sprintf("t:%d", i*7919%1000), Kind: kinds[i%len(kinds)], Point: p, Unplaced: i%29 == 28, Facilities: offers[i%len(offers)]}
	}
	return places
}

// offers are what places of tests have: a common facility, a rare one, one
// that is in no table.
var offers = [][]geo.Facility{nil, {"toilet"}, {"wifi", "toilet"}, nil, {"sauna"}, {"toilet"}, {"sauna", "steam"}}

// question draws a query around an area.
func question(t *rapid.T, area orb.Bound) index.Query {
	q := index.Query{
		At:         rapid.OneOf(point(area), point(orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}})).Draw(t, "at"),
		Kinds:      rapid.SampledFrom([][]geo.Kind{nil, {geo.KindGate}, {geo.KindStation, geo.KindCharger}, {geo.KindParking}}).Draw(t, "kinds"),
		Limit:      rapid.SampledFrom([]int{0, 1, 2, 5, 40}).Draw(t, "limit"),
		Within:     rapid.SampledFrom([]float64{0, 0.5, 500, 20_000, 9_000_000}).Draw(t, "within"),
		Facilities: rapid.SampledFrom([][]geo.Facility{nil, nil, {"toilet"}, {"toilet", "wifi"}, {"sauna"}, {"steam", "sauna"}, {"nothing"}}).Draw(t, "facilities"),
	}
	if rapid.Bool().Draw(t, "later") {
		q.After = &index.Mark{Distance: rapid.SampledFrom([]float64{0, 300, 5000, 2_000_000}).Draw(t, "mark"), ID: "t:5"}
	}
	return q
}

func TestNearestAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		area := region(t)
		places := draw(t, area)
		ix := index.Build(places)
		q := question(t, area)
		switch rapid.IntRange(0, 3).Draw(t, "filtered") {
		case 0, 1:
			q.Where = func(s index.Slot) bool { id := ix.ID(s); return id[len(id)-1]%2 == 0 }
		case 2:
			q.Where = func(index.Slot) bool { return true }
		}
		want := near(ix, places, q)
		if len(want) > 3 && rapid.Bool().Draw(t, "next page") {
			// The mark of a page is the last hit of the one before.
			q.After = &index.Mark{Distance: want[2].Distance, ID: want[2].ID}
			want = near(ix, places, q)
		}
		if diff := gocmp.Diff(want, answers(ix, ix.Nearest(q)), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("nearest to %v (-model +index):\n%s", q.At, diff)
		}
	})
}

// inside is the model of the box query.
func inside(b orb.Bound, p orb.Point) bool {
	if p[1] < b.Min[1] || p[1] > b.Max[1] {
		return false
	}
	if math.Abs(p[1]) == 90 || b.Max[0]-b.Min[0] >= 360 {
		return true
	}
	for turn := -720.0; turn <= 720; turn += 360 {
		lon, east := p[0]+turn, b.Max[0]
		if east < b.Min[0] {
			east += 360
		}
		if lon >= b.Min[0] && lon <= east {
			return true
		}
	}
	return false
}

func TestWithinAgainstModel(t *testing.T) {
	grid := func(lo, hi float64) *rapid.Generator[float64] {
		return rapid.Map(rapid.IntRange(int(lo*4), int(hi*4)), func(i int) float64 { return float64(i) / 4 })
	}
	rapid.Check(t, func(t *rapid.T) {
		// Quarters of a degree are exact in binary, so model and index
		// cannot differ by rounding at an edge.
		n := rapid.IntRange(0, 200).Draw(t, "places")
		var places []*geo.Place
		for i := range n {
			at := orb.Point{grid(-180, 180).Draw(t, "lon"), grid(-90, 90).Draw(t, "lat")}
			if i%5 == 0 {
				at = rapid.SampledFrom([]orb.Point{{180, 10}, {-180, 10}, {0, 90}, {77, 90}, {-180, -90}, {180, -90}}).Draw(t, "corner")
			}
			places = append(places, &geo.Place{ID: fmt.Sprint(i), Kind: []geo.Kind{geo.KindStation, geo.KindGate}[i%2], Point: at})
		}
		b := orb.Bound{
			Min: orb.Point{grid(-360, 360).Draw(t, "west"), grid(-95, 95).Draw(t, "south")},
			Max: orb.Point{grid(-360, 360).Draw(t, "east"), grid(-95, 95).Draw(t, "north")},
		}
		if b.Max[0] < b.Min[0] && b.Min[0]-b.Max[0] >= 360 {
			b.Min[0], b.Max[0] = b.Max[0], b.Min[0]
		}
		kinds := rapid.SampledFrom([][]geo.Kind{nil, {geo.KindGate}}).Draw(t, "kinds")
		want := map[string]int{}
		for _, p := range places {
			if (kinds == nil || p.Kind == geo.KindGate) && inside(b, p.Point) {
				want[p.ID] = 1
			}
		}
		got := map[string]int{}
		ix := index.Build(places)
		ix.Within(b, kinds, func(s index.Slot) bool { got[ix.ID(s)]++; return true })
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Fatalf("within %v (-model +index):\n%s", b, diff)
		}
		// Runs come to the same where some have gone, and stop.
		ix = ix.With(nil, []string{"0", "7", "8", "31"})
		for _, id := range []string{"0", "7", "8", "31"} {
			delete(want, id)
		}
		clear(got)
		runs := 0
		ix.WithinRuns(b, kinds, func(r index.Run) bool {
			runs++
			for s := r.From; s < r.Until; s++ {
				got[ix.ID(s)]++
				if !ix.Live(s) || ix.Kind(s) != ix.Kind(r.From) {
					t.Fatalf("slot %d in the run %v", s, r)
				}
			}
			return r.Len() > 0
		})
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Fatalf("runs within %v (-model +index):\n%s", b, diff)
		}
		ix.WithinRuns(b, kinds, func(index.Run) bool { runs -= 100000; return false })
		if runs < -100000 {
			t.Fatalf("runs went on after they were told to stop")
		}
	})
}

func TestNearestAtTheSeams(t *testing.T) {
	at := func(id string, lon, lat float64) *geo.Place {
		return &geo.Place{ID: id, Kind: geo.KindStation, Point: orb.Point{lon, lat}}
	}
	//      179.9  180|-180  -179.9
	//  ──────w────────┼────────e──────   and far away on the same side: f
	places := []*geo.Place{
		at("w", 179.9, 0.01), at("e", -179.9, 0), at("f", 170, 0),
		at("on", -180, 30), at("off", 179, 30), at("on-too", -180, 30),
		at("pole", 135, 90), at("arctic", 20, 89),
		at("north-of-60", 30.1, 60), at("east-of-60", 30, 60.06),
	}
	ix := index.Build(places)
	for _, c := range []struct {
		name string
		at   orb.Point
		want []string
	}{
		{"east of the antimeridian", orb.Point{-179.95, 0}, []string{"e", "w", "f"}},
		{"west of it", orb.Point{179.95, 0}, []string{"w", "e", "f"}},
		{"on it", orb.Point{180, 30}, []string{"on", "on-too", "off"}},
		{"on its other name", orb.Point{-180, 30}, []string{"on", "on-too", "off"}},
		{"longitude beyond the turn", orb.Point{180.05, 0}, []string{"e", "w", "f"}},
		{"the pole", orb.Point{-77, 90}, []string{"pole", "arctic"}},
		{"across the pole", orb.Point{-160, 89.6}, []string{"pole", "arctic"}},
		// In degrees 0.06 < 0.1, in metres 5.6 km < 6.7 km.
		{"a degree of longitude is short", orb.Point{30, 60}, []string{"north-of-60", "east-of-60"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, h := range ix.Nearest(index.Query{At: c.at, Limit: len(c.want)}) {
				got = append(got, ix.ID(h.Slot))
			}
			if diff := gocmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBuild(t *testing.T) {
	first := &geo.Place{ID: "a", Kind: geo.KindGate, Point: orb.Point{1, 1}}
	last := &geo.Place{ID: "a", Kind: geo.KindStation, Point: orb.Point{2, 2}}
	unplaced := &geo.Place{ID: "u", Kind: geo.KindStation, Unplaced: true}
	nowhere := &geo.Place{ID: "n", Kind: geo.KindStation, Point: orb.Point{math.NaN(), 5}}
	other := &geo.Place{ID: "b", Kind: geo.KindCharger, Point: orb.Point{-3, 4}}
	ix := index.Build([]*geo.Place{first, unplaced, last, nil, nowhere, other})
	if p, ok := ix.Get("a"); !ok || p.Kind != last.Kind {
		t.Errorf("of two places with one ID the last must stand, got %v", p)
	}
	for _, id := range []string{"u", "n"} {
		if _, ok := ix.Get(id); !ok {
			t.Errorf("an unplaced place must be found by its ID %q", id)
		}
	}
	if _, ok := ix.Get("zz"); ok {
		t.Error("an unknown ID was found")
	}
	if got := ix.Len(""); got != 2 {
		t.Errorf("Len = %d, want the 2 placed ones", got)
	}
	if got := ix.Len(geo.KindGate); got != 0 {
		t.Errorf("Len(gate) = %d, want 0: its only one was replaced", got)
	}
	if got := ids(ix, ix.Unplaced(geo.KindStation)); !slices.Equal(got, []string{"n", "u"}) {
		t.Errorf("Unplaced = %v", got)
	}
	if got := slices.Collect(ix.All("")); len(got) != 2 {
		t.Errorf("All = %v", got)
	}
	if got, want := ix.Bound(), (orb.Bound{Min: orb.Point{-3, 2}, Max: orb.Point{2, 4}}); got != want {
		t.Errorf("Bound = %v, want %v", got, want)
	}
}

func TestEmpty(t *testing.T) {
	for name, ix := range map[string]*index.Index{"zero": {}, "built": index.Build(nil)} {
		if got := ix.Nearest(index.Query{Limit: 5}); len(got) != 0 {
			t.Errorf("%s: Nearest = %v", name, got)
		}
		ix.Within(orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}, nil, func(index.Slot) bool {
			t.Errorf("%s: Within yielded", name)
			return true
		})
		if !ix.Bound().IsEmpty() {
			t.Errorf("%s: Bound = %v", name, ix.Bound())
		}
	}
}

func TestOrderDoesNotDependOnInput(t *testing.T) {
	places := city(500)
	ix := index.Build(places)
	want := ids(ix, ix.All(""))
	slices.Reverse(places)
	ix = index.Build(places)
	got := ids(ix, ix.All(""))
	if !slices.Equal(want, got) {
		t.Error("the order of All changed with the order of the input")
	}
}

// TestByIDSortsAnyIDs has IDs that begin alike, end early, hold zero bytes and
// come again.
func TestByIDSortsAnyIDs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.StringOfN(rapid.SampledFrom([]rune("ab\x00")), 0, 20, -1), 90, 300).Draw(t, "ids")
		var places []*geo.Place
		for i, id := range list {
			if i%2 == 0 {
				id = "the same beginning:" + id
			}
			places = append(places, &geo.Place{ID: id, Kind: geo.KindGate, Point: orb.Point{1, float64(i % 7)}, Name: fmt.Sprint(i)})
		}
		last := map[string]string{}
		for _, p := range places {
			last[p.ID] = p.Name
		}
		want := slices.Sorted(maps.Keys(last))
		ix := index.Build(places)
		if diff := gocmp.Diff(want, ids(ix, ix.ByID("", "")), cmpopts.EquateEmpty()); diff != "" && (len(want) == 0 || want[0] != "") {
			t.Fatalf("(-sorted +index):\n%s", diff)
		}
		for id, name := range last {
			if s, ok := ix.Find(id); !ok || ix.Name(s) != name {
				t.Fatalf("%q is not the last of its ID", id)
			}
		}
	})
}

func TestNotAPositionHasNoNearest(t *testing.T) {
	ix := index.Build(city(10))
	for _, at := range []orb.Point{{math.NaN(), 0}, {0, math.NaN()}, {math.Inf(1), 0}, {0, 91}} {
		if got := ix.Nearest(index.Query{At: at, Limit: 1}); len(got) != 0 {
			t.Errorf("%v: %v", at, got)
		}
	}
}

func TestWithinStops(t *testing.T) {
	n := 0
	index.Build(city(100)).Within(orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}, nil, func(index.Slot) bool {
		n++
		return n < 3
	})
	if n != 3 {
		t.Errorf("yield was called %d times after it said stop at 3", n)
	}
}

// TestNearestTakesNoMemory asks again and again with room for the answer.
func TestNearestTakesNoMemory(t *testing.T) {
	ix := index.Build(city(9000)).With(city(20), []string{"demo:77"})
	hits := make([]index.Hit, 0, 16)
	for _, c := range questions {
		q := c.query(ix)
		q.Limit, q.At = 10, orb.Point{113.6, 34.8}
		if n := testing.AllocsPerRun(200, func() { hits = ix.AppendNearest(hits[:0], q) }); n != 0 || len(hits) == 0 {
			t.Errorf("%s: %v allocations for %d hits", c.name, n, len(hits))
		}
	}
}

// TestManyMenus has more sets of facilities than are numbered.
func TestManyMenus(t *testing.T) {
	table := geo.Facilities()
	places := city(900)
	for i, p := range places {
		p.Facilities = nil
		for bit := range 10 {
			if i>>bit&1 != 0 {
				p.Facilities = append(p.Facilities, table[bit].Facility)
			}
		}
	}
	ix := index.Build(places)
	for _, list := range [][]geo.Facility{{table[9].Facility}, {table[3].Facility, table[8].Facility}, {table[0].Facility}, {table[12].Facility}} {
		q := index.Query{At: places[5].Point, Facilities: list, Limit: 12}
		if diff := gocmp.Diff(near(ix, places, q), answers(ix, ix.Nearest(q)), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%v (-model +index):\n%s", list, diff)
		}
	}
}

// TestReadersTogether asks one index from many goroutines; run with -race.
func TestReadersTogether(t *testing.T) {
	places := city(2000)
	ix := index.Build(places)
	var readers sync.WaitGroup
	for r := range 8 {
		readers.Go(func() {
			for i := range 10 {
				q := index.Query{At: places[(r*10+i)%len(places)].Point, Limit: 7}
				if diff := gocmp.Diff(near(ix, places, q), answers(ix, ix.Nearest(q))); diff != "" {
					t.Error(diff)
					return
				}
				ix.Within(orb.Bound{Min: q.At, Max: orb.Point{q.At[0] + 0.01, q.At[1] + 0.01}}, nil, func(index.Slot) bool { return true })
			}
		})
	}
	readers.Wait()
}
