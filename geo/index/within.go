package index

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/pack"
)

// Within yields the places inside a box, edges included, of the kinds wanted,
// all where kinds is empty; each once, in no particular order, until yield
// returns false.
//
// A box whose west edge (b.Min longitude) is greater than its east edge
// crosses the antimeridian. Longitudes beyond ±180° are wrapped, a box 360° or
// more wide goes round the Earth. The meridians 180° and -180° are one, and a
// box that touches a pole holds the pole whatever its longitudes.
func (ix *Index) Within(b orb.Bound, kinds []geo.Kind, yield func(Slot) bool) {
	ix.WithinRuns(b, kinds, func(r Run) bool {
		for s := r.From; s < r.Until; s++ {
			if !yield(s) {
				return false
			}
		}
		return true
	})
}

// WithinRuns is Within by runs, whose places are of one kind. Of a box that
// holds much more than 16 places most come in long runs, at hardly any cost for
// each.
func (ix *Index) WithinRuns(b orb.Bound, kinds []geo.Kind, yield func(Run) bool) {
	spans, n := split(b)
	var boxes [2]box
	for i, s := range spans[:n] {
		boxes[i] = boxOf(s, b.Min[1], b.Max[1])
	}
	if n == 0 || ix.base == nil {
		return
	}
	if !ix.base.within(boxes[:n], kinds, func(from, until uint32) bool { return ix.living(from, until, yield) }) || ix.delta == nil {
		return
	}
	ix.delta.within(boxes[:n], kinds, func(from, until uint32) bool { return yield(Run{ix.first + Slot(from), ix.first + Slot(until)}) })
}

// living yields what is not dead of a run of rows of the base.
func (ix *Index) living(from, until uint32, yield func(Run) bool) bool {
	if ix.tomb == nil {
		return yield(Run{Slot(from), Slot(until)})
	}
	for row := from; row < until; row++ {
		from := row
		for row < until && !ix.isDead(row) {
			row++
		}
		if from < row && !yield(Run{Slot(from), Slot(row)}) {
			return false
		}
	}
	return true
}

// within yields the runs of rows in any of some boxes of the same latitudes
// that have nothing in common, and at the poles that they touch.
func (seg *segment) within(boxes []box, kinds []geo.Kind, yield func(from, until uint32) bool) bool {
	const turn, pole = 180 * pack.Unit, 90 * pack.Unit
	for i := range seg.layers {
		l := &seg.layers[i]
		if !wants(kinds, l.kind) {
			continue
		}
		for _, b := range boxes {
			if b.meets(seg.boxes[l.root]) && !seg.runs(l.root, b, yield) {
				return false
			}
		}
		for _, lat := range [2]int32{-pole, pole} {
			if boxes[0].south > lat || boxes[0].north < lat {
				continue
			}
			if !seg.runs(l.root, box{-turn, lat, turn, lat}, func(from, until uint32) bool {
				for row := from; row < until; row++ {
					at := seg.table.Position(int(row))
					if slices.ContainsFunc(boxes, func(b box) bool { return b.has(at) }) {
						continue // yielded already
					}
					if !yield(row, row+1) {
						return false
					}
				}
				return true
			}) {
				return false
			}
		}
	}
	return true
}

// boxOf returns the box of the positions whose degrees lie between others.
func boxOf(s span, south, north float64) box {
	return box{atLeast(s.west), atLeast(max(south, -90)), atMost(s.east), atMost(min(north, 90))}
}

// atLeast returns the least step whose degrees are not below others, which are
// within ±181. Comparing steps then is comparing degrees.
func atLeast(degrees float64) int32 {
	n := math.Floor(degrees*pack.Unit) - 1
	for n/pack.Unit < degrees {
		n++
	}
	return int32(n)
}

// atMost returns the greatest step whose degrees are not above others.
func atMost(degrees float64) int32 {
	n := math.Ceil(degrees*pack.Unit) + 1
	for n/pack.Unit > degrees {
		n--
	}
	return int32(n)
}

// span is a range of longitudes that does not cross the antimeridian.
type span struct{ west, east float64 }

// split returns the disjoint spans of a box's longitudes, at most two; none
// for a box without latitudes on Earth.
func split(b orb.Bound) ([2]span, int) {
	west, east := b.Min[0], b.Max[0]
	if math.IsNaN(west) || math.IsNaN(east) || !(b.Min[1] <= b.Max[1]) || b.Min[1] > 90 || b.Max[1] < -90 {
		return [2]span{}, 0
	}
	if east-west >= 360 {
		return [2]span{{-180, 180}}, 1
	}
	west, east = wrap(west), wrap(east)
	if math.IsNaN(west) || math.IsNaN(east) {
		return [2]span{}, 0
	}
	switch {
	case west > east:
		return [2]span{{west, 180}, {-180, east}}, 2
	case west == -180 && east < 180:
		return [2]span{{-180, east}, {180, 180}}, 2
	case east == 180 && west > -180:
		return [2]span{{west, 180}, {-180, -180}}, 2
	}
	return [2]span{{west, east}}, 1
}

// onEarth says whether a point is a position: finite, latitude within 90°.
func onEarth(p orb.Point) bool {
	return !math.IsNaN(p[0]) && !math.IsInf(p[0], 0) && p[1] >= -90 && p[1] <= 90
}

// wrap brings a longitude into [-180, 180]; both ends stay what they are.
func wrap(lon float64) float64 {
	if lon >= -180 && lon <= 180 {
		return lon
	}
	return math.Remainder(lon, 360)
}
