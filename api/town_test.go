package api

import (
	"bytes"
	"context"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/street"
	"yizhan/tiles"
	"yizhan/tiles/pmtiles"
)

// The town of the tests, in metres around a corner of Beijing:
//
//	             24 ───────── 25          北街, 小路
//	              │  ┌────────────┐
//	              │  │     10号楼 │
//	             21 =W=── 23      │       锦绣苑, walled; west gate locked,
//	              │  │     │      │       south gate open 06:00–24:00
//	              │  └────=S=─────┘
//	1 ───── 2 ─── 3 ───── 22 ─── 4 ─── 5  测试路
const (
	originLon, originLat = 116.35, 39.96
	compoundID           = "osm:w100"
	buildingID           = "osm:w200"
	southGate            = "osm:n20"
	westGate             = "osm:n21"
)

// spot returns the point some metres east and north of the origin.
func spot(x, y float64) orb.Point {
	const perDegree = geo.EarthRadius * math.Pi / 180
	return orb.Point{originLon + x/(perDegree*math.Cos(originLat*math.Pi/180)), originLat + y/perDegree}
}

func ring(x0, y0, x1, y1 float64) orb.Ring {
	return orb.Ring{spot(x0, y0), spot(x1, y0), spot(x1, y1), spot(x0, y1), spot(x0, y0)}
}

// plainTown is the town unchanged, made once for all tests.
var plainTown = sync.OnceValues(func() (*atlas.Atlas, error) { return makeTown(nil) })

// townStreets builds the streets, the compound, its gates and buildings.
func townStreets() (*street.Network, error) {
	b := street.NewBuilder(street.Options{})
	for id, p := range map[int64]orb.Point{
		1: spot(-500, 0), 2: spot(-200, 0), 3: spot(0, 0), 22: spot(150, 0), 4: spot(250, 0), 5: spot(500, 0),
		20: spot(150, 50), 23: spot(150, 150), 21: spot(50, 140), 26: spot(0, 150), 24: spot(0, 300), 25: spot(500, 300),
	} {
		b.Node(id, p)
	}
	b.Way(street.Way{ID: 1, Nodes: []int64{1, 2, 3, 22, 4, 5}, Class: "tertiary", Name: "测试路", Names: map[string]string{"en": "Test Road"}})
	b.Way(street.Way{ID: 2, Nodes: []int64{3, 26, 24, 25}, Class: "residential", Name: "北街"})
	b.Way(street.Way{ID: 3, Nodes: []int64{22, 20, 23, 21, 26}, Class: "service"})
	gate := func(id int64, pid, name string, tags geo.Tags) {
		b.Barrier(id, geo.Place{ID: pid, Kind: geo.KindGate, Name: name, Gate: &geo.Gate{Barrier: "gate", Tags: tags},
			Source: geo.Source{Feed: geo.FeedOSM, Ref: pid[4:]}})
	}
	gate(20, southGate, "南门", geo.Tags{"opening_hours": "Mo-Su 06:00-24:00", "bicycle": "dismount"})
	gate(21, westGate, "西门", geo.Tags{"locked": "yes"})
	b.Compound(geo.Compound{ID: compoundID, Type: geo.Residential, Name: "锦绣苑", Aliases: []string{"锦绣"}, Walled: true,
		Perimeter: orb.MultiPolygon{{ring(50, 50, 250, 250)}}})
	b.Building(geo.Building{ID: buildingID, Number: "10", Outline: orb.Polygon{ring(180, 160, 200, 180)}, Center: spot(190, 170),
		Entrances: []geo.Entrance{{ID: "osm:n30", Point: spot(180, 170), Type: "staircase", Unit: "1"}}})
	b.Building(geo.Building{ID: "osm:w201", Name: "孤楼", Outline: orb.Polygon{ring(-480, -420, -460, -400)}, Center: spot(-470, -410)})
	n, _, err := b.Build()
	return n, err
}

// townPlaces are the places that the tables of the tests speak of. At noon:
// open are s1, s2 and s7; closed is s4; unknown are s3 and s9.
func townPlaces() []*geo.Place {
	src := geo.Source{Feed: "test", Ref: "row"}
	day := func(d int) time.Time { return time.Date(2026, 5, d, 0, 0, 0, 0, time.UTC) }
	station := func(id string, x, y float64, p geo.Place) *geo.Place {
		p.ID, p.Kind, p.Point, p.Source = id, geo.KindStation, spot(x, y), src
		if p.Station == nil {
			p.Station = &geo.Station{Type: geo.Branch, Network: "喜乐", Hub: "t:s2"}
		}
		if p.Name == "" {
			p.Name = "驿站 " + id
		}
		return &p
	}
	return []*geo.Place{
		station("t:s1", -100, 20, geo.Place{Name: "喜乐驿站", Names: map[string]string{"en": "Joy Station"}, Hours: "Mo-Su 09:30-21:00",
			Facilities: []geo.Facility{"drinking_water", "microwave"}, Station: &geo.Station{Type: geo.Merchant}, Phone: "010-1", Address: "测试路1号"}),
		station("t:s2", -300, -20, geo.Place{Name: "总站", Hours: "24/7",
			Facilities: []geo.Facility{"fridge", "microwave", "drinking_water"}, Station: &geo.Station{Type: geo.Hub, Network: "喜乐"}}),
		station("t:s3", 60, -20, geo.Place{Name: `老王"便利"店 <b>\`, HoursText: "看情况", Note: "第一行\n第二行"}),
		station("t:s4", 20, -30, geo.Place{Hours: "Mo-Su 18:00-22:00", Facilities: []geo.Facility{"rest"}}),
		station("t:s5", 10, 10, geo.Place{Name: "体检", Hours: "09:00-11:00", Valid: &geo.Period{From: day(12), Until: day(13)}, Station: &geo.Station{Type: geo.Event, Booking: "电话"}}),
		station("t:s6", 12, 10, geo.Place{Name: "去年的活动", Valid: &geo.Period{From: day(1), Until: day(2)}, Station: &geo.Station{Type: geo.Event}}),
		station("t:s7", 400, 20, geo.Place{Name: "本周活动", Hours: "24/7", Valid: &geo.Period{From: day(7), Until: day(9)}, Station: &geo.Station{Type: geo.Event}}),
		{ID: "t:s8", Kind: geo.KindStation, Name: "未定点", Unplaced: true, Station: &geo.Station{}, Source: src},
		station("t:s9", 160, 140, geo.Place{Name: "院内驿站"}),
		{ID: "t:c1", Kind: geo.KindCharger, Name: "充电", Point: spot(-50, -10), Hours: "24/7", Charger: &geo.Charger{Vehicles: []string{"ebike"}, Sockets: 10, Fee: "1元/时"}, Source: src},
		{ID: "t:b1", Kind: geo.KindBusStop, Name: "测试路口", Point: spot(0, -5), BusStop: &geo.BusStop{Lines: []string{"1路", "2路"}, Shelter: true}, Source: src},
		{ID: "t:p1", Kind: geo.KindParking, Name: "", Point: spot(140, 45), Parking: &geo.Parking{Vehicles: []string{"ebike"}, Capacity: 12}, Source: src},
		{ID: "t:k1", Kind: geo.KindSharedBike, Name: "共享单车", Point: spot(200, 100), Bikes: &geo.SharedBikes{Capacity: 10, Network: "美团"}, Source: src},
		{ID: "t:中文/斜杠%", Kind: geo.KindParking, Name: "怪编号", Point: spot(-400, 10), Parking: &geo.Parking{Covered: true}, Source: src},
	}
}

// baseArchive is a small real archive, made once for all tests.
var baseArchive = sync.OnceValues(func() ([]byte, error) {
	features := []geo.MapFeature{
		{Layer: geo.LayerRoad, Class: "tertiary", Name: "测试路", NameEn: "Test Road", MinZoom: 10, Geometry: orb.LineString{spot(-500, 0), spot(500, 0)}},
		{Layer: geo.LayerGreen, Class: "park", Name: "公园", MinZoom: 10, Geometry: orb.Polygon{ring(-300, 50, -100, 250)}},
		{Layer: geo.LayerCompound, Class: "residential", Name: "锦绣苑", MinZoom: 12, Geometry: orb.Polygon{ring(50, 50, 250, 250)}},
	}
	var out bytes.Buffer
	w := pmtiles.NewWriter(&out, "")
	if err := tiles.Base(context.Background(), features, tiles.BaseOptions{MinZoom: 5, MaxZoom: 15, Name: "town", Workers: 1}, w); err != nil {
		return nil, err
	}
	return out.Bytes(), w.Close()
})

// archiveBase is an archive as the base map of an Atlas.
type archiveBase struct{ *pmtiles.Reader }

func (b archiveBase) Zooms() (least, greatest uint8) { return b.Header().MinZoom, b.Header().MaxZoom }

func (b archiveBase) Bound() orb.Bound {
	h := b.Header()
	return orb.Bound{Min: orb.Point{h.MinLon, h.MinLat}, Max: orb.Point{h.MaxLon, h.MaxLat}}
}

func townBase() (atlas.BaseTiles, error) {
	data, err := baseArchive()
	if err != nil {
		return nil, err
	}
	r, err := pmtiles.NewReader(bytes.NewReader(data), int64(len(data)))
	return archiveBase{r}, err
}

// town returns an Atlas of the town, changed by edit where that is given.
func town(t testing.TB, edit func(*atlas.Parts)) *atlas.Atlas {
	t.Helper()
	a, err := makeTown(edit)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func makeTown(edit func(*atlas.Parts)) (*atlas.Atlas, error) {
	streets, err := townStreets()
	if err != nil {
		return nil, err
	}
	base, err := townBase()
	if err != nil {
		return nil, err
	}
	parts := atlas.Parts{
		Places: townPlaces(), Streets: streets, GatesFromStreets: true, Base: base, BaseVersion: "town",
		Name: geo.Text{Zh: "测试镇", En: "Test town"}, Attribution: "© nobody", Demo: true,
	}
	if edit != nil {
		edit(&parts)
	}
	return atlas.New(parts), nil
}

func testKeeper(t testing.TB) *atlas.Keeper {
	t.Helper()
	a, err := plainTown()
	if err != nil {
		t.Fatal(err)
	}
	k := &atlas.Keeper{}
	k.Swap(a)
	return k
}
