package atlas

import (
	"iter"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/hours"
	"yizhan/geo/index"
	"yizhan/geo/reach"
	"yizhan/geo/route"
	"yizhan/geo/search"
	"yizhan/geo/street"
)

// Layers of an Atlas beside the kinds of place, as Change names them.
const (
	LayerCompound = "compound"
	LayerBuilding = "building"
	LayerStreet   = "street"
	LayerBase     = "base"
	LayerClosure  = "closure"
)

// BaseTiles is the base map, cut into vector tiles. It is safe for concurrent
// use.
type BaseTiles interface {
	// Tile returns a tile's bytes, compressed with gzip; ok is false where the
	// map is empty. In an Atlas that was read from a folder an error is a
	// *geo.Error, Unavailable: the file was spoilt after it was opened.
	Tile(z uint8, x, y uint32) (data []byte, ok bool, err error)
	// Zooms are the least and the greatest zoom that have tiles.
	Zooms() (least, greatest uint8)
	// Bound is the area of the map in WGS-84.
	Bound() orb.Bound
}

// Atlas is one immutable snapshot of all that the server answers from. It is
// safe for concurrent use and made by New or Open.
type Atlas struct {
	// Version stands for the whole content: the same data give the same
	// version, on every machine and after every restart.
	Version string
	// Sequence grows with each snapshot of a Keeper; 0 before one has it.
	Sequence uint64
	// Built is when the snapshot was made.
	Built time.Time
	// Demo says that everything in it is invented.
	Demo bool
	// Name is what the area is called, zero where nobody said; Attribution
	// names the sources.
	Name        geo.Text
	Attribution string
	// Zone is the zone of opening hours and of times in answers.
	Zone *time.Location

	// Places are all places, the unplaced too. Never nil.
	Places *index.Index
	// Streets is the street network, an empty one where none was imported. It
	// obeys the closures and what was entered of its gates.
	Streets *street.Network
	// Router finds ways in Streets; it knows the parking among Places.
	Router *route.Router
	// Isochrones draws what is reached in Streets.
	Isochrones *reach.Isochrones
	// Search finds places, compounds, buildings and streets by name.
	Search *search.Index
	// Base is the base map, nil where there is none.
	Base BaseTiles

	// attribution is what the folder says, fromOSM how many places are from
	// OpenStreetMap.
	attribution string
	fromOSM     int

	holidays  hours.Holidays
	sheets    sheets
	fragments [2]*fragments
	schedules schedules
	badHours  []string
	layers    map[string]digest
	pins      *pinSets
	bays      *bays
	// closures are in the order of their entering, effect is theirs and the
	// entered gates'; speaksFor gives the gate of the streets by the ID of an
	// entered one.
	closures  []geo.Closure
	effect    street.Effect
	entered   []*geo.Place
	speaksFor map[string]string
	// files are what it was read from.
	files stamp

	// basis is the Sequence of the snapshot that this one was made from by the
	// edits in fresh, 0 where it was made anew. A Keeper turns them into
	// history.
	basis   uint64
	fresh   []edit
	history history
}

// Schedule returns the opening hours of a place, nil where nothing readable is
// known of them.
func (a *Atlas) Schedule(s index.Slot) *hours.Schedule {
	text := a.Places.Hours(s)
	if text == "" {
		return nil
	}
	schedule, _ := a.schedules.of(text)
	return schedule
}

// Hours yields the opening hours of the places, each once, as they are written
// and as they are read; nil where they could not be.
func (a *Atlas) Hours() iter.Seq2[string, *hours.Schedule] {
	return func(yield func(string, *hours.Schedule) bool) {
		for _, some := range [...]map[string]*hours.Schedule{a.schedules.early, a.schedules.late} {
			for text, s := range some {
				if !yield(text, s) {
					return
				}
			}
		}
	}
}

// At is what opening hours at a point depend on beside the instant: its zone
// and holidays.
func (a *Atlas) At(p orb.Point) hours.Place { return calendar{a.Zone, a.holidays}.at(p) }

// calendar is the part of an Atlas that its router needs: one that held the
// Atlas would keep it in memory after closures made another of it.
type calendar struct {
	zone     *time.Location
	holidays hours.Holidays
}

func (c calendar) at(p orb.Point) hours.Place {
	return hours.Place{Point: p, Zone: c.zone, Holidays: c.holidays}
}

// UnreadableHours lists the IDs of the places whose hours could not be parsed,
// sorted.
func (a *Atlas) UnreadableHours() []string { return a.badHours }

// Bound is the area in which there are places, streets or base tiles. Its
// Min lies beyond its Max where the Atlas is empty.
func (a *Atlas) Bound() orb.Bound {
	empty := orb.Bound{Min: orb.Point{1, 1}, Max: orb.Point{-1, -1}}
	bound := empty
	add := func(b orb.Bound, ok bool) {
		switch {
		case !ok:
		case bound == empty:
			bound = b
		default:
			bound = bound.Union(b)
		}
	}
	if a.Streets != nil {
		add(a.Streets.Bound(), a.Streets.NumNodes() > 0)
	}
	if a.Places != nil {
		b := a.Places.Bound()
		add(b, !b.IsEmpty())
	}
	if bound == empty && a.Base != nil {
		bound = a.Base.Bound()
	}
	return bound
}

// changedSince lists the layers that differ from those of another Atlas, nil
// standing for an empty one.
func (a *Atlas) changedSince(b *Atlas) []string {
	before := make(map[string]digest)
	if b != nil {
		before = b.layers
	}
	changed := []string{}
	for layer, d := range a.layers {
		if before[layer] != d {
			changed = append(changed, layer)
		}
	}
	for layer := range before {
		if _, ok := a.layers[layer]; !ok {
			changed = append(changed, layer)
		}
	}
	return union(changed, nil)
}

// compoundName is the name of a compound, "" for one that is not known.
func (a *Atlas) compoundName(id string) string {
	if a.Streets == nil {
		return ""
	}
	if c, ok := a.Streets.Compound(id); ok {
		return c.Name
	}
	return ""
}
