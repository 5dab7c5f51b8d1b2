package atlas

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/route"
	"yizhan/geo/street"
)

// The court of the tests: a street along the south, and a walled compound north
// of it that the gate osm:n20 leads into.
const courtGate = "osm:n20"

// in gives points in degrees from the south-western corner, some 100 m a
// thousandth.
func in(x, y float64) orb.Point { return orb.Point{104 + x/1000, 30.6 + y/1000} }

func court(t testing.TB) *street.Network {
	t.Helper()
	b := street.NewBuilder(street.Options{})
	for id, p := range map[int64]orb.Point{1: in(0, 0), 2: in(5, 0), 3: in(10, 0), 20: in(5, 1), 21: in(5, 3), 4: in(0, 6), 5: in(10, 6)} {
		b.Node(id, p)
	}
	b.Way(street.Way{ID: 1, Nodes: []int64{1, 2, 3}, Class: "residential", Name: "南街"})
	b.Way(street.Way{ID: 2, Nodes: []int64{2, 20, 21}, Class: "service"})
	b.Way(street.Way{ID: 3, Nodes: []int64{1, 4, 5, 3}, Class: "residential", Name: "北街"})
	b.Barrier(20, geo.Place{ID: courtGate, Kind: geo.KindGate, Name: "南门", Gate: &geo.Gate{Barrier: "gate", Tags: geo.Tags{"access": "yes"}},
		Source: geo.Source{Feed: geo.FeedOSM, Ref: "n20"}})
	b.Compound(geo.Compound{ID: "osm:w9", Name: "院子", Type: geo.Residential, Walled: true, Perimeter: orb.MultiPolygon{{orb.Ring{in(3, 1), in(7, 1), in(7, 4), in(3, 4), in(3, 1)}}}})
	n, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// courtFolder makes a data folder of the court.
func courtFolder(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	s := stage(t, dir)
	defer s.Close()
	f, err := s.Create(StreetsFile)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := court(t).WriteTo(f); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// keeping opens a folder into a keeper.
func keeping(t testing.TB, dir string) *Keeper {
	t.Helper()
	a, err := Open(context.Background(), dir, testOptions(nil))
	if err != nil {
		t.Fatal(err)
	}
	k := &Keeper{}
	k.Swap(a)
	return k
}

var may = time.Date(2026, 5, 8, 4, 0, 0, 0, time.UTC)

// getsIn says whether a walker gets into the court.
func getsIn(t testing.TB, a *Atlas, at time.Time) bool {
	t.Helper()
	options, err := a.Router.Route(context.Background(), route.Request{From: in(1, 0), To: route.Target{Compound: "osm:w9"}, Depart: at})
	if err != nil && len(options) == 0 {
		t.Fatal(err)
	}
	return len(options) > 0 && options[0].Verdict != geo.Closed
}

func closeGate(t testing.TB, r *Register) string {
	t.Helper()
	a, i, err := r.Add(context.Background(), geo.Closure{Gate: courtGate, Reason: "检修"}, may)
	if err != nil {
		t.Fatal(err)
	}
	return a.Closures()[i].ID
}

// TestRegister closes a gate, starts again, and opens it.
func TestRegister(t *testing.T) {
	dir := courtFolder(t)
	k := keeping(t, dir)
	before := k.Current()
	if !getsIn(t, before, may) {
		t.Fatal("nobody gets in as it is")
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	changes := k.Subscribe(ctx)
	id := closeGate(t, NewRegister(k, dir))
	if getsIn(t, k.Current(), may) || !getsIn(t, before, may) {
		t.Error("the closure does not hold at once, or reaches the Atlas before it")
	}
	if c := <-changes; fmt.Sprint(c.Layers) != "[closure]" || c.Version == before.Version {
		t.Errorf("change %+v", c)
	}
	again := keeping(t, dir)
	if getsIn(t, again.Current(), may) || again.Current().Version != k.Current().Version {
		t.Error("the closure is lost, or the version another, when started again")
	}
	if c, i, ok := again.Current().Closure(id); !ok || c.Reason != "检修" || !c.Created.Equal(may) || again.Current().ClosureEffect(i).Gates != 1 {
		t.Errorf("read back: %+v", c)
	}
	a, err := NewRegister(again, dir).Remove(t.Context(), id, may)
	if err != nil || !getsIn(t, a, may) || a.Version != before.Version {
		t.Errorf("taken back: %v", err)
	}
	if _, err := NewRegister(again, dir).Remove(t.Context(), id, may); geo.CodeOf(err) != geo.NotFound {
		t.Errorf("taken back twice: %v", err)
	}
}

// TestRegisterRefuses wants nothing changed by what cannot be entered.
func TestRegisterRefuses(t *testing.T) {
	dir := courtFolder(t)
	k := keeping(t, dir)
	r := NewRegister(k, dir)
	far, here := orb.Point{10, 10}, in(2, 0)
	for name, c := range map[string]struct {
		geo.Closure
		code geo.Code
	}{
		"nothing":         {geo.Closure{}, geo.Invalid},
		"two things":      {geo.Closure{Gate: courtGate, Street: &here}, geo.Invalid},
		"no such gate":    {geo.Closure{Gate: "osm:n999"}, geo.NotFound},
		"no street there": {geo.Closure{Street: &far}, geo.NotFound},
		"an empty area":   {geo.Closure{Area: orb.Polygon{{{1, 1}, {1.2, 1}, {1.2, 1.2}, {1, 1}}}}, geo.NotFound},
		"a country":       {geo.Closure{Area: orb.Polygon{{{103, 30}, {106, 30}, {106, 33}, {103, 30}}}}, geo.TooLarge},
		"no visible word": {geo.Closure{Gate: courtGate, Reason: "\u202e\u200b "}, geo.Invalid},
		"an instant":      {geo.Closure{Street: &here, From: may, To: may.Add(time.Millisecond)}, geo.Invalid},
	} {
		if _, _, err := r.Add(t.Context(), c.Closure, may); geo.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(k.Current().Closures()) != 0 {
		t.Error("something was entered")
	}
	if _, err := os.Stat(filepath.Join(dir, ClosuresFile)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file was written: %v", err)
	}
}

// TestTwoRegisters lets two servers change one folder at once; nothing of
// either is lost.
func TestTwoRegisters(t *testing.T) {
	dir := courtFolder(t)
	var wg sync.WaitGroup
	const each = 12
	for range 2 {
		r := NewRegister(keeping(t, dir), dir)
		for w := range 2 {
			wg.Go(func() {
				for i := range each / 2 {
					id := closeGate(t, r)
					if i%3 == 2 && w == 0 {
						if _, err := r.Remove(t.Context(), id, may); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
	}
	wg.Wait()
	if got, want := len(keeping(t, dir).Current().Closures()), 2*each-2*2; got != want {
		t.Errorf("%d closures, want %d", got, want)
	}
}

// TestInterruptedRegister fails between the steps of writing: the file is the
// old one or the new one, and the next change stands.
func TestInterruptedRegister(t *testing.T) {
	for step, want := range map[string]int{"sync": 1, "rename": 1, "sync folder": 2} {
		dir := courtFolder(t)
		k := keeping(t, dir)
		r := NewRegister(k, dir)
		closeGate(t, r)
		r.step = func(name string) error {
			if name == step {
				return errInterrupted
			}
			return nil
		}
		if _, _, err := r.Add(t.Context(), geo.Closure{Gate: courtGate}, may); geo.CodeOf(err) != geo.Unavailable {
			t.Errorf("%s: %v", step, err)
		}
		if n := len(k.Current().Closures()); n != 1 {
			t.Errorf("%s: %d closures in force after a failure", step, n)
		}
		if n := len(keeping(t, dir).Current().Closures()); n != want {
			t.Errorf("%s: %d closures on the disk, want %d", step, n, want)
		}
		closeGate(t, NewRegister(k, dir))
		if n := len(keeping(t, dir).Current().Closures()); n != want+1 {
			t.Errorf("%s: %d closures after the next, want %d", step, n, want+1)
		}
	}
}

// TestDamagedFile refuses to start with it, and to write over it.
func TestDamagedFile(t *testing.T) {
	dir := courtFolder(t)
	k := keeping(t, dir)
	r := NewRegister(k, dir)
	closeGate(t, r)
	path := filepath.Join(dir, ClosuresFile)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damaged := whole[:len(whole)/2]
	if err := os.WriteFile(path, damaged, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), dir, testOptions(nil)); geo.CodeOf(err) != geo.Invalid || !strings.Contains(err.Error(), "Mend it") {
		t.Errorf("opened: %v", err)
	}
	if _, _, err := r.Add(t.Context(), geo.Closure{Gate: courtGate}, may); geo.CodeOf(err) != geo.Unavailable || !strings.Contains(err.Error(), "Mend it") {
		t.Errorf("added: %v", err)
	}
	if now, _ := os.ReadFile(path); string(now) != string(damaged) {
		t.Error("the damaged file was written over")
	}
	// Gone is not damaged: those in force stay, and are written again.
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	closeGate(t, r)
	if n := len(keeping(t, dir).Current().Closures()); n != 2 {
		t.Errorf("%d closures after the file was gone, want 2", n)
	}
}

// TestExpiredClosures wants what is over dropped after a week, and not before.
func TestExpiredClosures(t *testing.T) {
	k := keeping(t, courtFolder(t))
	r := NewRegister(k, "")
	if _, _, err := r.Add(t.Context(), geo.Closure{Gate: courtGate, To: may.Add(time.Hour)}, may); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		later time.Duration
		want  int
	}{{keepExpired, 2}, {keepExpired + 2*time.Hour, 2}} { // each adds one, the second drops the first
		if _, _, err := r.Add(t.Context(), geo.Closure{Gate: courtGate}, may.Add(c.later)); err != nil {
			t.Fatal(err)
		}
		if n := len(k.Current().Closures()); n != c.want {
			t.Errorf("%s later: %d closures, want %d", c.later, n, c.want)
		}
	}
}

// TestClosuresOutlastImports keeps the file through an import, and Watch sees
// what people write into it without reading the rest.
func TestClosuresOutlastImports(t *testing.T) {
	dir := courtFolder(t)
	k, logged, eventually := watched(t, dir, nil)
	r := NewRegister(k, dir)
	id := closeGate(t, r)
	search := k.Current().Search
	time.Sleep(3 * WatchInterval)
	if k.Current().Search != search || strings.Contains(logged(), "read") {
		t.Errorf("what this process wrote itself was read again:\n%s", logged())
	}
	path := filepath.Join(dir, ClosuresFile)
	write := func(s string) {
		if err := os.WriteFile(path, []byte(s), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(`{"type":"FeatureCollection","features":[]}`)
	eventually("the lifting", func() bool { return len(k.Current().Closures()) == 0 && getsIn(t, k.Current(), may) })
	write(feature(`null`, `"id":"mine","state":"closed","gate":"`+courtGate+`"`))
	eventually("the edit", func() bool { _, _, ok := k.Current().Closure("mine"); return ok && !getsIn(t, k.Current(), may) })
	if k.Current().Search != search {
		t.Error("the rest was read again")
	}
	write("{")
	eventually("a word of the damage", func() bool { return strings.Contains(logged(), "cannot be used") })
	if getsIn(t, k.Current(), may) {
		t.Error("a damaged file opened the gate")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	eventually("a word of the loss", func() bool { return strings.Contains(logged(), "is gone") })
	if getsIn(t, k.Current(), may) {
		t.Error("a vanished file opened the gate")
	}
	closeGate(t, r) // writes both
	s := stage(t, dir)
	f, err := s.Create(StreetsFile)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := court(t).WriteTo(f); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Commit(), s.Close()); err != nil {
		t.Fatal(err)
	}
	eventually("the import", func() bool { return k.Current().Search != search })
	if getsIn(t, k.Current(), may) || len(k.Current().Closures()) != 2 || len(keeping(t, dir).Current().Closures()) != 2 {
		t.Errorf("the import lost closures: %v", k.Current().Closures())
	}
	if _, _, ok := k.Current().Closure(id); ok {
		t.Error("a lifted closure is back")
	}
}

// TestRevisionsLoseNothing swaps imports and closures against each other.
func TestRevisionsLoseNothing(t *testing.T) {
	k := &Keeper{}
	k.Swap(New(Parts{Streets: court(t)}))
	r := NewRegister(k, "")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 10 {
				closeGate(t, r)
			}
		})
	}
	fresh := New(Parts{Streets: court(t)})
	for range 10 {
		if _, err := k.Revise(func(a *Atlas) (*Atlas, error) { return fresh.WithClosures(a.Closures()), nil }); err != nil {
			t.Fatal(err)
		}
	}
	wg.Wait()
	if n := len(k.Current().Closures()); n != 40 {
		t.Errorf("%d closures, want 40", n)
	}
}

// TestEnteredGates wants routes to obey a gate of a spreadsheet that stands
// near one of the streets, and closures by its ID to mean that one.
func TestEnteredGates(t *testing.T) {
	gate := func(id string, p orb.Point, tags geo.Tags) *geo.Place {
		return &geo.Place{ID: id, Kind: geo.KindGate, Name: id, Point: p, Gate: &geo.Gate{Tags: tags}, Source: geo.Source{Feed: "table:gates", Ref: "row 1"}}
	}
	near := orb.Point{in(5, 1)[0] + 0.0001, in(5, 1)[1]}
	a := New(Parts{Streets: court(t), GatesFromStreets: true, Places: []*geo.Place{
		gate("table:near", near, geo.Tags{"access": "no"}), gate("table:far", in(9, 9), geo.Tags{"access": "no"}),
	}})
	if getsIn(t, a, may) {
		t.Error("the entered gate is not obeyed")
	}
	got := map[string]string{}
	for _, g := range a.EnteredGates() {
		got[g.Place.ID] = fmt.Sprint(g.SpeaksFor, " ", g.Heard)
	}
	if fmt.Sprint(got) != "map[table:far: false table:near:"+courtGate+" true]" {
		t.Errorf("%v", got)
	}
	if a.GateRule("table:near") == nil || a.GateRule("table:near") != a.GateRule(courtGate) || a.GateRule("table:far") != nil {
		t.Error("gates go by other rules than those of the streets")
	}
	k := &Keeper{}
	k.Swap(a)
	b, i, err := NewRegister(k, "").Add(t.Context(), geo.Closure{Gate: "table:near", Opens: true}, may)
	if err != nil || b.ClosureEffect(i).Gates != 1 || !getsIn(t, b, may) {
		t.Errorf("opened by the entered ID: %v", err)
	}
}
