package route

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/street"
)

// stop is a point beside the network with the place on a street that it is
// reached from.
type stop struct {
	street.Snap
	point orb.Point
	room  uint32
	// component is that of the network which the street belongs to for the
	// mode of the route.
	component uint32
}

const (
	// islandDetour is how much farther, in metres, than the nearest street one
	// that belongs to the main network may be to be preferred to it where
	// nobody knows where the route leads.
	islandDetour = 300.0
	// islandCost is what starting or ending on an island of the network costs
	// in metres where both ends could lie on it.
	islandCost = 30.0
	// belowDetour is how much farther a street may be than a way in a tunnel,
	// below ground or in a building to be taken all the same.
	belowDetour = 150.0
)

// candidates finds the streets by which a point may be reached: for each
// component of the network the nearest one, up to the first that is no island.
// Ways below ground are taken only where their component has nothing else
// near. The nearest stands first.
func (r *Router) candidates(p orb.Point, mode geo.Mode, within float64, accept func(street.Snap) bool) []stop {
	return r.appendCandidates(nil, p, mode, within, accept)
}

// appendCandidates puts the candidates into the room of out.
func (r *Router) appendCandidates(out []stop, p orb.Point, mode geo.Mode, within float64, accept func(street.Snap) bool) []stop {
	out = out[:0]
	var below []stop
	enough := math.Inf(1)
	r.net.Near(p, within, func(s street.Snap) bool {
		if s.Distance > enough {
			return false
		}
		if !r.usable(mode, s.Edge) || !accept(s) {
			return true
		}
		node, _ := r.net.Ends(forward(s.Edge))
		st := stop{s, p, r.net.Room(s.Edge), r.net.Component(mode, node)}
		list := &out
		if r.net.ProfileOf(s.Edge).Below {
			list = &below
		}
		if inComponent(*list, st.component) != nil {
			return true
		}
		*list = append(*list, st)
		if !r.net.Island(mode, s.Edge) {
			if list == &out {
				return false
			}
			enough = s.Distance + belowDetour
		}
		return true
	})
	for _, st := range below {
		if above := inComponent(out, st.component); above == nil {
			out = append(out, st)
		} else if above.Distance > st.Distance+belowDetour {
			*above = st
		}
	}
	slices.SortStableFunc(out, func(a, b stop) int { return cmp.Compare(a.Distance, b.Distance) })
	return out
}

// inComponent returns the stop of a component, nil where there is none.
func inComponent(list []stop, component uint32) *stop {
	for i := range list {
		if list[i].component == component {
			return &list[i]
		}
	}
	return nil
}

// snapTo finds the street of a room by which a point is reached, for a mode.
func (r *Router) snapTo(p orb.Point, mode geo.Mode, within float64, accept func(street.Snap) bool) (stop, bool) {
	return r.likely(mode, r.candidates(p, mode, within, accept))
}

// likely picks the nearest candidate, but one on an island only where the main
// network is far.
func (r *Router) likely(mode geo.Mode, list []stop) (stop, bool) {
	if len(list) == 0 {
		return stop{}, false
	}
	if far := &list[len(list)-1]; !r.net.Island(mode, far.Edge) && far.Distance <= list[0].Distance+islandDetour {
		return *far, true
	}
	return list[0], true
}

func (r *Router) usable(m geo.Mode, edge uint32) bool {
	p := r.net.ProfileOf(edge)
	return p.Speed[m][0] > 0 || p.Speed[m][1] > 0
}

// curb is how far, in metres, somebody may stand inside a perimeter and still
// be on the street that runs along it.
const curb = 12.0

// starts finds where a rider at a point may be on the network: inside the
// compound around the point, unless a public street is within reach of an arm,
// as perimeters are drawn roughly and positions are rough. The likeliest
// stands first, the others lie in the same room.
func (r *Router) starts(p orb.Point, mode geo.Mode) ([]stop, error) {
	return r.appendStarts(nil, p, mode)
}

// appendStarts puts the starts into the room of list.
func (r *Router) appendStarts(list []stop, p orb.Point, mode geo.Mode) ([]stop, error) {
	room := r.net.RoomAt(p)
	list = r.appendCandidates(list, p, mode, snapLimit, func(s street.Snap) bool {
		at := r.net.Room(s.Edge)
		return at == room || at == street.Public && s.Distance <= curb
	})
	if len(list) == 0 && room != street.Public {
		list = r.appendCandidates(list, p, mode, snapLimit, func(s street.Snap) bool { return r.net.Room(s.Edge) == street.Public })
	}
	best, ok := r.likely(mode, list)
	if !ok {
		return nil, farAway(mode)
	}
	list = slices.DeleteFunc(list, func(s stop) bool { return s.room != best.room })
	i := slices.IndexFunc(list, func(s stop) bool { return s.component == best.component })
	copy(list[1:i+1], list[:i])
	list[0] = best
	return list, nil
}

func farAway(mode geo.Mode) error {
	m := mode.Text()
	return geo.NewError(geo.NotFound,
		fmt.Sprintf("这一点 %.1f 公里内没有%s可走的路，请选离路近一些的点，或导入包含这里的地图。", snapLimit/1000, m.Zh),
		fmt.Sprintf("no street to use %s within %.1f km of the point: choose one nearer to a street, or import a map that covers it", m.En, snapLimit/1000))
}

// stopsIn lists for each door of a goal the candidates among the ways of a
// room.
func (r *Router) stopsIn(g *goal, room uint32, mode geo.Mode) [][]stop {
	var out [][]stop
	for _, p := range g.points {
		if list := r.candidates(p, mode, snapLimit, func(s street.Snap) bool { return r.net.Room(s.Edge) == room }); len(list) > 0 {
			out = append(out, list)
		}
	}
	return out
}

// likeliest picks the likeliest stop of each door.
func (r *Router) likeliest(mode geo.Mode, doors [][]stop) []stop {
	var out []stop
	for _, list := range doors {
		s, _ := r.likely(mode, list)
		out = append(out, s)
	}
	return out
}

// ends is a choice of where a route begins and of where it may end, all on one
// component of the network.
type ends struct {
	from  stop
	stops []stop
	cost  float64
}

// join lists the choices of ends that the network joins, the one with the
// shortest stretches off the network first.
func (r *Router) join(mode geo.Mode, starts []stop, doors [][]stop) []ends {
	var out []ends
	for _, from := range starts {
		e := ends{from: from, cost: math.Inf(1)}
		for _, list := range doors {
			if s := inComponent(list, from.component); s != nil {
				e.stops = append(e.stops, *s)
				e.cost = min(e.cost, from.Distance+s.Distance)
			}
		}
		if len(e.stops) == 0 {
			continue
		}
		if r.net.Island(mode, from.Edge) {
			e.cost += 2 * islandCost
		}
		out = append(out, e)
	}
	slices.SortStableFunc(out, func(a, b ends) int { return cmp.Compare(a.cost, b.cost) })
	return out
}
