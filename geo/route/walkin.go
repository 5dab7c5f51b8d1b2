package route

import (
	"context"
	"slices"

	"yizhan/geo"
)

// walkIn improves the costs of pins within compounds by the ways on which the
// bike is left at a gate. ride is the run that reached the gates.
//
// A single run on foot starts outside of all those gates, at the time that the
// rider has left the bike there, and keeps to the compounds.
func (r *Router) walkIn(ctx context.Context, ride *search, starts []stop, to []*pin, limit uint32, out []Cost) error {
	around := r.net.Outer(starts[0].room)
	var rooms, zones []uint32
	var list []errand
	for i := range to {
		for _, s := range to[i].walk {
			if has(around, s.room) {
				continue // the rider is in there
			}
			for _, room := range r.net.Outer(s.room) {
				if !has(around, room) && !has(rooms, room) {
					rooms = append(rooms, room)
				}
			}
			if z := r.net.Zone(geo.Foot, s.Edge); z != 0 {
				zones = append(zones, z)
			}
			list = append(list, errand{pin: i, to: s, best: arrival{ms: unreached}})
		}
	}
	if len(list) == 0 {
		return nil
	}
	zones = append(append(zones, rooms...), around...)
	slices.Sort(zones)
	walk := r.pool.Get().(*search)
	defer r.pool.Put(walk)
	walk.begin(geo.Foot, ride.depart, r.where, passRules{zones: slices.Compact(zones), within: rooms, oneWay: true, mayLeave: around})
	for b := range r.net.Barriers() {
		if !joins(&r.net.Barriers()[b], rooms) {
			continue
		}
		for _, side := range r.net.Sides(uint32(b)) {
			if ride.isSettled(side.Node) {
				walk.seed(side.Node, ride.timeAt(side.Node)+parkMillis)
			}
		}
	}
	if err := r.settle(ctx, walk, list, limit); err != nil {
		return err
	}
	for i := range list {
		e := &list[i]
		if e.best.ms == unreached {
			continue
		}
		inside := r.distance(walk, nil, e.to, e.best)
		node, _ := r.net.Ends(e.best.ref)
		_, gate := r.distanceTo(walk, nil, node)
		outside := r.fromStart(ride, starts, gate)
		out[e.pin].improve(e.best.ms, outside+inside, limit)
	}
	return nil
}

// fromStart returns the metres of the path found to a node, from the start
// that lies on its component of the network.
func (r *Router) fromStart(s *search, starts []stop, node uint32) float64 {
	from := inComponent(starts, r.net.Component(s.mode, node))
	metres, _ := r.distanceTo(s, from, node)
	return metres
}
