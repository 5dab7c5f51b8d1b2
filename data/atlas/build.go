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
	// Places become the Atlas's own, and the slice too, which is sorted.
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
	a := &Atlas{
		Built: time.Now(), Demo: parts.Demo, Name: parts.Name, Attribution: parts.Attribution,
		Zone: parts.Zone, Streets: parts.Streets, Base: parts.Base,
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
	places := parts.Places
	if parts.GatesFromStreets {
		gates := a.Streets.Gates()
		for i := range gates {
			places = append(places, &gates[i])
		}
	}
	if !slices.IsSortedFunc(places, byID) {
		slices.SortFunc(places, byID)
	}
	a.locate(places)
	a.Places = index.Build(places)
	a.Router = route.New(a.Streets, calendar{a.Zone, a.holidays}.at, route.WithParking(parking(a.Places)))
	a.Isochrones = reach.NewIsochrones(a.Router, a.Streets)
	a.parseHours(places)

	var wg sync.WaitGroup
	wg.Go(func() { a.Search = searchIndex(a) })
	a.render()
	a.digest(parts.BaseVersion, parts.StreetsVersion)
	wg.Wait()
	a.entered = enteredGates(places, a.Streets)
	a.speaksFor, _ = speakers(a.entered, a.Streets)
	a.under(slices.Clone(parts.Closures))
	return a
}

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

// locate says of each place which compound it lies in.
func (a *Atlas) locate(places []*geo.Place) {
	if len(a.Streets.Compounds()) == 0 {
		return
	}
	parallel(len(places), func(from, to int) {
		for i := from; i < to; i++ {
			p := places[i]
			if p.Compound != "" || p.Unplaced || p.Kind == geo.KindGate {
				continue
			}
			if id, ok := a.Streets.CompoundAt(p.Point); ok {
				located := *p
				located.Compound = id
				places[i] = &located
			}
		}
	})
}

// parking says where among places a bike may be left near a point, nearest
// first.
func parking(places *index.Index) func(orb.Point, float64) []*geo.Place {
	const bays = 4
	return func(p orb.Point, within float64) []*geo.Place {
		hits := places.Nearest(index.Query{At: p, Kinds: []geo.Kind{geo.KindParking}, Within: within, Limit: bays})
		near := make([]*geo.Place, len(hits))
		for i, h := range hits {
			near[i] = places.Place(h.Slot)
		}
		return near
	}
}

// parseHours parses each opening_hours string once, whoever has it.
func (a *Atlas) parseHours(places []*geo.Place) {
	a.schedules = make(map[string]*hours.Schedule)
	for _, p := range places {
		if p.Hours == "" {
			continue
		}
		s, seen := a.schedules[p.Hours]
		if !seen {
			s, _ = hours.Parse(p.Hours)
			a.schedules[p.Hours] = s
		}
		if s == nil {
			a.badHours = append(a.badHours, p.ID)
		}
	}
}

// parallel calls do for ranges that cover 0 to n.
func parallel(n int, do func(from, to int)) {
	const least = 2048
	parts := min(runtime.GOMAXPROCS(0), n/least+1)
	var wg sync.WaitGroup
	for i := range parts {
		wg.Go(func() { do(n*i/parts, n*(i+1)/parts) })
	}
	wg.Wait()
}

func searchIndex(a *Atlas) *search.Index {
	named := a.Streets.Streets()
	streets := make([]search.Street, len(named))
	for i, s := range named {
		streets[i] = search.Street{ID: s.ID, Name: s.Name, Names: s.Names, Point: s.Point}
	}
	return search.Build(search.Source{
		Places: a.Places, Compounds: a.Streets.Compounds(), Buildings: a.Streets.Buildings(), Streets: streets,
	})
}

// digest is a content hash.
type digest [sha256.Size]byte

// digest computes the hash of each layer but the closures.
func (a *Atlas) digest(baseVersion, streetsVersion string) {
	a.layers = make(map[string]digest)
	for _, k := range geo.Kinds() {
		if d := a.Places.Digest(k.Kind); d != (digest{}) {
			a.layers[string(k.Kind)] = d
		}
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
