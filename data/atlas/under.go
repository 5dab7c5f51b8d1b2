package atlas

import (
	"crypto/sha256"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/street"
)

// Closures lists what closes or opens streets and gates in this Atlas, in the
// order in which it was entered. The list is shared: do not change it.
func (a *Atlas) Closures() []geo.Closure { return a.closures }

// Closure returns the closure with an ID and its place in the list.
func (a *Atlas) Closure(id string) (c *geo.Closure, i int, ok bool) {
	i = slices.IndexFunc(a.closures, func(c geo.Closure) bool { return c.ID == id })
	if i < 0 {
		return nil, 0, false
	}
	return &a.closures[i], i, true
}

// ClosureEffect returns what the closure at a place in the list holds for.
func (a *Atlas) ClosureEffect(i int) street.ClosureEffect { return a.effect.Closures[i] }

// WithClosures returns an Atlas under other closures. It shares everything
// with a but the rules of the streets, the router and the version.
func (a *Atlas) WithClosures(list []geo.Closure) *Atlas {
	b := a.next()
	b.under(slices.Clone(list))
	return b
}

// next returns a copy that will be the Atlas after this one.
func (a *Atlas) next() *Atlas {
	b := *a
	b.Built, b.Sequence, b.basis, b.fresh = time.Now(), 0, a.Sequence, slices.Clip(a.fresh)
	if a.Sequence == 0 { // a step on the way to one
		b.basis = a.basis
	}
	return &b
}

// EnteredGate is a gate that came from somewhere else than the streets: a
// survey, a spreadsheet.
type EnteredGate struct {
	Place *geo.Place
	// SpeaksFor is the ID of the gate of the streets whose access it says, ""
	// where none is within 30 m: then it is on the map and on no way.
	SpeaksFor string
	// Heard says whether routes obey it: not where it says nothing of who may
	// pass when, or another one speaks for the same gate.
	Heard bool
}

// EnteredGates lists the entered gates in order of their IDs.
func (a *Atlas) EnteredGates() []EnteredGate {
	gates := make([]EnteredGate, len(a.entered))
	for i, p := range a.entered {
		gates[i] = EnteredGate{p, a.speaksFor[p.ID], a.effect.Heard[i]}
	}
	return gates
}

// Speakers says of gates which of the folder's street network each speaks for,
// in their order. Those that came with the streets are left out. ok is false
// where the folder has no streets yet.
func (f Folder) Speakers(gates []*geo.Place) (entered []EnteredGate, ok bool, err error) {
	var parts Parts
	if err := loadStreets(f.Path(StreetsFile), &parts); errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	} else if err != nil {
		return nil, false, f.explain(err)
	}
	a := &Atlas{Streets: parts.Streets}
	a.entered = enteredGates(gates, parts.Streets)
	a.speaksFor, a.effect = speakers(a.entered, parts.Streets)
	return a.EnteredGates(), true, nil
}

// GateRule returns the rule by which routes pass a gate, nil where routes know
// no such gate. It obeys closures and what was entered of the gate.
func (a *Atlas) GateRule(gate string) *street.Rule {
	if is, ok := a.speaksFor[gate]; ok {
		gate = is
	}
	if i, ok := a.Streets.BarrierOf(gate); ok {
		return a.Streets.BarrierRule(i)
	}
	return nil
}

// ownFeeds are the feeds whose gates came with the streets, also those gates
// of which the streets made no use.
func ownFeeds(streets *street.Network) map[string]bool {
	own := map[string]bool{geo.FeedOSM: true}
	mapped := streets.Gates()
	for i := range mapped {
		own[mapped[i].Source.Feed] = true
	}
	return own
}

// isEntered says of a place whether it is a gate that did not come with the
// streets.
func isEntered(p *geo.Place, own map[string]bool) bool {
	return p.Kind == geo.KindGate && p.Gate != nil && !p.Unplaced && !own[p.Source.Feed]
}

// enteredGates picks the gates that did not come with the streets.
func enteredGates(places []*geo.Place, streets *street.Network) []*geo.Place {
	own := ownFeeds(streets)
	var entered []*geo.Place
	for _, p := range places {
		if isEntered(p, own) {
			entered = append(entered, p)
		}
	}
	return entered
}

// speakers finds out which gates of the streets the entered ones speak for.
func speakers(entered []*geo.Place, streets *street.Network) (map[string]string, street.Effect) {
	is := make(map[string]string)
	if len(entered) == 0 {
		return is, street.Effect{}
	}
	_, effect := streets.With(street.Changes{Gates: entered})
	for i, p := range entered {
		if gate := effect.Gates[i]; gate != "" {
			is[p.ID] = gate
		}
	}
	return is, effect
}

// under puts an Atlas under closures, which become its own.
func (a *Atlas) under(list []geo.Closure) {
	a.closures = list
	changes := street.Changes{Closures: slices.Clone(list), Gates: a.entered}
	for i := range changes.Closures {
		// Who closes an entered gate means the one it speaks for.
		if is, ok := a.speaksFor[changes.Closures[i].Gate]; ok {
			changes.Closures[i].Gate = is
		}
	}
	base := a.Streets.Base()
	a.Streets, a.effect = base, street.Effect{}
	if len(changes.Closures)+len(changes.Gates) > 0 {
		a.Streets, a.effect = base.With(changes)
	}
	a.Router = a.Router.With(a.Streets)
	a.pins = &pinSets{}
	a.Isochrones = a.Isochrones.With(a.Router, a.Streets)
	a.layers = maps.Clone(a.layers)
	delete(a.layers, LayerClosure)
	if len(list) > 0 {
		nowhere := func(string) *orb.Point { return nil }
		a.layers[LayerClosure] = sha256.Sum256(encodeClosures(list, nowhere, time.UTC))
	}
	a.Version = a.version()
}

// GatePoint returns where a gate stands, nil where it is not known.
func (a *Atlas) GatePoint(id string) *orb.Point {
	if id == "" {
		return nil
	}
	if g, ok := a.Streets.Gate(id); ok {
		return &g.Point
	}
	if p, ok := a.Places.Get(id); ok && !p.Unplaced {
		return &p.Point
	}
	return nil
}
