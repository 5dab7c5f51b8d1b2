package demo

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/paulmach/orb"

	"yizhan/data/osm"
	"yizhan/geo"
)

// Options say what to make.
type Options struct {
	// Seed chooses the district.
	Seed uint64
	// Places is how many places to make, about: 0 gives the demo district of
	// 40 compounds. Above some ten thousand, places without streets are
	// spread around the district.
	Places int
	// Now dates the mobile service: the Saturday that follows. Its zone is
	// the district's.
	Now time.Time
	// Center is the middle in lon,lat; zero is a spot in Chengdu.
	Center orb.Point
}

// The demo's measure, and how large the part with streets may become.
const (
	demoCompounds       = 40
	placesPerCompound   = 8
	maxCompounds        = 1500
	defaultLon          = 104.06
	defaultLat          = 30.67
	districtZh          = "望溪街道（虚构示例）"
	districtEn          = "Wangxi Subdistrict (invented)"
	districtAttribution = "虚构数据 · invented data"
)

// District is an invented district. It is an [osm.Source] of its streets,
// compounds and base map; its rest stations are in Places.
type District struct {
	Name        geo.Text
	Attribution string
	// Places have the feed "demo".
	Places []geo.Place

	board *board
}

var _ osm.Source = (*District)(nil)

// Generate makes the district of a seed and a day.
func Generate(opt Options) *District {
	rng := rand.New(rand.NewPCG(opt.Seed, 0x9e3779b97f4a7c15))
	if opt.Center == (orb.Point{}) {
		opt.Center = orb.Point{defaultLon, defaultLat}
	}
	compounds := demoCompounds
	if opt.Places > 0 {
		compounds = min(max(opt.Places/placesPerCompound, 4), maxCompounds)
	}
	g := newGround(opt.Center[0], opt.Center[1], rng)
	b := newBoard(g)
	p := newPlan(compounds, rng)
	s := newStreets(p, b)
	nameBlocks(p)

	b.node(p.bound.middle(), "place", "suburb", "name", districtZh, "name:en", districtEn)
	index := 0
	for i, bl := range p.blocks {
		if bl.use.walled() {
			drawCompound(b, s, bl, index, rng)
			index++
		} else {
			drawOpen(b, s, bl, i, rng)
		}
	}
	drawRiver(p, b, s)
	drawMetro(p, b)
	drawBuses(p, b, s)
	s.draw()

	d := &District{
		Name:        geo.Text{Zh: districtZh, En: districtEn},
		Attribution: districtAttribution,
		Places:      makeStations(p, &b.ground, rng, opt.Now),
		board:       b,
	}
	if missing := opt.Places - b.places - len(d.Places); missing > 0 {
		d.Places = append(d.Places, scatter(missing, &b.ground, rng)...)
	}
	return d
}

// nameBlocks names every block by its use.
func nameBlocks(p *plan) {
	endings := map[use]name{
		useCampus:   {"实验学校", "School"},
		useHospital: {"人民医院", "Hospital"},
		useOffice:   {"科技园", "Tech Park"},
		useOldTown:  {"老街坊", "Old Quarter"},
		useMarket:   {"市集", "Market"},
		useMall:     {"广场", "Plaza"},
		usePark:     {"公园", "Park"},
	}
	homes, others := 0, 0
	for _, bl := range p.blocks {
		if bl.use == useCompound {
			bl.name = compoundName(homes)
			homes++
			continue
		}
		root := roots[(others*13+5)%len(roots)]
		if round := others / len(roots); round > 0 {
			root.zh += "第" + number(round+1)
		}
		bl.name = root.and(endings[bl.use].zh, endings[bl.use].en)
		others++
	}
}

// Scan hands over the district's elements, nodes first.
func (d *District) Scan(ctx context.Context, h osm.Handler) error {
	if err := each(ctx, d.board.nodes, h.Node); err != nil {
		return err
	}
	if err := each(ctx, d.board.ways, h.Way); err != nil {
		return err
	}
	return each(ctx, d.board.relations, h.Relation)
}

// Size is 0: there is no file to read.
func (d *District) Size() int64 { return 0 }

func each[E any](ctx context.Context, all []E, hand func(*E) error) error {
	if hand == nil {
		return nil
	}
	for i := range all {
		if i%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := hand(&all[i]); err != nil {
			return err
		}
	}
	return nil
}
