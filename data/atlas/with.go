package atlas

import (
	"maps"
	"slices"

	"yizhan/geo"
	"yizhan/geo/hours"
	"yizhan/geo/route"
)

// with returns the Atlas that differs by a few places: those put are added or
// take the place of the one with their ID, those whose IDs are in remove are
// not in it. The places become its own; no ID may come twice. It shares all
// that stays as it is, and takes milliseconds however many places there are.
func (a *Atlas) with(put []*geo.Place, remove []string) *Atlas {
	b := a.next()
	b.fresh = slices.Clip(b.fresh)
	touched := make(map[geo.Kind]bool)
	gates := false
	note := func(id string, p *geo.Place) {
		e := edit{id: id}
		if s, ok := a.Places.Find(id); ok {
			e.points[0], e.placed[0] = a.Places.Point(s), a.Places.Placed(s)
			touched[a.Places.Kind(s)] = true
			gates = gates || a.isEntered(id)
			b.fromOSM -= countOSM(a.Places.Place(s))
		}
		if p != nil {
			e.points[1], e.placed[1] = p.Point, !p.Unplaced
			touched[p.Kind] = true
			gates = gates || p.Kind == geo.KindGate
			b.fromOSM += countOSM(p)
		}
		b.fresh = append(b.fresh, e)
	}
	for i, p := range put {
		p = a.located(p)
		put[i] = p
		note(p.ID, p)
	}
	for _, id := range remove {
		note(id, nil)
	}
	b.Places = a.Places.With(put, remove)
	b.render()
	b.Search = a.Search.With(b.Places)
	b.reschedule(put, remove)
	b.rebind(touched[geo.KindParking])
	if b.pins = new(pinSets); b.Router == a.Router {
		b.pins = a.pins.without(touched, a.Places)
	}
	b.attribute()
	b.layers = maps.Clone(a.layers)
	for kind := range touched {
		b.digestKind(kind)
	}
	if gates {
		b.reenter(put, remove)
	} else {
		b.Version = b.version()
	}
	return b
}

// located returns a place with the compound that it lies in.
func (a *Atlas) located(p *geo.Place) *geo.Place {
	if p.Compound != "" || p.Unplaced || p.Kind == geo.KindGate || len(a.Streets.Compounds()) == 0 {
		return p
	}
	id, ok := a.Streets.CompoundAt(p.Point)
	if !ok {
		return p
	}
	located := *p
	located.Compound = id
	return &located
}

// bare returns a place without the compound that it is told anyway, by where it
// lies.
func (a *Atlas) bare(p *geo.Place) *geo.Place {
	if p.Compound == "" {
		return p
	}
	q := *p
	q.Compound = ""
	if a.located(&q).Compound == p.Compound {
		return &q
	}
	return p
}

// schedules are the opening hours by their text, nil those that cannot be
// read. Few are in late: those that edits brought.
type schedules struct{ early, late map[string]*hours.Schedule }

func (s *schedules) of(text string) (*hours.Schedule, bool) {
	if got, ok := s.early[text]; ok {
		return got, true
	}
	got, ok := s.late[text]
	return got, ok
}

// reschedule reads the opening hours of places put, and keeps the list of
// those that have none that can be read.
func (a *Atlas) reschedule(put []*geo.Place, remove []string) {
	own, ownBad := false, false
	bad := func(id string, is bool) {
		at, was := slices.BinarySearch(a.badHours, id)
		if was == is {
			return
		}
		if !ownBad {
			a.badHours, ownBad = slices.Clone(a.badHours), true
		}
		if is {
			a.badHours = slices.Insert(a.badHours, at, id)
		} else {
			a.badHours = slices.Delete(a.badHours, at, at+1)
		}
	}
	for _, p := range put {
		if p.Hours == "" {
			bad(p.ID, false)
			continue
		}
		s, known := a.schedules.of(p.Hours)
		if !known {
			s, _ = hours.Parse(p.Hours)
			if !own {
				a.schedules.late, own = maps.Clone(a.schedules.late), true
			}
			if a.schedules.late == nil {
				a.schedules.late = make(map[string]*hours.Schedule)
			}
			a.schedules.late[p.Hours] = s
		}
		bad(p.ID, s == nil)
	}
	for _, id := range remove {
		bad(id, false)
	}
}

// isEntered says whether a gate is one of the entered ones.
func (a *Atlas) isEntered(id string) bool {
	_, ok := slices.BinarySearchFunc(a.entered, id, func(p *geo.Place, id string) int { return compareIDs(p.ID, id) })
	return ok
}

// reenter sets the entered gates right and puts the streets under them.
func (a *Atlas) reenter(put []*geo.Place, remove []string) {
	own := ownFeeds(a.Streets)
	entered := slices.DeleteFunc(slices.Clone(a.entered), func(p *geo.Place) bool {
		return slices.Contains(remove, p.ID) || slices.ContainsFunc(put, func(q *geo.Place) bool { return q.ID == p.ID })
	})
	for _, p := range put {
		if isEntered(p, own) {
			entered = append(entered, p)
		}
	}
	slices.SortFunc(entered, byID)
	a.entered = entered
	a.speaksFor, _ = speakers(entered, a.Streets.Base())
	a.under(a.closures)
}

// rebind makes the router look for parking among the places of this Atlas, and
// hold no other ones in memory. Where the parking is as before, the router
// stays.
func (a *Atlas) rebind(changed bool) {
	if !changed {
		a.bays.places.Store(a.Places)
		return
	}
	a.bays = newBays(a.Places)
	a.Router = a.Router.With(a.Streets, route.WithParking(a.bays.near))
	a.Isochrones = a.Isochrones.With(a.Router, a.Streets)
}
