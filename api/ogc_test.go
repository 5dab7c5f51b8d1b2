package api

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"yizhan/data/atlas"
	"yizhan/data/osm"
	"yizhan/geo"
	"yizhan/geo/geotest"
	"yizhan/geo/index"
)

// monacoAtlas is a real extract, made once for all tests.
var monacoAtlas = sync.OnceValues(func() (*atlas.Atlas, error) { return extractAtlas(monacoFile) })

var monacoFile string

func extractAtlas(path string) (*atlas.Atlas, error) {
	src, err := osm.File(path)
	if err != nil {
		return nil, err
	}
	r, err := osm.Import(context.Background(), src, osm.Options{Feed: geo.FeedOSM, Time: noon})
	if err != nil {
		return nil, err
	}
	var places []*geo.Place
	for i := range r.Places {
		places = append(places, &r.Places[i])
	}
	return atlas.New(atlas.Parts{Places: places, Streets: r.Network}), nil
}

// ogcRigs runs a test against servers over the demo district, over the little
// town, which has all the odd cases, and over a real extract.
func ogcRigs(t *testing.T, test func(t *testing.T, r *ogcRig)) {
	t.Helper()
	t.Run("demo", func(t *testing.T) { test(t, newOGCRig(startDemo(t, Config{}))) })
	t.Run("town", func(t *testing.T) { test(t, newOGCRig(start(t, Config{}))) })
	t.Run("monaco", func(t *testing.T) { test(t, newOGCRig(startMonaco(t))) })
}

func startMonaco(t *testing.T) *rig {
	t.Helper()
	monacoFile = geotest.Data(t, "osm", "monaco.osm.pbf")
	a, err := monacoAtlas()
	if err != nil {
		t.Fatal(err)
	}
	keeper := &atlas.Keeper{}
	keeper.Swap(a)
	return start(t, Config{Keeper: keeper})
}

// ogcRig asks a server as a client of OGC API does: it knows the address of
// the landing page and follows links.
type ogcRig struct {
	*rig
	root string
	// defined is the definition of the API, read once.
	defined *openapi3.T
}

func newOGCRig(r *rig) *ogcRig { return &ogcRig{rig: r, root: r.base + "/ogc"} }

// follow asks for an absolute address.
func (r *ogcRig) follow(t *testing.T, href string, header ...string) *reply {
	t.Helper()
	path, ok := strings.CutPrefix(href, r.base)
	if !ok {
		t.Fatalf("%q is not an address of this server", href)
	}
	return r.get(path, header...)
}

// json asks for a resource below the landing page and decodes it.
func (r *ogcRig) json(t *testing.T, path string, v any, header ...string) *reply {
	t.Helper()
	a := r.get("/ogc"+path, append([]string{"Accept", "application/json"}, header...)...).want(t, 200)
	a.decode(t, v)
	return a
}

type ogcAnswer struct {
	Type           string
	Links          []ogcLink
	TimeStamp      string
	NumberMatched  *int
	NumberReturned *int
	Features       []ogcFeature
}

type ogcFeature struct {
	ID         string
	Geometry   *geojson.Geometry
	Properties map[string]any
	Links      []ogcLink
}

func (a ogcAnswer) ids() []string {
	ids := make([]string, len(a.Features))
	for i, f := range a.Features {
		ids[i] = f.ID
	}
	return ids
}

// begins says whether the answer is the first page of what should be found.
func (a ogcAnswer) begins(want []string) bool {
	return *a.NumberMatched == len(want) && slices.Equal(a.ids(), want[:min(len(a.Features), len(want))]) && (len(a.Features) > 0) == (len(want) > 0)
}

// items asks for features with parameters given as name, value pairs.
func (r *ogcRig) items(t *testing.T, collection string, pairs ...string) ogcAnswer {
	t.Helper()
	var got ogcAnswer
	r.get(itemsPath(collection, pairs...), "Accept", "application/geo+json").want(t, 200).decode(t, &got)
	return got
}

func itemsPath(collection string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		q.Add(pairs[i], pairs[i+1])
	}
	path := "/ogc/collections/" + collection + "/items"
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path
}

// all follows next links from a first page to the last and returns every
// feature.
func (r *ogcRig) all(t *testing.T, collection string, pairs ...string) []ogcFeature {
	t.Helper()
	got := r.items(t, collection, pairs...)
	features := got.Features
	for turns := 0; ; turns++ {
		next, ok := linkOf(got.Links, "next")
		if !ok {
			break
		}
		if turns > 10_000 {
			t.Fatal("the pages do not end")
		}
		matched := *got.NumberMatched
		got = ogcAnswer{}
		r.follow(t, next.Href).want(t, 200).decode(t, &got)
		if *got.NumberMatched != matched {
			t.Fatalf("%s: numberMatched went from %d to %d", next.Href, matched, *got.NumberMatched)
		}
		if len(got.Features) == 0 {
			t.Fatalf("%s: a next page is empty", next.Href)
		}
		features = append(features, got.Features...)
	}
	if *got.NumberMatched != len(features) {
		t.Fatalf("%s %v: numberMatched %d, on the pages %d", collection, pairs, *got.NumberMatched, len(features))
	}
	return features
}

func idsOf(features []ogcFeature) []string { return ogcAnswer{Features: features}.ids() }

func linkOf(links []ogcLink, rel string) (ogcLink, bool) {
	for _, l := range links {
		if l.Rel == rel {
			return l, true
		}
	}
	return ogcLink{}, false
}

// collections lists the collections.
func (r *ogcRig) collections(t *testing.T) []ogcCollectionDoc {
	t.Helper()
	var got struct{ Collections []ogcCollectionDoc }
	r.json(t, "/collections", &got)
	if len(got.Collections) == 0 {
		t.Fatal("no collections")
	}
	return got.Collections
}

// set opens a collection's features as the server does.
func (r *ogcRig) set(id string) ogcSet {
	for _, c := range r.server.ogc.collections {
		if c.id == id {
			return c.open(r.server.ogc.view(r.keeper.Current()))
		}
	}
	return nil
}

// TestOGCHoldsTheAtlas wants each collection to hold just what the Atlas does.
func TestOGCHoldsTheAtlas(t *testing.T) {
	ogcRigs(t, func(t *testing.T, r *ogcRig) {
		a := r.keeper.Current()
		want := map[string][]string{}
		for _, k := range geo.Kinds() {
			for slot := range a.Places.All(k.Kind) {
				want[string(k.Kind)] = append(want[string(k.Kind)], a.Places.ID(slot))
			}
			for slot := range a.Places.Unplaced(k.Kind) {
				want[string(k.Kind)] = append(want[string(k.Kind)], a.Places.ID(slot))
			}
		}
		for i := range a.Streets.Compounds() {
			want["compound"] = append(want["compound"], a.Streets.Compounds()[i].ID)
		}
		for i := range a.Streets.Buildings() {
			want["building"] = append(want["building"], a.Streets.Buildings()[i].ID)
		}
		for _, s := range a.Streets.Streets() {
			want["street"] = append(want["street"], s.ID)
		}
		for _, c := range r.collections(t) {
			slices.Sort(want[c.ID])
			got := r.all(t, c.ID, "limit", "500")
			if !slices.Equal(idsOf(got), want[c.ID]) {
				t.Errorf("%s: %d features, want %d", c.ID, len(got), len(want[c.ID]))
			}
			for _, f := range got {
				if f.Geometry == nil {
					continue
				}
				if p, ok := a.Places.Get(f.ID); ok && c.ID != "compound" && geo.Distance(p.Point, f.Geometry.Geometry().(orb.Point)) > 0.02 {
					t.Errorf("%s is at %v, in the Atlas at %v", f.ID, f.Geometry.Coordinates, p.Point)
				}
			}
			delete(want, c.ID)
		}
		if len(want) > 0 {
			t.Errorf("no collection of %v", want)
		}
	})
}

// TestOGCStreetsAreWhole wants each named street to have lines, all its own,
// within its box, and all lines of named ways to belong to one.
func TestOGCStreetsAreWhole(t *testing.T) {
	ogcRigs(t, func(t *testing.T, r *ogcRig) {
		net := r.keeper.Current().Streets
		l := newStreetLines(net)
		named := 0
		for e := range uint32(net.NumStreets()) {
			if net.WayOf(e).Name != "" {
				named++
			}
		}
		if len(l.edges) != named {
			t.Errorf("%d of %d edges of named ways belong to a street", len(l.edges), named)
		}
		for i := range l.all {
			lines := l.lines(uint32(i))
			if len(lines) == 0 || !l.all[i].Bound.Pad(1e-6).Contains(lines.Bound().Min) || !l.all[i].Bound.Pad(1e-6).Contains(lines.Bound().Max) {
				t.Fatalf("%s %s: %d lines in %v, its box is %v", l.all[i].ID, l.all[i].Name, len(lines), lines.Bound(), l.all[i].Bound)
			}
			length, want := 0.0, 0.0
			for _, line := range lines {
				for k := 1; k < len(line); k++ {
					length += geo.Distance(line[k-1], line[k])
				}
			}
			for _, e := range l.edges[l.first[i]:l.first[i+1]] {
				want += net.Length(e)
				if net.WayOf(e).Name != l.all[i].Name {
					t.Errorf("%s holds a piece of %s", l.all[i].Name, net.WayOf(e).Name)
				}
			}
			if length < want*0.995-1 || length > want*1.005+1 {
				t.Errorf("%s: %g m of lines, %g m of edges", l.all[i].ID, length, want)
			}
		}
	})
}

// TestOGCCachesAndHead wants 304 for what the client has, other tags for other
// forms, and HEAD answered as GET without a body.
func TestOGCCachesAndHead(t *testing.T) {
	r := newOGCRig(start(t, Config{}))
	for _, path := range []string{"", "/", "/api", "/conformance", "/collections", "/collections/gate", "/collections/gate/queryables", "/collections/gate/items", "/collections/gate/items/osm:n20"} {
		seen := map[string]string{}
		for _, form := range [][]string{
			{"Accept", "application/json", "Accept-Language", "en"}, {"Accept", "application/json", "Accept-Language", "zh"},
			{"Accept", "text/html", "Accept-Language", "en"}, {"Accept", "text/html", "Accept-Language", "zh"},
		} {
			first := r.get("/ogc"+path, form...).want(t, 200)
			tag := first.Header.Get("ETag")
			if before, ok := seen[tag]; ok && path != "/api" {
				t.Errorf("%s: %v and %s share the ETag %s", path, form, before, tag)
			}
			seen[tag] = fmt.Sprint(form)
			for _, header := range []string{"Accept", "Accept-Language"} {
				if !strings.Contains(first.Header.Get("Vary"), header) && !(path == "/api" && form[1] == "text/html") {
					t.Errorf("%s: Vary is %q", path, first.Header.Get("Vary"))
				}
			}
			again := r.get("/ogc"+path, append(form, "If-None-Match", tag)...).want(t, 304)
			if got := again.Header.Get("ETag"); got != tag || len(again.body) > 0 {
				t.Errorf("%s: 304 with tag %s, want %s", path, got, tag)
			}
			head := r.do(http.MethodHead, "/ogc"+path, nil, form...).want(t, 200)
			if head.Header.Get("Content-Type") != first.Header.Get("Content-Type") || head.Header.Get("ETag") != tag || len(head.body) > 0 {
				t.Errorf("%s: HEAD answers %v", path, head.Header)
			}
		}
	}
	if a, b := r.get("/ogc/collections").Header.Get("ETag"), r.get("/ogc/collections", "X-Forwarded-Proto", "https"); a == b.Header.Get("ETag") || !strings.Contains(string(b.body), "https://") {
		t.Error("links behind TLS share the ETag of plain ones")
	}
}

// TestOGCPagesBack follows prev links from the last page to the first.
func TestOGCPagesBack(t *testing.T) {
	ogcRigs(t, func(t *testing.T, r *ogcRig) {
		for _, pairs := range [][]string{{}, {"bbox", "-180,-90,180,90"}, {"filter", "id IS NOT NULL"}} {
			pairs := append(pairs, "limit", "3")
			want := idsOf(r.all(t, "gate", pairs...))
			if len(want) > 60 {
				pairs[len(pairs)-1] = "50"
			}
			page := r.items(t, "gate", pairs...)
			for {
				next, ok := linkOf(page.Links, "next")
				if !ok {
					break
				}
				page = ogcAnswer{}
				r.follow(t, next.Href).want(t, 200).decode(t, &page)
			}
			got := page.ids()
			for {
				prev, ok := linkOf(page.Links, "prev")
				if !ok {
					break
				}
				page = ogcAnswer{}
				r.follow(t, prev.Href).want(t, 200).decode(t, &page)
				got = append(page.ids(), got...)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%v: backwards %d features, forwards %d", pairs, len(got), len(want))
			}
		}
	})
}

// TestOGCPagesUnderChange walks through pages while places come and go: what
// does not change stands on exactly one page.
func TestOGCPagesUnderChange(t *testing.T) {
	steady := func(i int) string { return fmt.Sprintf("x:%04d", 2*i) }
	place := func(id string) *geo.Place {
		return &geo.Place{ID: id, Kind: geo.KindStation, Name: id, Point: spot(float64(len(id)), 3), Station: &geo.Station{}}
	}
	const n = 200
	make := func(turn int) *atlas.Atlas {
		var places []*geo.Place
		for i := range n {
			places = append(places, place(steady(i)))
			if (i+turn)%3 == 0 {
				places = append(places, place(fmt.Sprintf("x:%04d", 2*i+1)))
			}
		}
		net, err := townStreets()
		if err != nil {
			t.Fatal(err)
		}
		return atlas.New(atlas.Parts{Places: places, Streets: net})
	}
	for _, pairs := range [][]string{{}, {"filter", "name LIKE 'x:%'"}, {"bbox", "116,39,117,40"}} {
		keeper := &atlas.Keeper{}
		keeper.Swap(make(0))
		r := newOGCRig(start(t, Config{Keeper: keeper}))
		seen := map[string]int{}
		page := r.items(t, "station", append(pairs, "limit", "7")...)
		for turn := 1; ; turn++ {
			for _, id := range page.ids() {
				seen[id]++
			}
			next, ok := linkOf(page.Links, "next")
			if !ok {
				break
			}
			keeper.Swap(make(turn))
			page = ogcAnswer{}
			r.follow(t, next.Href).want(t, 200).decode(t, &page)
		}
		for i := range n {
			if seen[steady(i)] != 1 {
				t.Fatalf("%v: %s was on %d pages", pairs, steady(i), seen[steady(i)])
			}
		}
		for id, times := range seen {
			if times > 1 {
				t.Fatalf("%v: %s was on %d pages", pairs, id, times)
			}
		}
	}
}

// TestOGCDeadline gives up what takes too long.
func TestOGCDeadline(t *testing.T) {
	r := newOGCRig(startDemo(t, Config{}))
	set := r.set("building")
	q := &ogcQuestion{set: set, coll: r.server.ogc.collections[7], limit: 10, equals: []ogcEqual{{"name", someText("none")}}}
	ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	// The demo has fewer buildings than are looked at between two looks at the
	// clock, so many sets stand one after another.
	q.set = repeated{set}
	if _, err := q.answer(ctx, &ogcCounts{}); err == nil {
		t.Error("a question beyond its deadline was answered")
	}
}

// repeated is a set that goes round ten times.
type repeated struct{ ogcSet }

func (s repeated) byID(after string) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for range 10 {
			for row := range s.ogcSet.byID(after) {
				if !yield(row) {
					return
				}
			}
		}
	}
}

// jsonOf marshals for a message.
func jsonOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// TestOGCValuesAreThePlaces compares what filters are told of a place with the
// place itself, where it is read from the index without decoding.
func TestOGCValuesAreThePlaces(t *testing.T) {
	ogcRigs(t, func(t *testing.T, r *ogcRig) {
		for _, k := range geo.Kinds() {
			set := newPlaceSet(r.keeper.Current(), k.Kind)
			for row := range set.byID("") {
				p := r.keeper.Current().Places.Place(index.Slot(row))
				want := map[string]ogcValue{"id": someText(p.ID), "name": someText(p.Name), "hours": someText(p.Hours), "compound": someText(p.Compound), "kind": someText(string(p.Kind))}
				if p.Station != nil {
					want["station_type"] = someText(string(p.Station.Type))
				}
				if p.Gate != nil {
					want["barrier"], want["inferred"] = someText(p.Gate.Barrier), truth(p.Gate.Inferred)
				}
				for name, v := range want {
					if got := set.value(row, name); got.kind != v.kind || got.text != v.text || got.yes != v.yes {
						t.Errorf("%s of %s is %v, want %v", name, p.ID, got, v)
					}
				}
				var have []string
				for _, f := range p.Facilities {
					have = append(have, string(f))
				}
				got := slices.Clone(set.value(row, "facilities").list)
				slices.Sort(have)
				slices.Sort(got)
				if !slices.Equal(have, got) {
					t.Errorf("facilities of %s are %v, want %v", p.ID, got, have)
				}
			}
		}
	})
}
