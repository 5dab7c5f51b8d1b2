package api

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/hours"
)

// filterTown is the town with a few hundred places more, alike enough that
// filters leave many and few of them.
func filterTown(t testing.TB, n int) *atlas.Atlas {
	return town(t, func(p *atlas.Parts) { p.Places = append(p.Places, crowd(n, 1)...) })
}

// crowd makes places around the town. Some share a spot, so that their order
// is that of their ids.
func crowd(n int, seed uint64) []*geo.Place {
	rng := rand.New(rand.NewPCG(seed, 9))
	kinds := []geo.Kind{geo.KindStation, geo.KindStation, geo.KindCharger, geo.KindParking}
	names := []string{"驿站", "爱心驿站", "Joy Station", "充电点", "ＷＣ驿站", ""}
	schedules := []string{"", "24/7", "Mo-Su 09:30-21:00", "sunrise-sunset", "Mo-Fr 18:00-22:00", "看情况"}
	all := make([]*geo.Place, n)
	for i := range all {
		x, y := float64(rng.IntN(60)-30)*20, float64(rng.IntN(60)-30)*20
		p := &geo.Place{ID: fmt.Sprintf("c:%03d", i), Kind: kinds[rng.IntN(len(kinds))], Point: spot(x, y), Source: geo.Source{Feed: "test", Ref: "row"},
			Name: names[rng.IntN(len(names))], Hours: schedules[rng.IntN(len(schedules))]}
		if rng.IntN(3) == 0 {
			p.Address = "锦绣路7号"
		}
		switch p.Kind {
		case geo.KindStation:
			p.Station = &geo.Station{Type: geo.Branch}
			for _, f := range []geo.Facility{"fridge", "microwave", "toilet"} {
				if rng.IntN(3) == 0 {
					p.Facilities = append(p.Facilities, f)
				}
			}
		case geo.KindCharger:
			p.Charger = &geo.Charger{Vehicles: []string{"ebike"}}
		case geo.KindParking:
			p.Parking = &geo.Parking{Vehicles: []string{"ebike"}}
		}
		if rng.IntN(9) == 0 {
			p.Valid = &geo.Period{From: noon.Add(-time.Hour * time.Duration(rng.IntN(40)-20))}
		}
		all[i] = p
	}
	return all
}

// filterModel answers as the document says, by looking at every place.
func filterModel(a *atlas.Atlas, q url.Values, now time.Time) []string {
	var at [2]float64
	fmt.Sscanf(q.Get("at"), "%g,%g", &at[0], &at[1]) //nolint:errcheck // then nothing is found
	within := 0.0
	fmt.Sscanf(q.Get("within"), "%g", &within) //nolint:errcheck // no bound
	type near struct {
		id       string
		distance float64
	}
	var all []near
	for s := range a.Places.ByID("", "") {
		p := a.Places.Place(s)
		kinds := q["kind"]
		if kinds == nil {
			kinds = []string{"station"}
		}
		d := geo.Distance(at, p.Point)
		if p.Unplaced || !slices.Contains(kinds, string(p.Kind)) || within > 0 && d > within {
			continue
		}
		ok := true
		for _, f := range q["facility"] {
			ok = ok && slices.Contains(p.Facilities, geo.Facility(f))
		}
		when := now
		if v := q.Get("open"); v != "" {
			if v != "now" {
				when, _ = time.Parse(time.RFC3339, v)
			}
			schedule, err := hours.Parse(p.Hours)
			ok = ok && p.Hours != "" && err == nil && schedule.StateAt(when, a.At(p.Point)) == hours.StateOpen
		}
		if v := p.Valid; v != nil && (!v.From.IsZero() && when.Before(v.From) || !v.Until.IsZero() && !when.Before(v.Until)) {
			ok = false
		}
		text := strings.ToLower(p.Name + "\x00" + p.Names["en"] + "\x00" + p.Address)
		text = strings.ReplaceAll(text, "ｗｃ", "wc")
		for _, w := range strings.Fields(strings.ToLower(q.Get("q"))) {
			ok = ok && strings.Contains(text, w)
		}
		if id := q.Get("compound"); id != "" {
			c, _ := a.Streets.Compound(id)
			ok = ok && (p.Compound == id || slices.Contains(c.Gates, p.ID))
		}
		if ok {
			all = append(all, near{p.ID, d})
		}
	}
	slices.SortFunc(all, func(x, y near) int {
		if x.distance != y.distance {
			if x.distance < y.distance {
				return -1
			}
			return 1
		}
		return strings.Compare(x.id, y.id)
	})
	ids := make([]string, len(all))
	for i, x := range all {
		ids[i] = x.id
	}
	return ids
}

// page is a page of an answer.
type page struct {
	collection
	Next string
}

// pages follows an answer to its end.
func (r *rig) pages(path string, between func(n int)) (ids []string, n int) {
	r.t.Helper()
	for path != "" {
		var p page
		r.get(path).want(r.t, 200).decode(r.t, &p)
		for _, f := range p.Features {
			ids = append(ids, f.ID)
		}
		if n++; n > 500 {
			r.t.Fatalf("%s has no last page", path)
		}
		if path = p.Next; path != "" && between != nil {
			between(n)
		}
	}
	return ids, n
}

// TestNearestEqualsBruteForce: every combination of filters, in pages of any
// size, gives what looking at every place gives.
func TestNearestEqualsBruteForce(t *testing.T) {
	a := filterTown(t, 300)
	keeper := &atlas.Keeper{}
	keeper.Swap(a)
	r := start(t, Config{Keeper: keeper})
	some := func(t *rapid.T, name string, values ...string) string {
		return rapid.SampledFrom(append([]string{""}, values...)).Draw(t, name)
	}
	rapid.Check(t, func(t *rapid.T) {
		p := spot(float64(rapid.IntRange(-700, 700).Draw(t, "x")), float64(rapid.IntRange(-700, 700).Draw(t, "y")))
		q := url.Values{"at": {fmt.Sprintf("%.7f,%.7f", p[0], p[1])}}
		for name, value := range map[string]string{
			"within":   some(t, "within", "50", "333", "2000"),
			"open":     some(t, "open", "now", "2026-05-08T20:00:00+08:00", "2026-05-09T03:00:00+08:00"),
			"q":        some(t, "q", "驿站", "STATION", "joy 锦绣", "wc", "nowhere", "锦绣路"),
			"compound": some(t, "compound", compoundID),
		} {
			if value != "" {
				q.Set(name, value)
			}
		}
		if kinds := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"station", "charger", "parking", "gate", "bus_stop"}), 0, 3, rapid.ID[string]).Draw(t, "kinds"); len(kinds) > 0 {
			q["kind"] = kinds
		}
		if f := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"fridge", "microwave", "toilet"}), 0, 2, rapid.ID[string]).Draw(t, "facilities"); len(f) > 0 {
			q["facility"] = f
		}
		want := filterModel(a, q, noon)
		size := rapid.SampledFrom([]int{1, 2, 7, 50, 1000}).Draw(t, "size")
		if size < 7 && len(want) > 40 {
			size = 7
		}
		q.Set("limit", fmt.Sprint(size))
		got, n := r.pages("/api/nearest?"+q.Encode(), nil)
		if !slices.Equal(got, want) {
			t.Fatalf("%s\ngot  %v\nwant %v", q.Encode(), got, want)
		}
		if n != len(want)/size+1 {
			t.Fatalf("%s: %d pages of %d for %d places", q.Encode(), n, size, len(want))
		}
	})
}

// TestNearestPagesAcrossSnapshots: while places come, go and move, pages
// repeat nothing, and leave nothing out that stayed as it was.
func TestNearestPagesAcrossSnapshots(t *testing.T) {
	keeper := &atlas.Keeper{}
	crowded := crowd(300, 1)
	keeper.Swap(town(t, func(p *atlas.Parts) { p.Places = crowded }))
	r := start(t, Config{Keeper: keeper})
	rng := rand.New(rand.NewPCG(5, 5))
	touched := map[string]bool{}
	path := "/api/nearest?limit=20&at=" + at(0, 0)
	want := filterModel(keeper.Current(), url.Values{"at": {at(0, 0)}}, noon)
	got, pages := r.pages(path, func(int) {
		next := slices.Clone(crowded)
		for range 10 {
			i := rng.IntN(len(next))
			touched[next[i].ID] = true
			switch rng.IntN(3) {
			case 0:
				next = slices.Delete(next, i, i+1)
			case 1:
				moved := *next[i]
				moved.Point = spot(float64(rng.IntN(900)), 0)
				next[i] = &moved
			default:
				more := *next[i]
				more.ID = fmt.Sprintf("new:%d", rng.Int())
				touched[more.ID] = true
				next = append(next, &more)
			}
		}
		crowded = next
		keeper.Swap(town(t, func(p *atlas.Parts) { p.Places = slices.Clone(next) }))
	})
	if pages < 5 {
		t.Fatalf("only %d pages", pages)
	}
	still := func(ids []string) []string {
		return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return touched[id] })
	}
	if !slices.Equal(still(got), still(want)) {
		t.Errorf("of what stayed\ngot  %v\nwant %v", still(got), still(want))
	}
}

func TestNearestCursor(t *testing.T) {
	keeper := &atlas.Keeper{}
	keeper.Swap(filterTown(t, 100))
	r := start(t, Config{Keeper: keeper})
	here := "/api/nearest?limit=3&at=" + at(0, 0)
	var p page
	r.get(here).want(t, 200).decode(t, &p)
	_, cursor, _ := strings.Cut(p.Next, "cursor=")
	if cursor == "" {
		t.Fatalf("no cursor in %q", p.Next)
	}
	for _, c := range []struct {
		name, path string
		status     int
	}{
		{"as it stands", p.Next, 200},
		{"another size of page", "/api/nearest?limit=9&at=" + at(0, 0) + "&cursor=" + cursor, 200},
		{"a name that is encoded", strings.Replace(p.Next, "cursor=", "c%75rsor=", 1), 200},
		{"another point", "/api/nearest?at=" + at(1, 0) + "&cursor=" + cursor, 400},
		{"another kind", here + "&kind=charger&cursor=" + cursor, 400},
		{"a filter more", here + "&facility=fridge&cursor=" + cursor, 400},
		{"a bound more", here + "&within=500&cursor=" + cursor, 400},
		{"open", here + "&open=now&cursor=" + cursor, 400},
		{"a text", here + "&q=a&cursor=" + cursor, 400},
		{"a compound", here + "&compound=" + compoundID + "&cursor=" + cursor, 400},
		{"by a mode", here + "&by=foot&cursor=" + cursor, 400},
		{"cut short", here + "&cursor=" + cursor[:20], 400},
		{"no base64", here + "&cursor=" + cursor[:20] + "!", 400},
		{"another version", here + "&cursor=AA" + cursor[2:], 400},
		{"too long", here + "&cursor=" + cursor + strings.Repeat("AAAA", 90), 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := r.get(c.path).want(t, c.status)
			var got problem
			if c.status == 400 && (json.Unmarshal(a.body, &got) != nil || got.Parameter != "cursor") {
				t.Errorf("names %q: %s", got.Parameter, a.body)
			}
		})
	}
	once, again := r.get(p.Next), r.get(p.Next)
	if once.Header.Get("ETag") != again.Header.Get("ETag") || string(once.body) != string(again.body) {
		t.Error("the same page of the same version differs")
	}
	r.get(p.Next, "If-None-Match", once.Header.Get("ETag")).want(t, 304)
}

// TestNearestFilters are single filters in the town that everybody knows.
func TestNearestFilters(t *testing.T) {
	r := start(t, Config{})
	for _, c := range []struct{ name, query, want string }{
		{"two kinds", "&kind=bus_stop&kind=charger", "t:b1 t:c1"},
		{"a kind twice", "&kind=charger&kind=charger", "t:c1"},
		{"a name", "&q=%E5%96%9C%E4%B9%90", "t:s1"},
		{"an English name", "&q=JOY+station", "t:s1"},
		{"an address", "&q=%E6%B5%8B%E8%AF%95%E8%B7%AF1", "t:s1"},
		{"a name of another kind", "&q=%E5%85%85%E7%94%B5", ""},
		{"in a compound", "&compound=" + compoundID, "t:s9"},
		{"in a compound, parking and gates", "&kind=parking&kind=gate&compound=" + compoundID, westGate + " " + southGate},
		{"in a compound, far", "&within=50&compound=" + compoundID, ""},
		{"by a mode, two kinds", "&by=foot&kind=bus_stop&kind=charger", "t:b1 t:c1"},
		{"by a mode, a name", "&by=foot&q=%E6%80%BB%E7%AB%99", "t:s2"},
		{"by a mode, a name and a facility", "&by=foot&q=%E7%AB%99&facility=fridge", "t:s2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got collection
			r.get("/api/nearest?at="+at(0, 0)+c.query).want(t, 200).decode(t, &got)
			if got.ids() != c.want {
				t.Errorf("got %q, want %q", got.ids(), c.want)
			}
		})
	}
	r.get("/api/nearest?compound=osm:w999&at="+at(0, 0)).want(t, 404)
	r.get("/api/nearest?limit=101&by=foot&at="+at(0, 0)).want(t, 400)
}
