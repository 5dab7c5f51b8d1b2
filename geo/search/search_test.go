package search_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/geo/search"
)

func square(lon, lat float64) orb.MultiPolygon {
	const d = 0.001
	return orb.MultiPolygon{{{{lon - d, lat - d}, {lon + d, lat - d}, {lon + d, lat + d}, {lon - d, lat + d}, {lon - d, lat - d}}}}
}

func town() *search.Index {
	place := func(id, name, address string, lon float64) *geo.Place {
		return &geo.Place{ID: id, Kind: geo.KindStation, Name: name, Address: address, Point: orb.Point{lon, 34.8}}
	}
	tea := place("p:tea", "喜乐·驿站", "锦江路5号", 113.61)
	tea.Names = map[string]string{"en": "Joy Rest Station"}
	return search.Build(search.Source{
		Places: index.Build([]*geo.Place{
			tea,
			place("p:near", "城市花园驿站", "", 113.60),
			place("p:far", "城市花园驿站", "", 113.70),
			place("p:inside", "新城市花园驿站", "", 113.60),
			place("p:address", "张仲景大药房", "城市花园驿站旁", 113.60),
			place("p:wide", "ＫＦＣ宅急送（金水店）", "", 113.60),
			place("p:accent", "Padaria São João", "", 113.60),
			{ID: "p:unplaced", Kind: geo.KindStation, Name: "未定位驿站", Unplaced: true},
		}),
		Compounds: []geo.Compound{
			{ID: "c:garden", Name: "锦江城市花园", Aliases: []string{"城市花园"}, Perimeter: square(113.6, 34.8)},
			{ID: "c:sun1", Name: "阳光家园(一期)", Perimeter: square(113.62, 34.8)},
			{ID: "c:sun2", Name: "阳光家园(二期)", Perimeter: square(113.64, 34.8)},
			{ID: "c:nameless", Perimeter: square(113.66, 34.8)},
		},
		Buildings: []geo.Building{
			{ID: "b:10", Number: "10", Compound: "c:garden", Center: orb.Point{113.6, 34.8}, Entrances: []geo.Entrance{{Unit: "1"}, {Unit: "3"}}},
			{ID: "b:10-too", Number: "10栋", Compound: "c:garden", Center: orb.Point{113.6, 34.8}, Entrances: []geo.Entrance{{Unit: "4"}}},
			{ID: "b:110", Number: "110", Compound: "c:garden", Center: orb.Point{113.6, 34.8}},
			{ID: "b:a", Number: "A", Compound: "c:garden", Center: orb.Point{113.6, 34.8}},
			{ID: "b:sun1-3", Number: "3号楼", Compound: "c:sun1", Center: orb.Point{113.62, 34.8}},
			{ID: "b:sun2-3", Number: "3号楼", Compound: "c:sun2", Center: orb.Point{113.64, 34.8}},
			{ID: "b:named", Name: "逸夫楼", Number: "7", Compound: "c:garden", Center: orb.Point{113.6, 34.8}},
			{ID: "b:lost", Number: "9", Compound: "c:nameless", Center: orb.Point{113.66, 34.8}},
			{ID: "b:house", Address: "建设路126号", Center: orb.Point{113.6, 34.8}},
		},
		Streets: []search.Street{{ID: "s:jianshe", Name: "建设路", Names: map[string]string{"en": "Jianshe Road"}, Point: orb.Point{113.6, 34.8}}},
	}, 2)
}

// find asks without a hurry.
func find(t interface {
	Helper()
	Fatal(...any)
}, x *search.Index, query string, near *orb.Point, limit int) []search.Result {
	t.Helper()
	got, err := x.Find(context.Background(), query, near, limit)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestLongTexts: a text of one letter over and over costs no more than any
// other, and nobody waits for an answer beyond his time.
func TestLongTexts(t *testing.T) {
	var entries []entry
	for i := range 20 {
		entries = append(entries, entry{ID: fmt.Sprintf("e%d", i), Name: strings.Repeat("a", 65_000), Point: orb.Point{104, 30}})
	}
	x := search.Build(stations(entries), 2)
	began := time.Now()
	if got := find(t, x, strings.Repeat("a ", 50), nil, 5); len(got) != 5 || got[0].Match.Degree != search.Prefix {
		t.Errorf("%d results", len(got))
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("took %s", took)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	many := make([]entry, 1000)
	for i := range many {
		many[i] = entry{ID: fmt.Sprintf("e%d", i), Name: "驿站", Point: orb.Point{104, 30}}
	}
	x = search.Build(stations(many), 2)
	if _, err := x.Find(ctx, "驿站", nil, 5); err == nil {
		t.Error("an answer came after its time")
	}
	q, _ := search.Ask("驿站")
	if _, ok := x.Places(ctx, &q, 5000); ok {
		t.Error("places came after their time")
	}
}

func ids(results []search.Result) []string {
	out := []string{}
	for _, r := range results {
		out = append(out, r.ID)
	}
	return out
}

func TestFind(t *testing.T) {
	x := town()
	near := &orb.Point{113.601, 34.8}
	for _, c := range []struct {
		name, query string
		limit       int
		want        []string
	}{
		{"exact, then inside, then address; near before far", "城市花园驿站", 9, []string{"p:near", "p:far", "p:inside", "p:address"}},
		{"an alias that is the whole word", "城市花园", 2, []string{"c:garden", "p:near"}},
		{"a middle dot does not part", "喜乐驿站", 9, []string{"p:tea"}},
		{"nor is it needed", "喜乐·驿站", 9, []string{"p:tea"}},
		{"English name, any case", "JOY rest", 9, []string{"p:tea"}},
		{"full width found by half", "kfc", 9, []string{"p:wide"}},
		{"half width found by full", "ＫＦＣ", 9, []string{"p:wide"}},
		{"brackets of either width", "(金水店)", 9, []string{"p:wide"}},
		{"without accents", "sao joao", 9, []string{"p:accent"}},
		{"words in any order, all of them", "驿站 新城", 9, []string{"p:inside"}},
		{"one word is nowhere", "驿站 火星", 9, []string{}},
		{"an address", "锦江路5号", 9, []string{"p:tea"}},
		{"a street before its houses", "建设路", 9, []string{"s:jianshe", "b:house"}},
		{"a house", "建设路126号", 9, []string{"b:house"}},
		{"unplaced places cannot be pointed at", "未定位", 9, []string{}},
		{"10号楼 of a compound", "锦江城市花园10号楼", 2, []string{"b:10", "b:10-too"}},
		{"10栋 with a space", "锦江城市花园 10栋", 2, []string{"b:10", "b:10-too"}},
		{"10幢 by the alias", "城市花园10幢", 2, []string{"b:10", "b:10-too"}},
		{"10#", "城市花园 10#", 2, []string{"b:10", "b:10-too"}},
		{"a bare number", "城市花园 10", 2, []string{"b:10", "b:10-too"}},
		{"full-width digits", "城市花园１０号楼", 2, []string{"b:10", "b:10-too"}},
		{"Chinese number", "城市花园十号楼", 2, []string{"b:10", "b:10-too"}},
		{"the unit decides", "城市花园10栋4单元", 2, []string{"b:10-too", "b:10"}},
		{"a room is ignored", "城市花园10栋3单元502室", 2, []string{"b:10", "b:10-too"}},
		{"a pasted address", "金水区建设路126号锦江城市花园10栋3单元", 1, []string{"b:10"}},
		{"a letter", "城市花园A座", 1, []string{"b:a"}},
		{"not 110", "城市花园110号楼", 1, []string{"b:110"}},
		{"part of the compound's name, nearest first", "阳光家园3号楼", 9, []string{"b:sun1-3", "b:sun2-3"}},
		{"the number of a named building", "城市花园7号楼", 1, []string{"b:named"}},
		{"a number of any compound, nearest first", "3号楼", 9, []string{"b:sun1-3", "b:sun2-3"}},
		{"a letter of a word is no building", "cafe", 9, []string{}},
		{"limit", "驿站", 1, []string{"p:tea"}},
		{"nothing", "  ", 9, []string{}},
		{"control characters", "城\x00市\x01花\x02园驿站", 1, []string{"p:near"}},
		{"too long", strings.Repeat("驿", search.MaxQuery+1), 9, []string{}},
		{"no limit is none", "驿站", 0, []string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ids(find(t, x, c.query, near, c.limit))
			if c.name == "limit" {
				if len(got) != 1 {
					t.Errorf("%v", got)
				}
				return
			}
			if diff := gocmp.Diff(c.want, got); diff != "" {
				t.Errorf("%q (-want +got):\n%s", c.query, diff)
			}
		})
	}
}

func TestUnit(t *testing.T) {
	got := find(t, town(), "锦江城市花园10栋3单元", nil, 2)
	if len(got) != 2 || got[0].Unit != "3" || got[1].Unit != "" || got[0].Match.Degree != search.Door {
		t.Errorf("%+v", got)
	}
}

func TestEntries(t *testing.T) {
	got := find(t, town(), "10号楼", nil, 1)
	if len(got) != 1 || got[0].Name != "10号楼" || got[0].Context.Zh != "锦江城市花园" {
		t.Errorf("a numbered building is shown as %+v", got)
	}
	if got := find(t, town(), "9号楼", nil, 9); len(got) != 0 {
		t.Errorf("a number without a named compound must not be listed: %+v", got)
	}
}

func TestEmpty(t *testing.T) {
	if got := find(t, search.Build(search.Source{}, 2), "驿站", nil, 5); len(got) != 0 {
		t.Error(got)
	}
}

// station makes a place of what the model reads.
func (e entry) station() *geo.Place {
	p := &geo.Place{ID: e.ID, Kind: geo.KindStation, Name: e.Name, Address: e.Address, Point: e.Point, Names: map[string]string{}}
	for i, a := range e.Aliases {
		p.Names[fmt.Sprintf("x%d", i)] = a
	}
	return p
}

// entry is a station as the model reads it.
type entry struct {
	ID, Name, Address string
	Aliases           []string
	Point             orb.Point
}

func stations(entries []entry) search.Source {
	places := make([]*geo.Place, len(entries))
	for i, e := range entries {
		places[i] = e.station()
	}
	return search.Source{Places: index.Build(places)}
}

// rank numbers the matches from best to worst.
func rank(m search.Match) int {
	if m.Field == search.Address {
		return 100 + int(m.Degree)
	}
	return 10*int(m.Degree) + int(m.Field)
}

// model ranks by reading every entry.
func model(entries []entry, query string, near *orb.Point, limit int) []string {
	type scored struct {
		search.Match
		d  float64
		id string
	}
	var all []scored
	words := strings.Fields(search.Fold(query))
	for _, e := range entries {
		if e.Name == "" && e.Address == "" {
			continue
		}
		worst, ok := search.Match{}, len(words) > 0
		for _, w := range words {
			best, found := search.Match{}, false
			try := func(text string, field search.Field) {
				text = search.Fold(text)
				m := search.Match{Degree: search.Inside, Field: field}
				switch {
				case !strings.Contains(text, w):
					return
				case text == w:
					m.Degree = search.Exact
				case strings.HasPrefix(text, w):
					m.Degree = search.Prefix
				}
				if !found || rank(m) < rank(best) {
					best, found = m, true
				}
			}
			try(cmp.Or(e.Name, e.Address), search.Name)
			for _, a := range e.Aliases {
				try(a, search.Alias)
			}
			try(e.Address, search.Address)
			if !found {
				ok = false
				break
			}
			if rank(best) > rank(worst) {
				worst = best
			}
		}
		if !ok {
			continue
		}
		s := scored{Match: worst, id: e.ID}
		if near != nil {
			s.d = geo.Distance(*near, e.Point)
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b scored) int {
		return cmp.Or(cmp.Compare(rank(a.Match), rank(b.Match)), cmp.Compare(a.d, b.d), cmp.Compare(a.id, b.id))
	})
	out := []string{}
	for _, s := range all[:min(limit, len(all))] {
		out = append(out, s.id)
	}
	return out
}

func TestFindAgainstModel(t *testing.T) {
	// Few characters make many matches, overlaps and prefixes.
	text := rapid.StringOfN(rapid.SampledFrom([]rune("驿站花aB é·Ａ")), 0, 7, -1)
	rapid.Check(t, func(t *rapid.T) {
		var entries []entry
		for i := range rapid.IntRange(0, 40).Draw(t, "entries") {
			entries = append(entries, entry{
				ID: fmt.Sprintf("e%d", i), Name: text.Draw(t, "name"),
				Aliases: rapid.SliceOfN(text, 0, 2).Draw(t, "aliases"), Address: text.Draw(t, "address"),
				Point: orb.Point{float64(i%4) / 10, 0},
			})
		}
		near := rapid.SampledFrom([]*orb.Point{nil, {0.2, 0}}).Draw(t, "near")
		limit := rapid.SampledFrom([]int{1, 3, 100}).Draw(t, "limit")
		// Some of the places are new since the index was built, some were
		// changed, some are gone.
		old := rapid.IntRange(0, len(entries)).Draw(t, "old")
		places := index.Build(nil)
		var now []entry
		var put []*geo.Place
		var gone []string
		before := stations(entries[:old])
		x := search.Build(before, 2)
		for i, e := range entries {
			switch {
			case i >= old:
				put = append(put, e.station())
			case i%5 == 1:
				gone = append(gone, e.ID)
				continue
			case i%5 == 2:
				e.Name = "花" + e.Name
				put = append(put, e.station())
			}
			now = append(now, e)
		}
		places = before.Places.With(put, gone)
		x, entries = x.With(places), now
		for _, query := range rapid.SliceOfN(text, 1, 5).Draw(t, "queries") {
			if diff := gocmp.Diff(model(entries, query, near, limit), ids(find(t, x, query, near, limit))); diff != "" {
				t.Fatalf("%q (-model +index):\n%s", query, diff)
			}
		}
	})
}

// TestBlocks asks for words that more entries share than one block holds.
func TestBlocks(t *testing.T) {
	entries := make([]entry, 150_000)
	for i := range entries {
		entries[i] = entry{
			ID: fmt.Sprintf("e%06d", i*7919%len(entries)), Name: []string{"驿站", "甲驿站", "驿站乙"}[i%3],
			Address: fmt.Sprint(i % 977), Point: orb.Point{float64(i%1000) / 1000, float64(i%701) / 1000},
		}
	}
	x := search.Build(stations(entries), 2)
	for _, query := range []string{"驿站", "站", "站乙", "1", "站 9", "甲驿站", "驿站乙 97", "甲驿站 123", "甲驿站 乙"} {
		for _, near := range []*orb.Point{nil, {0.5, 0.3}} {
			if diff := gocmp.Diff(model(entries, query, near, 20), ids(find(t, x, query, near, 20))); diff != "" {
				t.Fatalf("%q (-model +index):\n%s", query, diff)
			}
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, q := range []string{"城市花园10栋3单元", "\x00", "一百零三号楼", "#", "\xff\xfe", "10号楼 10号楼", "a座", " 9 "} {
		f.Add(q)
	}
	x := town()
	f.Fuzz(func(t *testing.T, q string) {
		if got := find(t, x, q, nil, 3); len(got) > 3 {
			t.Fatalf("%d results", len(got))
		}
	})
}

func million() []entry {
	rnd := rand.New(rand.NewPCG(1, 2))
	const chars = "东西南北中金水二七管城惠济上街新郑荥阳登封高经开航空港园区花锦江阳光和平解放建设文化科学大道路街社区城市家苑府邸广场中心"
	runes := []rune(chars)
	word := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteRune(runes[rnd.IntN(len(runes))])
		}
		return b.String()
	}
	entries := make([]entry, 1_000_000)
	for i := range entries {
		entries[i] = entry{
			ID: fmt.Sprintf("bench:%d", i), Name: word(6) + "驿站",
			Address: fmt.Sprintf("郑州市%s区%s路%d号", word(2), word(3), rnd.IntN(500)),
			Point:   orb.Point{113.3 + 0.6*rnd.Float64(), 34.5 + 0.6*rnd.Float64()},
		}
	}
	return entries
}

func BenchmarkFind(b *testing.B) {
	entries := million()
	x := search.Build(stations(entries), 2)
	near := &orb.Point{113.6, 34.8}
	for _, q := range []string{"花园", "驿站", "站", "锦江城市", "科学大道 驿站", "郑州市", "路12", "没有此地"} {
		b.Run(q, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				find(b, x, q, near, 10)
			}
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	source := stations(million())
	for b.Loop() {
		search.Build(source, 2)
	}
}
