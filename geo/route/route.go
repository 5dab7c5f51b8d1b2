package route

import (
	"sync"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/hours"
	"yizhan/geo/street"
)

// Router answers questions about one network. It is immutable and safe for
// concurrent use.
type Router struct {
	net     *street.Network
	where   func(orb.Point) hours.Place
	parking func(p orb.Point, within float64) []*geo.Place
	// metrics are those of the through network.
	metrics *metrics
	// gates lists the barriers that join a room with another one.
	gates [][]uint32
	// pools of scratch space.
	pool, finders, visits sync.Pool
	// topSpeed is the greatest speed of each mode in metres per second.
	topSpeed [geo.NumModes]float64
}

// Option changes what a Router knows beside the streets.
type Option func(*Router)

// WithParking lets routes leave the bike in a bay: nearby returns the bays
// within a distance in metres of a point, nearest first.
func WithParking(nearby func(p orb.Point, within float64) []*geo.Place) Option {
	return func(r *Router) { r.parking = nearby }
}

// New returns a router. where gives what opening hours depend on at a point:
// the zone and the holidays; nil means the zone of the time asked for.
func New(net *street.Network, where func(orb.Point) hours.Place, options ...Option) *Router {
	r := &Router{net: net, where: where}
	if where == nil {
		r.where = func(p orb.Point) hours.Place { return hours.Place{Point: p} }
	}
	for _, o := range options {
		o(r)
	}
	r.gates = make([][]uint32, len(net.Compounds())+1)
	for b := range net.Barriers() {
		for _, c := range net.Barriers()[b].Compounds {
			r.gates[c+1] = append(r.gates[c+1], uint32(b))
		}
	}
	for m := range r.topSpeed {
		r.topSpeed[m] = max(walkSpeed, net.TopSpeed(geo.Mode(m)))
	}
	r.prepare()
	return r
}

// prepare makes what belongs to the rules of the network.
func (r *Router) prepare() {
	r.metrics = newMetrics(r.net, r.where)
	r.pool.New = func() any { return newSearch(r.net) }
	r.finders.New = func() any { return r.newFinder() }
	r.visits.New = func() any { return &visit{r: r, f: r.newFinder()} }
}

// With returns the router of a network that was made from the same streets by
// Network.With, with other options perhaps. What the two have in common is not
// worked out again.
func (r *Router) With(net *street.Network, options ...Option) *Router {
	next := &Router{net: net, where: r.where, parking: r.parking, gates: r.gates, topSpeed: r.topSpeed}
	for _, o := range options {
		o(next)
	}
	next.prepare()
	next.metrics.before = r.metrics.legacy()
	return next
}

// Target is where a route goes. The first of Building, Place, Compound that
// is set says what it is; else it is the point.
type Target struct {
	// Point is WGS-84 lon,lat. It is not needed for a building or compound of
	// the network.
	Point orb.Point
	// Compound, Building and Place are IDs.
	Compound, Building, Place string
	// Name is what the steps call it, "" for "the destination".
	Name string
}

// Request is a question for a route.
type Request struct {
	From   orb.Point
	To     Target
	Mode   geo.Mode
	Depart time.Time
	// Limit is the greatest number of approaches that lead there, 1 to 5; 0
	// means 3. As many closed gates may follow them.
	Limit int
	// NoSteps leaves the steps out of the answer, NoLines the geometry.
	NoSteps, NoLines bool
}

// Approach is one way to the destination. Distances are in metres, durations
// in seconds.
type Approach struct {
	// Gate is the gate by which the compound of the destination is entered,
	// nil where none is.
	Gate *geo.Place
	// Verdict is the worst on the way, Reason why. An approach through a gate
	// that is closed has no legs.
	Verdict  geo.Verdict
	Reason   geo.Text
	Distance float64
	Duration float64
	// Wait is the part of Duration spent waiting for a gate to open.
	Wait   float64
	Arrive time.Time
	// Opens is when a closed gate opens, or the one waited for, or when one
	// that wants a permit opens to everybody; zero where that is not known.
	Opens time.Time
	Legs  []Leg
}

// Leg is a part of an approach in one mode.
type Leg struct {
	Mode     geo.Mode
	Distance float64
	Duration float64
	Line     orb.LineString
	Steps    []Step
}

// Step is one instruction and the way it leads along.
type Step struct {
	Text     geo.Text
	Distance float64
	Duration float64
	// Point is where it is to be followed.
	Point orb.Point
	// Turn is depart, left, right, slight_left, slight_right, sharp_left,
	// sharp_right, straight, uturn, gate, park, enter or arrive.
	Turn string
	// Street is the name of the way, "" where it has none.
	Street string
}

// Cost is what reaching a point takes.
type Cost struct {
	Duration float64 // seconds
	Distance float64 // metres
	OK       bool    // false where it is not reached within the bound
}

const (
	// walkSpeed is the speed in metres per second between a point and the
	// nearest way.
	walkSpeed = 4.8 / 3.6
	// snapLimit is how far, in metres, a point may be from the nearest way.
	snapLimit = 1500.0
	// waitLimit is how long a closed gate is waited for.
	waitLimit = 15 * time.Minute
)
