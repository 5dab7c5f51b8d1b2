package api

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/geo/crs"
)

// TestOGCAgreesWithBruteForce asks any combination of bbox, datetime, filter,
// property, limit and direction of paging, and compares all pages with what
// asking every feature gives.
func TestOGCAgreesWithBruteForce(t *testing.T) {
	rigs := []*ogcRig{newOGCRig(start(t, Config{})), newOGCRig(startDemo(t, Config{})), newOGCRig(startMonaco(t))}
	collections := [][]ogcCollectionDoc{}
	for _, r := range rigs {
		collections = append(collections, r.collections(t))
	}
	rapid.Check(t, func(rt *rapid.T) {
		i := rapid.IntRange(0, len(rigs)-1).Draw(rt, "server")
		r := rigs[i]
		c := rapid.SampledFrom(collections[i]).Draw(rt, "collection")
		q := drawQuestion(rt, r, c)
		want := r.brute(c.ID, func(set ogcSet, row uint32) bool {
			for _, meets := range q.model {
				if !meets(set, row) {
					return false
				}
			}
			return true
		})
		limit := max(rapid.SampledFrom([]int{1, 2, 7, 50, 10000}).Draw(rt, "limit"), len(want)/12)
		got := idsOf(r.all(t, c.ID, append(q.pairs, "limit", strconv.Itoa(limit))...))
		if !slices.Equal(got, want) {
			rt.Fatalf("%s %v by %d: %d features %.300v\nwant %d %.300v", c.ID, q.pairs, limit, len(got), got, len(want), want)
		}
	})
}

// drawn is a question as parameters and as conditions that are plain enough to
// be right.
type drawn struct {
	pairs []string
	model []func(set ogcSet, row uint32) bool
}

func drawQuestion(t *rapid.T, r *ogcRig, c ogcCollectionDoc) *drawn {
	q := &drawn{}
	area := orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}
	if c.Extent != nil && c.Extent.Spatial != nil {
		b := c.Extent.Spatial.BBox[0]
		area = orb.Bound{Min: orb.Point{b[0], b[1]}, Max: orb.Point{b[2], b[3]}}
	}
	if rapid.Bool().Draw(t, "has bbox") {
		q.drawBox(t, area)
	}
	if rapid.Bool().Draw(t, "has datetime") {
		q.drawTime(t)
	}
	if rapid.Bool().Draw(t, "has filter") {
		text, meets := drawFilter(t, area, 2)
		q.pairs = append(q.pairs, "filter", text)
		q.model = append(q.model, meets)
	}
	if rapid.IntRange(0, 3).Draw(t, "has property") == 0 {
		// The value of some feature, so that something is found.
		name := rapid.SampledFrom([]string{"id", "name"}).Draw(t, "property")
		set := r.set(c.ID)
		skip := rapid.IntRange(0, 40).Draw(t, "whose")
		for row := range set.byID("") {
			v := set.value(row, name)
			if skip--; skip < 0 && v.text != "" {
				q.pairs = append(q.pairs, name, v.text)
				q.model = append(q.model, func(set ogcSet, row uint32) bool { return set.value(row, name).text == v.text })
				break
			}
		}
	}
	return q
}

// drawPoint draws a position in and around an area, at times far away.
func drawPoint(t *rapid.T, area orb.Bound, label string) orb.Point {
	if rapid.IntRange(0, 9).Draw(t, label+" far") == 0 {
		return orb.Point{rapid.Float64Range(-180, 180).Draw(t, label), rapid.Float64Range(-85, 85).Draw(t, label)}
	}
	p := orb.Point{}
	for i := range p {
		v := area.Min[i] + rapid.Float64Range(-0.1, 1.1).Draw(t, label)*(area.Max[i]-area.Min[i])
		p[i] = math.Round(max(-85, min(85, v))*1e7) / 1e7
		if i == 0 {
			p[i] = math.Round(max(-180, min(180, v))*1e7) / 1e7
		}
	}
	return p
}

func (q *drawn) drawBox(t *rapid.T, area orb.Bound) {
	a, b := drawPoint(t, area, "corner"), drawPoint(t, area, "other corner")
	box := orb.Bound{Min: orb.Point{a[0], min(a[1], b[1])}, Max: orb.Point{b[0], max(a[1], b[1])}}
	if rapid.IntRange(0, 4).Draw(t, "around") != 0 && a[0] > b[0] {
		box.Min[0], box.Max[0] = b[0], a[0]
	}
	lo, hi := box.Min, box.Max
	if rapid.Bool().Draw(t, "has bbox-crs") {
		system := rapid.SampledFrom([]crs.CRS{crs.CRS84, crs.EPSG4326, crs.EPSG4490}).Draw(t, "bbox-crs")
		q.pairs = append(q.pairs, "bbox-crs", system.URI())
		lo, hi = turn(system.URI(), lo), turn(system.URI(), hi)
	}
	text := fmt.Sprintf("%v,%v,%v,%v", lo[0], lo[1], hi[0], hi[1])
	if rapid.IntRange(0, 3).Draw(t, "heights") == 0 {
		text = fmt.Sprintf("%v,%v,-5,%v,%v,10.5", lo[0], lo[1], hi[0], hi[1])
	}
	q.pairs = append(q.pairs, "bbox", text)
	q.model = append(q.model, func(set ogcSet, row uint32) bool { return slowMeets(set.shape(row), box) })
}

func (q *drawn) drawTime(t *rapid.T) {
	draw := func(label string) time.Time {
		return noon.Add(time.Duration(rapid.IntRange(-240, 240).Draw(t, label)) * time.Hour).Truncate(time.Second)
	}
	from, to := draw("from"), draw("to")
	if from.After(to) {
		from, to = to, from
	}
	var text string
	switch rapid.IntRange(0, 3).Draw(t, "form") {
	case 0:
		to = from
		text = from.Format(time.RFC3339)
	case 1:
		text = from.Format(time.RFC3339) + "/" + to.Format(time.RFC3339)
	case 2:
		text = "../" + to.Format(time.RFC3339)
		from = time.Time{}
	default:
		text = from.Format(time.RFC3339) + "/.."
		to = noon.AddDate(100, 0, 0)
	}
	q.pairs = append(q.pairs, "datetime", text)
	q.model = append(q.model, func(set ogcSet, row uint32) bool {
		p := set.valid(row)
		if p == nil {
			return true
		}
		until := p.Until
		if until.IsZero() {
			until = noon.AddDate(200, 0, 0)
		}
		return !to.Before(p.From) && from.Before(until)
	})
}

// drawFilter draws a filter and what it means. What is null is neither equal
// nor different, and no "not" of it is true.
func drawFilter(t *rapid.T, area orb.Bound, depth int) (string, func(ogcSet, uint32) bool) {
	text, truth := drawTerm(t, area, depth)
	return text, func(set ogcSet, row uint32) bool { return truth(set, row) == yes }
}

// The truth values of SQL.
const (
	no = iota
	unknown
	yes
)

func drawTerm(t *rapid.T, area orb.Bound, depth int) (string, func(ogcSet, uint32) int) {
	say := func(b bool) int {
		if b {
			return yes
		}
		return no
	}
	kind := rapid.IntRange(0, 6).Draw(t, "term")
	if depth == 0 && kind >= 4 {
		kind -= 4
	}
	switch kind {
	case 0:
		a, b := drawPoint(t, area, "corner"), drawPoint(t, area, "other corner")
		box := orb.Bound{Min: orb.Point{min(a[0], b[0]), min(a[1], b[1])}, Max: orb.Point{max(a[0], b[0]), max(a[1], b[1])}}
		return fmt.Sprintf("S_INTERSECTS(geometry,BBOX(%.7f,%.7f,%.7f,%.7f))", box.Min[0], box.Min[1], box.Max[0], box.Max[1]), func(set ogcSet, row uint32) int {
			g := set.shape(row)
			if g == nil {
				return unknown
			}
			return say(slowMeets(g, box))
		}
	case 1:
		end := rapid.SampledFrom([]string{"苑", "路", "1", "站", "e", "街"}).Draw(t, "end")
		return "name LIKE '%" + end + "'", func(set ogcSet, row uint32) int {
			v := set.value(row, "name")
			if v.kind == 0 {
				return unknown
			}
			return say(strings.HasSuffix(v.text, end))
		}
	case 2:
		return "name_en IS NULL", func(set ogcSet, row uint32) int { return say(set.value(row, "name_en").kind == 0) }
	case 3:
		than := rapid.SampledFrom([]string{"demo:s", "osm:n3", "osm:w", "t:s3", "street:w2"}).Draw(t, "id")
		return "id > '" + than + "'", func(set ogcSet, row uint32) int { return say(set.id(row) > than) }
	case 4:
		a, left := drawTerm(t, area, depth-1)
		b, right := drawTerm(t, area, depth-1)
		return "(" + a + ") AND (" + b + ")", func(set ogcSet, row uint32) int { return min(left(set, row), right(set, row)) }
	case 5:
		a, left := drawTerm(t, area, depth-1)
		b, right := drawTerm(t, area, depth-1)
		return "(" + a + ") OR (" + b + ")", func(set ogcSet, row uint32) int { return max(left(set, row), right(set, row)) }
	default:
		a, inner := drawTerm(t, area, depth-1)
		return "NOT (" + a + ")", func(set ogcSet, row uint32) int { return yes - inner(set, row) }
	}
}

// TestMeetsAgrees compares the two ways of telling whether a shape meets a box.
func TestMeetsAgrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := func(label string) float64 { return float64(rapid.IntRange(0, 12).Draw(t, label)) }
		var ring orb.Ring
		for range rapid.IntRange(3, 6).Draw(t, "corners") {
			ring = append(ring, orb.Point{whole("x"), whole("y")})
		}
		ring = append(ring, ring[0])
		x, y := whole("west"), whole("south")
		b := orb.Bound{Min: orb.Point{x, y}, Max: orb.Point{x + whole("wide")/3, y + whole("high")/3}}
		line := orb.MultiLineString{orb.LineString(ring)}
		if got, want := meets(line, b), slowMeets(line, b); got != want {
			t.Fatalf("%v and %v: %t", line, b, got)
		}
		// A ring that crosses itself has no inside that everybody agrees on.
		hull := orb.Polygon{{{x, y}, {x + whole("a"), y}, {x + whole("b"), y + whole("c") + 0.5}, {x, y}}}
		box := orb.Bound{Min: orb.Point{whole("w"), whole("s")}}
		box.Max = orb.Point{box.Min[0] + whole("v")/5, box.Min[1] + whole("u")/5}
		if got, want := meets(hull, box), slowMeets(hull, box); got != want {
			t.Fatalf("%v and %v: %t, want %t", hull, box, got, want)
		}
	})
}
