package reach

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/route"
	"yizhan/geo/street"
)

// lines returns the streets reached within some seconds, cut where the time is
// up. A street reached from both ends is one line where they meet, else two.
func (c *canvas) lines(net *street.Network, seconds int) orb.MultiLineString {
	slices.SortFunc(c.reached.Stretches, func(a, b route.Stretch) int {
		return cmp.Or(cmp.Compare(a.Ref, b.Ref), cmp.Compare(a.Begin, b.Begin), cmp.Compare(a.From, b.From))
	})
	list := c.reached.Stretches
	out := orb.MultiLineString{}
	var spans [][2]float64
	for i := 0; i < len(list); {
		edge := list[i].Ref.Edge()
		length := net.Length(edge)
		spans = spans[:0]
		for ; i < len(list) && list[i].Ref.Edge() == edge; i++ {
			if from, to, ok := spanWithin(&list[i], length, seconds); ok {
				spans = append(spans, [2]float64{from, to})
			}
		}
		slices.SortFunc(spans, func(a, b [2]float64) int { return cmp.Compare(a[0], b[0]) })
		for k := 0; k < len(spans); {
			from, to := spans[k][0], spans[k][1]
			for k++; k < len(spans) && spans[k][0] <= to; k++ {
				to = math.Max(to, spans[k][1])
			}
			c.line = net.Coords(c.line[:0], street.Ref(edge<<1))
			if line := cut(c.line, from/length, to/length); len(line) > 1 {
				out = append(out, line)
			}
		}
	}
	return out
}

// spanWithin returns the part of a stretch that is reached within some seconds, in
// metres from the end A of its edge.
func spanWithin(s *route.Stretch, length float64, seconds int) (from, to float64, ok bool) {
	left := float64(seconds) - float64(s.Begin)/1000
	if left <= 0 || length <= 0 {
		return 0, 0, false
	}
	from = float64(s.From)
	to = min(length, float64(s.To))
	if s.Millis > 0 {
		to = math.Min(to, from+left/(float64(s.Millis)/1000)*length)
	}
	if s.Ref.Backward() {
		from, to = length-to, length-from
	}
	return from, to, to > from
}

// cut returns the part of a line between two shares of its length.
func cut(line orb.LineString, from, to float64) orb.LineString {
	if from <= 0 && to >= 1 {
		return slices.Clone(line)
	}
	var total float64
	for i := 1; i < len(line); i++ {
		total += geo.Distance(line[i-1], line[i])
	}
	from, to = from*total, to*total
	var out orb.LineString
	sofar := 0.0
	for i := 1; i < len(line); i++ {
		l := geo.Distance(line[i-1], line[i])
		a, b := (from-sofar)/l, (to-sofar)/l
		sofar += l
		if l == 0 || a >= 1 {
			continue
		}
		if b <= 0 {
			break
		}
		if len(out) == 0 {
			out = append(out, between(line[i-1], line[i], a))
		}
		out = append(out, between(line[i-1], line[i], b))
	}
	return out
}

// between returns a point on a segment, rounded to a hundred-millionth where
// it is not an end.
func between(a, b orb.Point, f float64) orb.Point {
	switch {
	case f <= 0:
		return a
	case f >= 1:
		return b
	}
	return orb.Point{math.Round((a[0]+(b[0]-a[0])*f)*1e7) / 1e7, math.Round((a[1]+(b[1]-a[1])*f)*1e7) / 1e7}
}
