package atlas

import (
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
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

// Parts are what an Atlas is put together from. Every one may be left out.
type Parts struct {
	// Places become the Atlas's own.
	Places []*geo.Place
	// GatesFromStreets adds the gates of Streets to Places, for streets that
	// came without places.
	GatesFromStreets bool
	Streets          *street.Network
	// StreetsVersion stands for the content of Streets; where it is "", it is
	// computed.
	StreetsVersion string
	Base           BaseTiles
	// BaseVersion stands for the content of Base.
	BaseVersion string

	// Closures close and open streets and gates.
	Closures []geo.Closure

	Demo        bool
	Name        geo.Text
	Attribution string
	// Zone is Asia/Shanghai where nil.
	Zone *time.Location

	// sheets says where the features of many places are kept.
	sheets sheets
}

// DefaultZone returns the zone of China, also where the machine has no time
// zone database.
func DefaultZone() *time.Location {
	if z, err := time.LoadLocation("Asia/Shanghai"); err == nil {
		return z
	}
	return time.FixedZone("Asia/Shanghai", 8*3600)
}

// New puts an Atlas together. Places that lie in a compound and do not say so
// are told.
func New(parts Parts) *Atlas {
	m := newMaker(parts, runtime.GOMAXPROCS(0))
	for _, p := range parts.Places {
		m.add(p)
	}
	return m.atlas()
}

// maker makes an Atlas of places that it sees one by one.
type maker struct {
	a       *Atlas
	parts   Parts
	workers int
	builder *index.Builder
	// own are the feeds of the streets, gates the IDs of those of others.
	own   map[string]bool
	gates []string
}

// newMaker begins an Atlas of all parts but Places, on at most a number of
// processors.
func newMaker(parts Parts, workers int) *maker {
	a := &Atlas{
		Built: time.Now(), Demo: parts.Demo, Name: parts.Name, attribution: parts.Attribution,
		Zone: parts.Zone, Streets: parts.Streets, Base: parts.Base, sheets: parts.sheets,
	}
	if a.Zone == nil {
		a.Zone = DefaultZone()
	}
	a.holidays = hours.NoHolidays{}
	if chinese(a.Zone) {
		a.holidays = hours.China()
	}
	if a.Streets == nil {
		a.Streets = emptyStreets()
	}
	a.schedules.early = make(map[string]*hours.Schedule)
	m := &maker{a: a, parts: parts, workers: workers, builder: index.NewBuilder(), own: ownFeeds(a.Streets)}
	if parts.GatesFromStreets {
		if parts.Streets != nil {
			a.fromOSM = 1
		}
		gates := a.Streets.Gates()
		for i := range gates {
			m.add(&gates[i])
		}
	}
	return m
}

// add adds a place. Nothing of it is kept but by the builder.
func (m *maker) add(p *geo.Place) {
	p = m.a.located(p)
	m.a.fromOSM += countOSM(p)
	if isEntered(p, m.own) {
		m.gates = append(m.gates, strings.Clone(p.ID))
	}
	m.builder.Add(p)
	if p.Hours == "" {
		return
	}
	s, seen := m.a.schedules.early[p.Hours]
	if !seen {
		text := strings.Clone(p.Hours)
		s, _ = hours.Parse(text)
		m.a.schedules.early[text] = s
	}
	if s == nil {
		m.a.badHours = append(m.a.badHours, strings.Clone(p.ID))
	}
}

// countOSM is 1 for a place from OpenStreetMap, edited or not, and else 0.
func countOSM(p *geo.Place) int {
	if p.Source.Feed == geo.FeedOSM || strings.HasPrefix(p.ID, geo.FeedOSM+":") {
		return 1
	}
	return 0
}

// attribute sets the attribution: what the folder says, or what the licence of
// OpenStreetMap asks for where something is from there.
func (a *Atlas) attribute() {
	a.Attribution = a.attribution
	if a.attribution == "" && a.fromOSM > 0 {
		a.Attribution = osmAttribution
	}
}

// atlas ends the work.
func (m *maker) atlas() *Atlas {
	a := m.a
	a.attribute()
	a.Places = m.builder.BuildWith(m.workers)
	slices.Sort(a.badHours)
	a.badHours = slices.Compact(a.badHours)
	a.bays = newBays(a.Places)
	a.Router = route.New(a.Streets, calendar{a.Zone, a.holidays}.at, route.WithParking(a.bays.near))
	a.Isochrones = reach.NewIsochrones(a.Router, a.Streets)
	var wg sync.WaitGroup
	if m.workers > 1 {
		wg.Go(func() { a.Search = searchIndex(a, m.workers) })
	} else {
		a.Search = searchIndex(a, m.workers)
	}
	a.render()
	a.digest(m.parts.BaseVersion, m.parts.StreetsVersion)
	wg.Wait()
	slices.Sort(m.gates)
	for _, id := range slices.Compact(m.gates) {
		if p, ok := a.Places.Get(id); ok && isEntered(p, m.own) {
			a.entered = append(a.entered, p)
		}
	}
	a.speaksFor, _ = speakers(a.entered, a.Streets)
	a.under(slices.Clone(m.parts.Closures))
	return a
}

func compareIDs(a, b string) int { return strings.Compare(a, b) }

func byID(a, b *geo.Place) int { return strings.Compare(a.ID, b.ID) }

// chinese says whether a zone is that of mainland China, whose public holidays
// are known.
func chinese(zone *time.Location) bool {
	switch zone.String() {
	case "Asia/Shanghai", "Asia/Chongqing", "Asia/Harbin", "Asia/Urumqi", "PRC":
		return true
	}
	return false
}

func emptyStreets() *street.Network {
	n, _, err := street.NewBuilder(street.Options{}).Build()
	if err != nil {
		return new(street.Network)
	}
	return n
}

// bays is where a router looks for parking.
type bays struct{ places atomic.Pointer[index.Index] }

func newBays(places *index.Index) *bays {
	b := new(bays)
	b.places.Store(places)
	return b
}

// near says where a bike may be left near a point, nearest first.
func (b *bays) near(p orb.Point, within float64) []*geo.Place {
	const most = 4
	places := b.places.Load()
	hits := places.Nearest(index.Query{At: p, Kinds: []geo.Kind{geo.KindParking}, Within: within, Limit: most})
	near := make([]*geo.Place, len(hits))
	for i, h := range hits {
		near[i] = places.Place(h.Slot)
	}
	return near
}

func searchIndex(a *Atlas, workers int) *search.Index {
	named := a.Streets.Streets()
	streets := make([]search.Street, len(named))
	for i, s := range named {
		streets[i] = search.Street{ID: s.ID, Name: s.Name, Names: s.Names, Point: s.Point}
	}
	return search.Build(search.Source{
		Places: a.Places, Compounds: a.Streets.Compounds(), Buildings: a.Streets.Buildings(), Streets: streets,
	}, workers)
}

// digest is a content hash.
type digest [sha256.Size]byte

// digest computes the hash of each layer but the closures.
func (a *Atlas) digest(baseVersion, streetsVersion string) {
	a.layers = make(map[string]digest)
	for _, k := range geo.Kinds() {
		a.digestKind(k.Kind)
	}
	if baseVersion != "" {
		a.layers[LayerBase] = sha256.Sum256([]byte(baseVersion))
	}
	if streetsVersion == "" && a.Streets.NumNodes() > 0 {
		h := sha256.New()
		if _, err := a.Streets.WriteTo(h); err == nil {
			streetsVersion = string(h.Sum(nil))
		}
	}
	// Streets, compounds and buildings come from one file and change together.
	for _, layer := range [...]string{LayerCompound, LayerBuilding, LayerStreet} {
		if streetsVersion != "" {
			a.layers[layer] = sha256.Sum256([]byte(streetsVersion))
		}
	}
}

// digestKind computes the hash of the places of a kind.
func (a *Atlas) digestKind(kind geo.Kind) {
	if d := a.Places.Digest(kind); d != (digest{}) {
		a.layers[string(kind)] = d
	} else {
		delete(a.layers, string(kind))
	}
}

// version stands for all layers and what else is shown.
func (a *Atlas) version() string {
	all := sha256.New()
	for _, layer := range slices.Sorted(maps.Keys(a.layers)) {
		d := a.layers[layer]
		all.Write([]byte(layer))
		all.Write(d[:])
	}
	for _, s := range [...]string{a.Name.Zh, a.Name.En, a.Attribution, a.Zone.String(), strconv.FormatBool(a.Demo)} {
		all.Write([]byte(strconv.Quote(s)))
	}
	return base64.RawURLEncoding.EncodeToString(all.Sum(nil)[:12])
}
