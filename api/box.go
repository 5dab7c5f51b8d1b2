package api

import (
	"math"
	"strings"

	"github.com/paulmach/orb"

	"yizhan/geo/datum"
)

// box is a bbox of a request: numbers in the datum of the request, west
// greater than east where it crosses the antimeridian.
type box struct {
	w, s, e, n float64
	datum      datum.Datum
}

// boxMargin is how much wider in degrees a box is asked of the index where its
// datum is not WGS-84: a straight edge in a shifted datum is not quite straight
// in WGS-84. What is too much is sorted out by has.
const boxMargin = 0.005

// bbox reads west,south,east,north; nil where the parameter is absent.
func (q *query) bbox(name string, d datum.Datum) *box {
	s, ok := q.get(name)
	if !ok {
		return nil
	}
	parts := strings.Split(s, ",")
	var v [4]float64
	ok = len(parts) == 4
	for i := 0; ok && i < 4; i++ {
		v[i], ok = decimal(parts[i])
	}
	switch {
	case !ok:
		q.fail(badParam(name, "应写作 西,南,东,北 四个十进制度数。", "must be four decimal degrees: west,south,east,north"))
	case math.Abs(v[0]) > 180 || math.Abs(v[2]) > 180 || v[1] < -90 || v[1] > 90 || v[3] < -90 || v[3] > 90:
		q.fail(badParam(name, "经度应在 ±180 之内，纬度应在 ±90 之内。", "longitudes must be within ±180 and latitudes within ±90"))
	case v[1] > v[3]:
		q.fail(badParam(name, "南界大于北界，顺序应为 西,南,东,北。", "south is above north: the order is west,south,east,north"))
	default:
		return &box{v[0], v[1], v[2], v[3], d}
	}
	return nil
}

// around returns a WGS-84 bound that holds the box.
func (b *box) around() orb.Bound {
	if b.datum == datum.WGS84 {
		return orb.Bound{Min: orb.Point{b.w, b.s}, Max: orb.Point{b.e, b.n}}
	}
	sw, ne := b.datum.ToWGS84(orb.Point{b.w, b.s}), b.datum.ToWGS84(orb.Point{b.e, b.n})
	nw, se := b.datum.ToWGS84(orb.Point{b.w, b.n}), b.datum.ToWGS84(orb.Point{b.e, b.s})
	return orb.Bound{
		Min: orb.Point{max(min(sw[0], nw[0])-boxMargin, -180), max(min(sw[1], se[1])-boxMargin, -90)},
		Max: orb.Point{min(max(ne[0], se[0])+boxMargin, 180), min(max(ne[1], nw[1])+boxMargin, 90)},
	}
}

// exact says that around holds no more than the box: that it is in WGS-84 and
// touches no pole, which is in every box that does.
func (b *box) exact() bool { return b.datum == datum.WGS84 && b.s > -90 && b.n < 90 }

// has says whether a WGS-84 point lies in the box, edges included.
func (b *box) has(p orb.Point) bool {
	p = b.datum.FromWGS84(p)
	if p[1] < b.s || p[1] > b.n {
		return false
	}
	if b.w > b.e {
		return p[0] >= b.w || p[0] <= b.e
	}
	return p[0] >= b.w && p[0] <= b.e
}

// meets says whether a WGS-84 bound, which does not cross the antimeridian,
// shares a point with the box.
func (b *box) meets(o orb.Bound) bool {
	a := b.around()
	if o.Max[1] < a.Min[1] || o.Min[1] > a.Max[1] {
		return false
	}
	if a.Min[0] > a.Max[0] {
		return o.Max[0] >= a.Min[0] || o.Min[0] <= a.Max[0]
	}
	return o.Max[0] >= a.Min[0] && o.Min[0] <= a.Max[0]
}
