// Package storetest is the suite that every store passes.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"

	"yizhan/data/store"
	"yizhan/geo"
)

// Run puts the stores that open returns through the suite. Each call of open
// returns a new, empty store, which the suite closes.
func Run(t *testing.T, open func(t testing.TB) store.Store) {
	t.Helper()
	tests := []struct {
		name string
		run  func(*testing.T, store.Store)
	}{
		{"every field comes back", everyField},
		{"replace adds, changes, removes", replace},
		{"replace leaves other feeds alone", otherFeeds},
		{"replace happens as a whole or not at all", atomic},
		{"put and delete", putDelete},
		{"hostile text", hostile},
		{"meta", meta},
		{"a cancelled context ends the work", cancelled},
		{"many at a time", concurrent},
		{"many places", many},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := open(t)
			test.run(t, s)
			if err := s.Close(); err != nil {
				t.Errorf("closing: %v", err)
			}
		})
	}
	t.Run("behaves as a map", func(t *testing.T) { model(t, open) })
}

var bg = context.Background()

// all reads every place, by ID.
func all(t testing.TB, s store.Store) map[string]geo.Place {
	t.Helper()
	places, err := s.Places(bg, nil)
	if err != nil {
		t.Fatalf("reading the places: %v", err)
	}
	m := make(map[string]geo.Place, len(places))
	for _, p := range places {
		if _, twice := m[p.ID]; twice {
			t.Fatalf("%s was read twice", p.ID)
		}
		m[p.ID] = *p
	}
	each := make(map[string]geo.Place, len(places))
	err = s.Each(bg, nil, func(p *geo.Place) error {
		each[p.ID] = *p
		return nil
	})
	if err != nil {
		t.Fatalf("reading each place: %v", err)
	}
	if len(each) != len(m) {
		t.Fatalf("%d places one by one, %d at once", len(each), len(m))
	}
	for id := range each {
		if d := cmp.Diff(m[id], each[id]); d != "" {
			t.Fatalf("%s at once (-) and by itself (+):\n%s", id, d)
		}
	}
	return m
}

// want checks that the store holds just these places.
func want(t testing.TB, s store.Store, places ...geo.Place) {
	t.Helper()
	m := make(map[string]geo.Place, len(places))
	for _, p := range places {
		m[p.ID] = store.Normal(p)
	}
	got := all(t, s)
	if reflect.DeepEqual(m, got) { // much quicker where all is well
		return
	}
	if diff := cmp.Diff(m, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("the store's places (-want +got):\n%s", diff)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func station(id, feed, name string) geo.Place {
	return geo.Place{ID: id, Kind: geo.KindStation, Name: name, Point: orb.Point{104.06, 30.67},
		Source: geo.Source{Feed: feed}, Station: &geo.Station{}}
}

// full returns one place of each kind with every field set.
func full() []geo.Place {
	at := time.Date(2026, 5, 1, 9, 30, 0, 123e6, time.FixedZone("", 8*3600))
	base := geo.Place{
		Name: "望溪驿站 <1> & \"二\"", Names: map[string]string{"en": "Wangxi; station", "zh": "望溪", "zh-Hant": ""},
		Point: orb.Point{104.06123456789, -30.6712345678901}, Origin: &geo.Origin{Datum: "gcj02", Lon: 104.0636001, Lat: 1.0 / 3},
		Address: "望溪路 1 号\n后门", District: "望溪街道", Phone: "028-0000 0000", Operator: "示例", Website: "https://example.org/?a=1&b=2",
		Note: "tab\there", Hours: "Mo-Fr 08:30-12:00,13:00-17:30; PH off", HoursText: "工作日开放",
		Valid:      &geo.Period{From: at, Until: at.Add(time.Hour)},
		Facilities: []geo.Facility{"rest", "hot_water", "tea"}, Compound: "osm:w45",
		Source: geo.Source{Feed: "osm", Ref: "n123", Time: at},
		Extra:  map[string]string{"级别": "5", "a;b": "{\"x\":[1]}"},
	}
	kinds := []geo.Place{
		{Kind: geo.KindStation, Station: &geo.Station{Type: geo.Event, Network: "1+N", Hub: "osm:n1", Booking: "扫码"}},
		{Kind: geo.KindGate, Gate: &geo.Gate{Barrier: "lift_gate", Inferred: true, Tags: geo.Tags{"access": "private", "foot:conditional": "yes @ (06:00-22:00); no"}, Compounds: []string{"osm:w45", "osm:r6"}}},
		{Kind: geo.KindCharger, Charger: &geo.Charger{Vehicles: []string{"ebike", "a;b", "[c"}, Sockets: 12, Fee: "1 元/4 小时"}},
		{Kind: geo.KindBusStop, BusStop: &geo.BusStop{Lines: []string{"1路", "[2", "", "3;4", " 5", "6,7", "8、9"}, Shelter: true, Bench: true}},
		{Kind: geo.KindParking, Parking: &geo.Parking{Vehicles: []string{"bicycle", "ebike"}, Capacity: 40, Covered: true}},
		{Kind: geo.KindSharedBike, Bikes: &geo.SharedBikes{Capacity: 10, Network: "示例单车"}},
	}
	for i, k := range kinds {
		p := base
		p.ID = fmt.Sprintf("osm:n%d", i+1)
		p.Kind, p.Station, p.Gate, p.Charger, p.BusStop, p.Parking, p.Bikes = k.Kind, k.Station, k.Gate, k.Charger, k.BusStop, k.Parking, k.Bikes
		kinds[i] = p
	}
	return kinds
}

func everyField(t *testing.T, s store.Store) {
	places := full()
	bare := geo.Place{ID: "bare", Kind: geo.KindGate, Source: geo.Source{Feed: "osm"}}
	unplaced := places[0]
	unplaced.ID, unplaced.Unplaced, unplaced.Origin = "table:x:7", true, &geo.Origin{Datum: "bd09"}
	halfOpen := places[0]
	halfOpen.ID, halfOpen.Valid = "half-open", &geo.Period{Until: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	edge := places[0]
	edge.ID, edge.Point = "edge", orb.Point{-180, 90}
	places = append(places, bare, unplaced, halfOpen, edge)
	diff, err := s.Replace(bg, "osm", places)
	must(t, err)
	if len(diff.Added) != len(places) {
		t.Errorf("added %d, want %d", len(diff.Added), len(places))
	}
	want(t, s, places...)
	// What was read can be written again, and is the same.
	var again []geo.Place
	for _, p := range all(t, s) {
		again = append(again, p)
	}
	diff, err = s.Replace(bg, "osm", again)
	must(t, err)
	if !diff.Empty() || diff.Unchanged != len(places) {
		t.Errorf("writing what was read changed something: %+v", diff)
	}
	must(t, s.Put(bg, again...))
	want(t, s, places...)
}

func replace(t *testing.T, s store.Store) {
	a, b, c := station("a", "f", "A"), station("b", "f", "B"), station("c", "f", "C")
	_, err := s.Replace(bg, "f", []geo.Place{b, a, c})
	must(t, err)
	b.Phone = "1"
	c.Source.Ref, c.Source.Time = "row 7", time.Unix(1e9, 0)
	d := station("d", "", "D")
	diff, err := s.Replace(bg, "f", []geo.Place{d, c, b})
	must(t, err)
	if diff := cmp.Diff(store.Diff{Added: []string{"d"}, Changed: []string{"b"}, Removed: []string{"a"}, Unchanged: 1}, diff, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("diff (-want +got):\n%s", diff)
	}
	d.Source.Feed = "f"
	want(t, s, b, c, d)
	b.Point[0] += 1e-9
	diff, err = s.Replace(bg, "f", []geo.Place{b})
	must(t, err)
	if !slices.Equal(diff.Changed, []string{"b"}) || !slices.Equal(diff.Removed, []string{"c", "d"}) {
		t.Errorf("moved by a hair: %+v", diff)
	}
	b.Unplaced = true
	diff, err = s.Replace(bg, "f", []geo.Place{b})
	must(t, err)
	if !slices.Equal(diff.Changed, []string{"b"}) {
		t.Errorf("unplaced: %+v", diff)
	}
	want(t, s, b)
	_, err = s.Replace(bg, "f", nil)
	must(t, err)
	want(t, s)
}

func otherFeeds(t *testing.T, s store.Store) {
	mine := station("osm:n1", geo.FeedEntered, "mine")
	table := station("table:x:1", "table:x", "row")
	must(t, s.Put(bg, mine, table))
	theirs := station("osm:n1", "osm", "theirs")
	other := station("osm:n2", "osm", "other")
	diff, err := s.Replace(bg, "osm", []geo.Place{theirs, other})
	must(t, err)
	if !slices.Equal(diff.Kept, []string{"osm:n1"}) || !slices.Equal(diff.Added, []string{"osm:n2"}) {
		t.Errorf("diff: %+v", diff)
	}
	want(t, s, mine, table, other)
	_, err = s.Replace(bg, "osm", nil)
	must(t, err)
	want(t, s, mine, table)
	// An edit takes a place over, and the next import leaves it.
	_, err = s.Replace(bg, "osm", []geo.Place{other})
	must(t, err)
	edited := other
	edited.Name, edited.Source.Feed = "edited", geo.FeedEntered
	must(t, s.Put(bg, edited))
	diff, err = s.Replace(bg, "osm", []geo.Place{other})
	must(t, err)
	if !slices.Equal(diff.Kept, []string{"osm:n2"}) || !diff.Empty() {
		t.Errorf("after the edit: %+v", diff)
	}
	want(t, s, mine, table, edited)
}

func atomic(t *testing.T, s store.Store) {
	a := station("a", "f", "A")
	_, err := s.Replace(bg, "f", []geo.Place{a})
	must(t, err)
	good := station("b", "f", "B")
	bad := []struct {
		name   string
		places []geo.Place
	}{
		{"an ID twice", []geo.Place{good, good}},
		{"another feed", []geo.Place{good, station("c", "g", "C")}},
		{"no ID", []geo.Place{good, station("", "f", "C")}},
		{"a kind nobody knows", []geo.Place{good, {ID: "c", Kind: "spaceport", Source: geo.Source{Feed: "f"}}}},
		{"no number", []geo.Place{good, {ID: "c", Kind: geo.KindGate, Point: orb.Point{nan(), 0}, Source: geo.Source{Feed: "f"}}}},
		{"off the Earth", []geo.Place{good, {ID: "c", Kind: geo.KindGate, Point: orb.Point{0, 91}, Source: geo.Source{Feed: "f"}}}},
		{"another kind's fields", []geo.Place{good, {ID: "c", Kind: geo.KindGate, Bikes: &geo.SharedBikes{}, Source: geo.Source{Feed: "f"}}}},
		{"a facility nobody knows", []geo.Place{good, {ID: "c", Kind: geo.KindGate, Facilities: []geo.Facility{"wc"}, Source: geo.Source{Feed: "f"}}}},
		{"less than nothing", []geo.Place{good, {ID: "c", Kind: geo.KindParking, Parking: &geo.Parking{Capacity: -1}, Source: geo.Source{Feed: "f"}}}},
	}
	for _, test := range bad {
		_, err := s.Replace(bg, "f", test.places)
		if geo.CodeOf(err) != geo.Invalid {
			t.Errorf("%s: error %v, want an Invalid one", test.name, err)
		}
		want(t, s, a)
	}
}

func putDelete(t *testing.T, s store.Store) {
	a, b := station("a", "", "A"), station("b", "f", "B")
	must(t, s.Put(bg, a, b))
	want(t, s, a, b)
	a2 := a
	a2.Name, a2.Kind, a2.Station, a2.Gate = "A2", geo.KindGate, nil, &geo.Gate{Barrier: "gate"}
	must(t, s.Put(bg, station("a", "f", "earlier"), a2))
	want(t, s, a2, b)
	must(t, s.Delete(bg, "nobody", "a", "a"))
	want(t, s, b)
	must(t, s.Put(bg))
	must(t, s.Delete(bg))
	want(t, s, b)
	if err := s.Put(bg, station("c", "", "C"), station("d d", "", "D")); geo.CodeOf(err) != geo.Invalid {
		t.Errorf("a space in an ID: %v", err)
	}
	want(t, s, b)
}

func hostile(t *testing.T, s store.Store) {
	base := station("a", "f", "A")
	must(t, s.Put(bg, base))
	kept := []string{"'; DROP TABLE places; --", `"`, `\`, "%s%n", "a;b", "[", "{}", "NULL", "=1+1", "\u2028\u202e", "😀", "</script>", "\r\n\t", " lead and trail ", strings.Repeat("字", store.MaxText/3)}
	for i, text := range kept {
		p := base
		p.ID = fmt.Sprintf("kept-%d;'\"", i)
		p.Name, p.Note, p.Names, p.Extra = text, text, map[string]string{"en": text, text: text}, map[string]string{text: text}
		if len(text) > 1000 {
			p.Names, p.Extra = nil, nil
		}
		p.Station = &geo.Station{Network: text}
		must(t, s.Put(bg, p))
		if diff := cmp.Diff(store.Normal(p), all(t, s)[p.ID], cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q did not come back: %s", text[:min(20, len(text))], diff)
		}
		must(t, s.Delete(bg, p.ID))
	}
	refused := map[string]geo.Code{"a\x00b": geo.Invalid, "\xff": geo.Invalid, "a\x1fb": geo.Invalid, "\x1b[2J": geo.Invalid, strings.Repeat("x", 1<<20): geo.TooLarge}
	for text, code := range refused {
		for field, set := range map[string]func(p *geo.Place){
			"name":    func(p *geo.Place) { p.Name = text },
			"names":   func(p *geo.Place) { p.Names = map[string]string{"zh": text} },
			"extra":   func(p *geo.Place) { p.Extra = map[string]string{text: "x"} },
			"network": func(p *geo.Place) { p.Station = &geo.Station{Network: text} },
			"ref":     func(p *geo.Place) { p.Source.Ref = text },
		} {
			p := base
			set(&p)
			if err := s.Put(bg, p); geo.CodeOf(err) != code {
				t.Errorf("%.20q in %s: %v", text, field, err)
			}
		}
		if err := s.Put(bg, station(text, "", "")); geo.CodeOf(err) != geo.Invalid {
			t.Errorf("%.20q as ID: %v", text, err)
		}
	}
	p := base
	p.Extra = map[string]string{}
	for i := range 5 {
		p.Extra[fmt.Sprint(i)] = strings.Repeat("x", store.MaxText)
	}
	if err := s.Put(bg, p); geo.CodeOf(err) != geo.TooLarge {
		t.Errorf("too much text in all: %v", err)
	}
	want(t, s, base)
}

func meta(t *testing.T, s store.Store) {
	check := func(key, want string) {
		t.Helper()
		got, err := s.Meta(bg, key)
		must(t, err)
		if got != want {
			t.Errorf("meta %q is %q, want %q", key, got, want)
		}
	}
	check("name", "")
	must(t, s.SetMeta(bg, "name", "望溪'; DROP"))
	must(t, s.SetMeta(bg, "other", "x"))
	check("name", "望溪'; DROP")
	must(t, s.SetMeta(bg, "name", "b"))
	check("name", "b")
	must(t, s.SetMeta(bg, "name", ""))
	check("name", "")
	check("other", "x")
	for _, bad := range [][2]string{{"", "x"}, {"k", "\x00"}, {"k", "\xff"}, {"k", strings.Repeat("x", 1<<20)}} {
		if err := s.SetMeta(bg, bad[0], bad[1]); err == nil {
			t.Errorf("meta %q = %.10q was taken", bad[0], bad[1])
		}
	}
}

func cancelled(t *testing.T, s store.Store) {
	a := station("a", "f", "A")
	must(t, s.Put(bg, a))
	ctx, cancel := context.WithCancel(bg)
	cancel()
	_, err1 := s.Places(ctx, nil)
	_, err2 := s.Replace(ctx, "f", []geo.Place{station("b", "f", "B")})
	_, err3 := s.Meta(ctx, "k")
	err4 := s.Each(ctx, nil, func(*geo.Place) error { return nil })
	for i, err := range []error{err1, err2, err3, err4, s.Put(ctx, station("b", "f", "B")), s.Delete(ctx, "a"), s.SetMeta(ctx, "k", "v")} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("call %d: %v, want context.Canceled", i, err)
		}
	}
	want(t, s, a)
	// In the middle of a long one.
	places := make([]geo.Place, 20_000)
	for i := range places {
		places[i] = station(fmt.Sprintf("p%d", i), "f", "P")
	}
	// A store that is quicker than that is given less time.
	for within := 30 * time.Millisecond; within > 0; within /= 2 {
		ctx, cancel = context.WithTimeout(bg, within)
		_, err := s.Replace(ctx, "f", places)
		cancel()
		if err == nil {
			_, err = s.Replace(bg, "f", []geo.Place{a})
		} else if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v, want context.DeadlineExceeded", err)
		} else {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	want(t, s, a)
}

// concurrent checks that readers see whole transactions: writers keep the
// phones of all places equal.
func concurrent(t *testing.T, s store.Store) {
	const n = 50
	write := func(phone string) error {
		places := make([]geo.Place, n)
		for i := range places {
			places[i] = station(fmt.Sprintf("p%d", i), "f", "P")
			places[i].Phone = phone
		}
		_, err := s.Replace(bg, "f", places)
		return err
	}
	must(t, write("start"))
	var wg sync.WaitGroup
	for w := range 2 {
		wg.Go(func() {
			for k := range 10 {
				if err := write(fmt.Sprintf("%d-%d", w, k)); err != nil {
					t.Errorf("writing: %v", err)
				}
				if err := s.Put(bg, station(fmt.Sprintf("w%d-%d", w, k), "g", "G")); err != nil {
					t.Errorf("putting: %v", err)
				}
			}
		})
	}
	for range 3 {
		wg.Go(func() {
			for range 15 {
				places, err := s.Places(bg, nil)
				if err != nil {
					t.Errorf("reading: %v", err)
					return
				}
				phones, count := make(map[string]bool), 0
				for _, p := range places {
					if p.Source.Feed == "f" {
						phones[p.Phone] = true
						count++
					}
				}
				if len(phones) != 1 || count != n {
					t.Errorf("read %d places with phones %v: half a transaction", count, phones)
				}
			}
		})
	}
	wg.Wait()
	if got := len(all(t, s)); got != n+20 {
		t.Errorf("%d places at the end, want %d", got, n+20)
	}
}

// many goes beyond the sizes at which a store may change its ways.
func many(t *testing.T, s store.Store) {
	places := make([]geo.Place, 21_000)
	for i := range places {
		places[i] = station(fmt.Sprintf("p%05d", i*7919%len(places)), "f", fmt.Sprint(i))
		places[i].Point = orb.Point{103 + float64(i%300)/100, 30 + float64(i/300)/100}
		places[i].Unplaced = i%100 == 0
	}
	_, err := s.Replace(bg, "f", places)
	must(t, err)
	want(t, s, places...)
	for i := range places {
		if i%3 == 0 {
			places[i].Phone = "1"
		}
	}
	diff, err := s.Replace(bg, "f", places[1000:])
	must(t, err)
	if len(diff.Changed) != 6666 || len(diff.Removed) != 1000 || diff.Unchanged != 13334 {
		t.Errorf("changed %d, removed %d, unchanged %d", len(diff.Changed), len(diff.Removed), diff.Unchanged)
	}
	want(t, s, places[1000:]...)
	stop, calls := errors.New("stop"), 0
	err = s.Each(bg, nil, func(*geo.Place) error {
		if calls++; calls == 5000 {
			return stop
		}
		return nil
	})
	if err != stop || calls != 5000 { //nolint:errorlint // the very same is promised
		t.Errorf("stopped after %d calls: %v", calls, err)
	}
}

func nan() float64 { var z float64; return z / z }
