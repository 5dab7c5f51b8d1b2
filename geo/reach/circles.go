// Package reach measures what lies within reach of the stations.
package reach

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// Coverage says what lies inside circles around stations.
type Coverage struct {
	// Radius of the circles in metres, great-circle.
	Radius float64
	// Stations is how many circles were drawn.
	Stations  int
	Compounds Count
	Buildings Count
	// Outside lists every compound and building outside all circles, farthest
	// first, ties by ID.
	Outside []Uncovered
}

// Count splits a number of things by where they lie.
type Count struct {
	Inside, Outside int
	// Partly is how many of those outside have a corner inside a circle. It
	// is counted for compounds only.
	Partly int
}

// The kinds of an Uncovered.
const (
	KindCompound = "compound"
	KindBuilding = "building"
)

// Uncovered is a compound or a building outside all circles.
type Uncovered struct {
	ID string
	// Kind is KindCompound or KindBuilding.
	Kind string
	Name string
	// Point stands for it: see Circles.
	Point orb.Point
	// Distance in metres from Point to the nearest station, 0 where there is
	// no station at all.
	Distance float64
	// Partly says that a corner of the compound lies inside a circle.
	Partly bool
}

// Circles draws a circle of a radius in metres around each station and says
// which compounds and buildings lie inside: those whose point is not farther
// from the nearest station than the radius. The point of a building is its
// Center; that of a compound is geo.Interior of its perimeter, a point inside
// it near its middle, so that a compound counts as inside when about half of
// it is. One whose middle is outside but whose perimeter has a corner inside
// is counted as outside and marked Partly. A compound without a perimeter is
// left out. A station that is no position (NaN, infinite) is ignored.
//
// The distance is that of the bird, not of the street.
func Circles(stations []orb.Point, radius float64, compounds []geo.Compound, buildings []geo.Building) Coverage {
	near := newNearest(stations)
	c := Coverage{Radius: radius, Stations: len(near.points)}
	for i := range compounds {
		x := &compounds[i]
		p, ok := geo.Interior(x.Perimeter)
		if !ok {
			continue
		}
		d, found := near.distance(p)
		if found && d <= radius {
			c.Compounds.Inside++
			continue
		}
		partly := near.reaches(x.Perimeter, radius)
		c.Compounds.Outside++
		if partly {
			c.Compounds.Partly++
		}
		c.Outside = append(c.Outside, Uncovered{ID: x.ID, Kind: KindCompound, Name: x.Name, Point: p, Distance: d, Partly: partly})
	}
	for i := range buildings {
		x := &buildings[i]
		d, found := near.distance(x.Center)
		if found && d <= radius {
			c.Buildings.Inside++
			continue
		}
		c.Buildings.Outside++
		c.Outside = append(c.Outside, Uncovered{ID: x.ID, Kind: KindBuilding, Name: cmp.Or(x.Name, x.Number), Point: x.Center, Distance: d})
	}
	slices.SortFunc(c.Outside, func(a, b Uncovered) int {
		return cmp.Or(cmp.Compare(b.Distance, a.Distance), cmp.Compare(a.ID, b.ID))
	})
	return c
}

// reaches says whether a corner of the area lies within a radius of a station.
func (n *nearest) reaches(area orb.MultiPolygon, radius float64) bool {
	for _, polygon := range area {
		for _, ring := range polygon {
			for _, p := range ring {
				if d, ok := n.distance(p); ok && d <= radius {
					return true
				}
			}
		}
	}
	return false
}

// nearest finds the nearest of a fixed set of points on the sphere. It is a
// k-d tree over unit vectors, laid out in place: the middle of each range is
// its root, the two halves are its subtrees. In space there is no antimeridian
// and no pole to treat apart, and the chord orders like the great circle.
type nearest struct {
	points  []orb.Point
	vectors [][3]float64
}

func newNearest(points []orb.Point) *nearest {
	n := &nearest{}
	for _, p := range points {
		if finite(p) {
			n.points = append(n.points, p)
		}
	}
	type pair struct {
		p orb.Point
		v [3]float64
	}
	pairs := make([]pair, len(n.points))
	for i, p := range n.points {
		pairs[i] = pair{p, vector(p)}
	}
	var build func(s []pair, axis int)
	build = func(s []pair, axis int) {
		if len(s) < 2 {
			return
		}
		// Sorting rather than selecting costs a factor log n in a build of
		// some thousand points, which is nothing.
		slices.SortFunc(s, func(a, b pair) int { return cmp.Compare(a.v[axis], b.v[axis]) })
		mid := len(s) / 2
		build(s[:mid], (axis+1)%3)
		build(s[mid+1:], (axis+1)%3)
	}
	build(pairs, 0)
	n.vectors = make([][3]float64, len(pairs))
	for i, x := range pairs {
		n.points[i], n.vectors[i] = x.p, x.v
	}
	return n
}

// distance returns the great-circle distance in metres to the nearest point,
// false where there is none or p is no position.
func (n *nearest) distance(p orb.Point) (float64, bool) {
	if len(n.points) == 0 || !finite(p) {
		return 0, false
	}
	s := seeker{n: n, at: vector(p), best: math.Inf(1)}
	s.descend(0, len(n.vectors), 0)
	return geo.Distance(p, n.points[s.which]), true
}

type seeker struct {
	n     *nearest
	at    [3]float64
	best  float64 // squared chord
	which int
}

func (s *seeker) descend(from, until, axis int) {
	if from >= until {
		return
	}
	mid := int(uint(from+until) / 2)
	v := &s.n.vectors[mid]
	x, y, z := v[0]-s.at[0], v[1]-s.at[1], v[2]-s.at[2]
	if d := x*x + y*y + z*z; d < s.best {
		s.best, s.which = d, mid
	}
	off := s.at[axis] - v[axis]
	next := (axis + 1) % 3
	if off < 0 {
		s.descend(from, mid, next)
		if off*off < s.best {
			s.descend(mid+1, until, next)
		}
		return
	}
	s.descend(mid+1, until, next)
	if off*off < s.best {
		s.descend(from, mid, next)
	}
}

func vector(p orb.Point) [3]float64 {
	const rad = math.Pi / 180
	sinLat, cosLat := math.Sincos(p[1] * rad)
	sinLon, cosLon := math.Sincos(p[0] * rad)
	return [3]float64{cosLat * cosLon, cosLat * sinLon, sinLat}
}

func finite(p orb.Point) bool {
	return !math.IsNaN(p[0]+p[1]) && !math.IsInf(p[0], 0) && !math.IsInf(p[1], 0)
}
