package atlas

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/data/store/gpkg"
	"yizhan/geo"
)

// modelled is as much of a place as the model knows.
type modelled struct{ name, feed string }

// content is the places of an Atlas as the model has them.
func content(a *Atlas) map[string]modelled {
	all := make(map[string]modelled)
	for s := range a.Places.ByID("", "") {
		p := a.Places.Place(s)
		all[p.ID] = modelled{p.Name, p.Source.Feed}
	}
	return all
}

// importFeed replaces a feed, as the import of another program does.
func importFeed(t testing.TB, dir, feed string, names map[string]string) {
	t.Helper()
	s := stage(t, dir)
	defer s.Close()
	st, err := s.Store(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var places []geo.Place
	for id, name := range names {
		p := stationAt(id, name, 104, 30.6)
		p.Source.Feed = feed
		places = append(places, *p)
	}
	if _, err := st.Replace(context.Background(), feed, places); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(); err != nil {
		t.Fatal(err)
	}
}

// TestEditorModel interleaves edits, imports, reloads and compactions, and
// compares with a map.
func TestEditorModel(t *testing.T) {
	ids := []string{"a", "b", "osm:n1", "osm:n2", "table:x:1"}
	room := t.TempDir()
	if dir, err := os.MkdirTemp("/dev/shm", "yizhan"); err == nil { // hundreds of edits, each brought to the disk
		room = dir
		t.Cleanup(func() { os.RemoveAll(dir) })
	}
	rapid.Check(t, func(r *rapid.T) {
		dir, err := os.MkdirTemp(room, "")
		if err != nil {
			t.Fatal(err)
		}
		model := map[string]modelled{"a": {"first", "osm"}}
		importFeed(t, dir, "osm", map[string]string{"a": "first"})
		k := keeping(t, dir)
		e := NewEditor(k, dir)
		w := watcher{keeper: k, folder: At(dir), opt: testOptions(nil), seen: k.Current().files}
		stale := false // whether an import has not been read yet
		for range rapid.IntRange(1, 6).Draw(r, "steps") {
			id, name := rapid.SampledFrom(ids).Draw(r, "id"), rapid.StringMatching("[a-z]{3}").Draw(r, "name")
			before := k.Current().Sequence
			switch rapid.SampledFrom([]string{"put", "put", "delete", "import", "look", "compact"}).Draw(r, "step") {
			case "put":
				if _, err := e.Put(t.Context(), *stationAt(id, name, 104, 30.6)); err != nil {
					r.Fatal(err)
				}
				model[id] = modelled{name, geo.FeedEntered}
				if got := content(k.Current())[id]; got != model[id] {
					r.Fatalf("%s was put and is %v", id, got)
				}
			case "delete":
				_, err := e.Delete(t.Context(), id)
				if _, there := model[id]; there != (err == nil) || err != nil && geo.CodeOf(err) != geo.NotFound {
					r.Fatalf("deleting %s of %v: %v", id, model, err)
				}
				delete(model, id)
				if got, there := content(k.Current())[id]; there && err == nil {
					r.Fatalf("%s was deleted and is %v", id, got)
				}
			case "import":
				feed := rapid.SampledFrom([]string{"osm", "table:x"}).Draw(r, "feed")
				names := map[string]string{}
				for _, id := range rapid.SliceOfDistinct(rapid.SampledFrom(ids), rapid.ID[string]).Draw(r, "of") {
					names[id] = name
				}
				importFeed(t, dir, feed, names)
				for id, m := range model {
					if _, given := names[id]; m.feed == feed && !given {
						delete(model, id)
					}
				}
				for id, name := range names {
					if m, there := model[id]; !there || m.feed == feed {
						model[id] = modelled{name, feed}
					}
				}
				stale = true
			case "look":
				for range 3 { // an edit of what had not been read yet takes another look
					w.look(t.Context())
				}
				stale = false
			case "compact":
				e.compact()
				if n := k.Current().Places.Changes(); n != 0 {
					r.Fatalf("%d changes after putting in order", n)
				}
			}
			if got := content(k.Current()); !stale && !maps.Equal(got, model) {
				r.Fatalf("the atlas has %v, want %v", got, model)
			}
			if k.Current().Sequence < before {
				r.Fatal("the sequence fell")
			}
		}
		for range 3 {
			w.look(t.Context())
		}
		a := k.Current()
		if got := content(a); !maps.Equal(got, model) {
			r.Fatalf("at the end the atlas has %v, want %v", got, model)
		}
		if fresh := keeping(t, dir).Current(); fresh.Version != a.Version {
			r.Fatalf("version %s, read anew %s", a.Version, fresh.Version)
		}
		for id, m := range model {
			found := false
			hits, err := a.Search.Find(context.Background(), m.name, nil, 100)
			if err != nil {
				r.Fatal(err)
			}
			for _, hit := range hits {
				found = found || hit.ID == id
			}
			if !found {
				r.Fatalf("%s is not found as %q", id, m.name)
			}
		}
	})
}

// TestEditsAreNotReadAgain keeps Watch from reading the folder for what this
// process wrote itself.
func TestEditsAreNotReadAgain(t *testing.T) {
	dir := t.TempDir()
	importAll(t, dir, "one")
	k := keeping(t, dir)
	e := NewEditor(k, dir)
	w := watcher{keeper: k, folder: At(dir), opt: testOptions(nil), seen: k.Current().files}
	for i := range 3 {
		if _, err := e.Put(t.Context(), *stationAt(fmt.Sprint("new", i), "N", 104, 30)); err != nil {
			t.Fatal(err)
		}
		a := k.Current()
		if w.look(t.Context()); k.Current() != a {
			t.Fatal("the folder was read again after an edit")
		}
	}
	// What another program writes is seen, also right after an edit.
	put := func(name string) {
		t.Helper()
		if _, err := e.Put(t.Context(), *stationAt("mine", name, 104, 30)); err != nil {
			t.Fatal(err)
		}
	}
	put("M1")
	theirs, err := gpkg.Open(t.Context(), filepath.Join(dir, PlacesFile), gpkg.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(theirs.Put(t.Context(), *stationAt("new1", "theirs", 104, 30)), theirs.Close()); err != nil {
		t.Fatal(err)
	}
	put("M2")
	w.look(t.Context())
	w.look(t.Context())
	p, _ := k.Current().Places.Get("new1")
	q, _ := k.Current().Places.Get("mine")
	if p.Name != "theirs" || q.Name != "M2" {
		t.Errorf("%q and %q", p.Name, q.Name)
	}
}

// TestEditWaitsForImport has an edit meet an import at work: neither is lost.
func TestEditWaitsForImport(t *testing.T) {
	dir := t.TempDir()
	importAll(t, dir, "one")
	k := keeping(t, dir)
	e := NewEditor(k, dir)
	s := stage(t, dir)
	fill(t, s, "two")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := e.Put(ctx, *stationAt("x", "X", 104, 30)); geo.CodeOf(err) != geo.Unavailable {
		t.Errorf("an edit beside an import: %v", err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := e.Put(t.Context(), *stationAt("x", "X", 104, 30)); err != nil {
			t.Error(err)
		}
	})
	time.Sleep(20 * time.Millisecond)
	if err := s.Commit(); err != nil {
		t.Fatal(err)
	}
	s.Close()
	wg.Wait()
	if _, ok := k.Current().Places.Get("x"); !ok {
		t.Error("the edit is not in the atlas")
	}
	w := watcher{keeper: k, folder: At(dir), opt: testOptions(nil), seen: stamp{}}
	w.look(t.Context())
	if _, ok := k.Current().Places.Get("x"); !ok || generationOf(t, k.Current()) != "two" {
		t.Errorf("after the import: %t, %q", ok, generationOf(t, k.Current()))
	}
}

// TestEditorTogether edits and imports from many goroutines under Watch, and
// compares what is served at the end with the folder.
func TestEditorTogether(t *testing.T) {
	dir := t.TempDir()
	importFeed(t, dir, "osm", map[string]string{"osm:1": "a"})
	k := keeping(t, dir)
	e := NewEditor(k, dir)
	ctx, stop := context.WithCancel(t.Context())
	var watching, wg sync.WaitGroup
	watching.Go(func() { Watch(ctx, k, dir, testOptions(nil)) })
	for g := range 3 {
		wg.Go(func() {
			for i := range 8 {
				id := fmt.Sprintf("g%d-%d", g, i%5)
				if _, err := e.Put(t.Context(), *stationAt(id, "N", 104, 30)); err != nil {
					t.Error(err)
				}
				if i%3 == 2 {
					if _, err := e.Delete(t.Context(), id); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Go(func() {
		for i := range 4 {
			for {
				s, err := At(dir).Stage()
				if err != nil { // an edit has the lock
					time.Sleep(time.Millisecond)
					continue
				}
				s.Close()
				break
			}
			_ = i
		}
	})
	wg.Go(func() {
		for range 10 {
			e.compact()
			time.Sleep(5 * time.Millisecond)
		}
	})
	wg.Wait()
	for range 100 {
		if fresh := keeping(t, dir).Current(); fresh.Version == k.Current().Version {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	stop()
	watching.Wait()
	fresh := keeping(t, dir).Current()
	if got, want := content(k.Current()), content(fresh); !maps.Equal(got, want) {
		t.Errorf("served %v, in the folder %v", got, want)
	}
}

// TestEditedGates keeps the streets under what is entered of their gates.
func TestEditedGates(t *testing.T) {
	dir := courtFolder(t)
	k := keeping(t, dir)
	e := NewEditor(k, dir)
	gates := k.Current().Places.Len(geo.KindGate)
	survey := geo.Place{ID: "entered:g", Kind: geo.KindGate, Name: "南门", Point: in(5, 1), Gate: &geo.Gate{Tags: geo.Tags{"access": "no"}}}
	if _, err := e.Put(t.Context(), survey); err != nil {
		t.Fatal(err)
	}
	speaks := func(want string, heard bool) {
		t.Helper()
		list := k.Current().EnteredGates()
		if len(list) != 1 || list[0].SpeaksFor != want || list[0].Heard != heard {
			t.Errorf("entered gates %+v", list)
		}
	}
	speaks(courtGate, true)
	rule := k.Current().GateRule(courtGate)
	if a := rule.At(geo.Ebike, time.Now(), k.Current().At(survey.Point)); a.Verdict != geo.Closed {
		t.Errorf("the gate says %+v", a)
	}
	// The gates that came with the streets stay, also when the folder is read
	// anew.
	w := watcher{keeper: k, folder: At(dir), opt: testOptions(nil), seen: stamp{}}
	w.look(t.Context())
	speaks(courtGate, true)
	if n := k.Current().Places.Len(geo.KindGate); n != gates+1 {
		t.Errorf("%d gates, want %d", n, gates+1)
	}
	survey.Point = in(50, 50)
	if _, err := e.Put(t.Context(), survey); err != nil {
		t.Fatal(err)
	}
	speaks("", false)
	if _, err := e.Delete(t.Context(), survey.ID); err != nil {
		t.Fatal(err)
	}
	if list := k.Current().EnteredGates(); len(list) != 0 {
		t.Errorf("entered gates %+v", list)
	}
	if fresh := keeping(t, dir).Current(); fresh.Version != k.Current().Version {
		t.Error("read anew, the version is another")
	}
}

// TestEditInMemory edits where there is no folder.
func TestEditInMemory(t *testing.T) {
	k := new(Keeper)
	make := func() *Atlas {
		return New(Parts{Places: []*geo.Place{stationAt("a", "A", 104, 30), stationAt("b", "B", 104, 30)}})
	}
	k.Swap(make())
	e := NewEditor(k, "")
	for _, err := range []error{
		second(e.Put(t.Context(), *stationAt("c", "C", 105, 31))), second(e.Put(t.Context(), *stationAt("a", "A2", 105, 31))),
		second(e.Delete(t.Context(), "b")), second(e.Put(t.Context(), *stationAt("d", "D", 1, 1))), second(e.Delete(t.Context(), "d")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := e.Delete(t.Context(), "b"); geo.CodeOf(err) != geo.NotFound {
		t.Errorf("deleting again: %v", err)
	}
	stop := errors.New("stop")
	if _, err := e.Put(t.Context(), *stationAt("a", "A3", 1, 1), func(now *geo.Place) error {
		if now == nil || now.Name != "A2" {
			t.Errorf("the condition sees %+v", now)
		}
		return stop
	}); !errors.Is(err, stop) {
		t.Errorf("a condition's error: %v", err)
	}
	want := map[string]modelled{"a": {"A2", "entered"}, "c": {"C", "entered"}}
	if got := content(k.Current()); !maps.Equal(got, want) {
		t.Errorf("%v", got)
	}
	over := e.Over(make(), k.Current())
	if got := content(over); !maps.Equal(got, want) {
		t.Errorf("over a new one: %v", got)
	}
}

func second(_ Change, err error) error { return err }

// TestTouched follows where edits fell.
func TestTouched(t *testing.T) {
	k := new(Keeper)
	k.Swap(New(Parts{Places: []*geo.Place{stationAt("a", "A", 10, 10)}}))
	e := NewEditor(k, "")
	first := k.Current().Sequence
	box := func(lon, lat float64) orb.Bound {
		return orb.Bound{Min: orb.Point{lon - 1, lat - 1}, Max: orb.Point{lon + 1, lat + 1}}
	}
	touched := func(since uint64, b orb.Bound, want bool) {
		t.Helper()
		if got := k.Current().Touched(since, b); got != want {
			t.Errorf("touched since %d: %t", since, got)
		}
	}
	touched(first, box(10, 10), false)
	if _, err := e.Put(t.Context(), *stationAt("a", "A", 20, 20)); err != nil {
		t.Fatal(err)
	}
	moved := k.Current().Sequence
	touched(first, box(10, 10), true)
	touched(first, box(20, 20), true)
	touched(first, box(30, 30), false)
	touched(moved, box(20, 20), false)
	if _, err := e.Delete(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	touched(moved, box(10, 10), false)
	touched(moved, box(20, 20), true)
	k.Revise(func(a *Atlas) (*Atlas, error) { return a.WithClosures(nil), nil })
	touched(moved, box(10, 10), false)
	deleted := k.Current().Sequence
	k.Swap(New(Parts{}))
	touched(deleted, box(30, 30), true)
	for i := range 3 * maxEdits {
		a := k.Current().next()
		a.fresh = []edit{{id: "x", points: [2]orb.Point{{float64(i % 100), 0}}, placed: [2]bool{true, false}}}
		k.Swap(a)
	}
	touched(k.Current().Sequence-maxEdits, box(200, 80), false)
	touched(deleted+1, box(200, 80), true) // too long ago
	if n := len(k.Current().history.edits); n > 2*maxEdits {
		t.Errorf("%d edits are remembered", n)
	}
}

// TestEditedCompound keeps a place in the compound that it lies in, and lets
// go of the one that it lay in before.
func TestEditedCompound(t *testing.T) {
	dir := courtFolder(t)
	k := keeping(t, dir)
	e := NewEditor(k, dir)
	p := stationAt("s", "S", in(5, 2)[0], in(5, 2)[1])
	put := func(want string) *geo.Place {
		t.Helper()
		if _, err := e.Put(t.Context(), *p); err != nil {
			t.Fatal(err)
		}
		got, _ := k.Current().Places.Get("s")
		if got.Compound != want {
			t.Errorf("in %q, want %q", got.Compound, want)
		}
		return got
	}
	p = put("osm:w9")
	p.Point = in(50, 50)
	p = put("")
	p.Compound = "osm:w9" // somebody says so
	put("osm:w9")
	if fresh := keeping(t, dir).Current(); fresh.Version != k.Current().Version {
		t.Error("read anew, the version is another")
	}
}

// TestEditKeepsWhatNobodySees keeps what the source said beyond our fields.
func TestEditKeepsWhatNobodySees(t *testing.T) {
	dir := t.TempDir()
	s := stage(t, dir)
	st, err := s.Store(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p := *stationAt("s", "S", 104, 30)
	p.Extra, p.Origin = map[string]string{"k": "v"}, &geo.Origin{Datum: "gcj02", Lon: 1, Lat: 2}
	if err := errors.Join(st.Put(t.Context(), p), s.Commit(), s.Close()); err != nil {
		t.Fatal(err)
	}
	k := keeping(t, dir)
	e := NewEditor(k, dir)
	p.Extra, p.Origin, p.Name = nil, nil, "S2"
	if _, err := e.Put(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	got, _ := k.Current().Places.Get("s")
	if got.Extra["k"] != "v" || got.Origin == nil {
		t.Errorf("%+v", got)
	}
	p.Point[0]++
	if _, err := e.Put(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if got, _ = k.Current().Places.Get("s"); got.Origin != nil {
		t.Errorf("moved, it has still the origin %+v", got.Origin)
	}
}

// TestRefusedEdits wants errors for what cannot be kept, and nothing changed.
func TestRefusedEdits(t *testing.T) {
	dir := t.TempDir()
	importAll(t, dir, "one")
	k := keeping(t, dir)
	e := NewEditor(k, dir)
	before := k.Current()
	bad := stationAt("x", "X", 500, 30)
	if _, err := e.Put(t.Context(), *bad); geo.CodeOf(err) != geo.Invalid {
		t.Errorf("a point off the Earth: %v", err)
	}
	if _, err := e.Put(t.Context(), *stationAt("a b", "X", 1, 1)); geo.CodeOf(err) != geo.Invalid {
		t.Errorf("an ID with a space: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Put(ended, *stationAt("x", "X", 1, 1)); err == nil {
		t.Error("an edit after the end")
	}
	if err := os.WriteFile(filepath.Join(dir, PlacesFile), []byte("not a database, but long enough to be taken for one, perhaps"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Put(t.Context(), *stationAt("x", "X", 1, 1)); geo.CodeOf(err) != geo.Unavailable || strings.Contains(err.Error(), dir) && !strings.Contains(fmt.Sprint(errors.Unwrap(err)), dir) {
		t.Errorf("a spoilt file: %v", err)
	}
	if k.Current() != before {
		t.Error("something changed")
	}
	if _, err := NewEditor(new(Keeper), dir).Put(t.Context(), *stationAt("x", "X", 1, 1)); geo.CodeOf(err) != geo.Unavailable {
		t.Errorf("before there is an atlas: %v", err)
	}
}

// TestEditIsOnDisk looks into the file beside the atlas.
func TestEditIsOnDisk(t *testing.T) {
	dir := t.TempDir()
	importAll(t, dir, "one")
	k := keeping(t, dir)
	if _, err := NewEditor(k, dir).Put(t.Context(), *stationAt("x", "X", 1, 1)); err != nil {
		t.Fatal(err)
	}
	st, err := gpkg.Open(t.Context(), filepath.Join(dir, PlacesFile), gpkg.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	var ids []string
	if err := st.Each(t.Context(), nil, func(p *geo.Place) error { ids = append(ids, strings.Clone(p.ID)); return nil }); err != nil {
		t.Fatal(err)
	}
	if slices.Sort(ids); !slices.Equal(ids, []string{"osm:n1", "x"}) {
		t.Errorf("%v", ids)
	}
}

// TestPinsAfterEdits keeps what is pinned of kinds that no edit touched, as
// long as the router stays.
func TestPinsAfterEdits(t *testing.T) {
	k := new(Keeper)
	stop := &geo.Place{ID: "b", Kind: geo.KindBusStop, BusStop: &geo.BusStop{}, Point: in(1, 0)}
	k.Swap(New(Parts{Streets: court(t), Places: []*geo.Place{stop, stationAt("s", "S", in(2, 0)[0], in(2, 0)[1])}}))
	e := NewEditor(k, "")
	pinned := func(kind geo.Kind) *Pinned {
		t.Helper()
		p, ok := k.Current().Pinned(kind, geo.Foot)
		if !ok || len(p.Slots) != k.Current().Places.Len(kind) {
			t.Fatalf("%d are pinned", len(p.Slots))
		}
		for _, s := range p.Slots {
			if got := k.Current().Places.Kind(s); got != kind {
				t.Fatalf("pinned as %s: %s", kind, got)
			}
		}
		return p
	}
	stops, stations := pinned(geo.KindBusStop), pinned(geo.KindStation)
	if _, err := e.Put(t.Context(), *stationAt("s2", "S", in(3, 0)[0], in(3, 0)[1])); err != nil {
		t.Fatal(err)
	}
	if pinned(geo.KindBusStop) != stops || pinned(geo.KindStation) == stations {
		t.Error("the stops were pinned anew, or the stations not")
	}
	stations = pinned(geo.KindStation)
	if _, err := e.Put(t.Context(), *stationAt("s1", "S", in(3, 0)[0], in(3, 0)[1])); err != nil {
		t.Fatal(err)
	}
	if pinned(geo.KindStation) == stations {
		t.Error("the stations were not pinned anew")
	}
	bay := geo.Place{ID: "p", Kind: geo.KindParking, Point: in(4, 0)}
	if _, err := e.Put(t.Context(), bay); err != nil {
		t.Fatal(err)
	}
	if pinned(geo.KindBusStop) == stops {
		t.Error("the router is another, and the pins are the same")
	}
}
