package demo

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// Places are spread around the district at about the density of a large
// city: perSquareKm a square kilometre, thicker round some centres.
const perSquareKm = 300

// scatterKinds are the kinds that are spread, with weights in percent.
var scatterKinds = []struct {
	kind   geo.Kind
	weight int
	name   string
}{
	{geo.KindStation, 20, "示例驿站"},
	{geo.KindCharger, 25, "示例充电点"},
	{geo.KindBusStop, 20, "示例公交站"},
	{geo.KindParking, 25, "示例停车点"},
	{geo.KindSharedBike, 10, "示例共享单车"},
}

// One scattered station in uncommon has a fridge, one in rare swaps batteries:
// something to filter by.
const (
	uncommon = 10
	rare     = 1000
)

// scatter makes n places around a district, without streets.
func scatter(n int, g *ground, rng *rand.Rand) []geo.Place {
	radius := 1000 * math.Sqrt(float64(n)/perSquareKm/math.Pi)
	centres := make([]pos, 12)
	for i := range centres {
		centres[i] = inDisc(radius*0.8, rng)
	}
	places := make([]geo.Place, n)
	for i := range places {
		at := inDisc(radius, rng)
		if rng.IntN(3) == 0 {
			c := centres[rng.IntN(len(centres))]
			at = c.plus(rng.NormFloat64()*radius*0.06, rng.NormFloat64()*radius*0.06)
		}
		places[i] = scattered(i, at, g, rng)
	}
	return places
}

func inDisc(radius float64, rng *rand.Rand) pos {
	r, a := radius*math.Sqrt(rng.Float64()), rng.Float64()*2*math.Pi
	return pos{r * math.Cos(a), r * math.Sin(a)}
}

func scattered(i int, at pos, g *ground, rng *rand.Rand) geo.Place {
	pick := rng.IntN(100)
	row := scatterKinds[0]
	for _, row = range scatterKinds {
		if pick -= row.weight; pick < 0 {
			break
		}
	}
	lon, lat := g.lonLat(at)
	p := geo.Place{
		ID: fmt.Sprintf("demo:%d", i+1), Kind: row.kind, Name: row.name + number(i+1),
		Point:  orb.Point{round7(lon), round7(lat)},
		Source: geo.Source{Feed: Feed, Ref: number(i + 1)},
	}
	switch row.kind {
	case geo.KindStation:
		host := branchHosts[i%len(branchHosts)]
		p.Hours, p.Facilities = host.hours, slices.Clone(host.facilities)
		if i%uncommon == 0 {
			p.Facilities = append(p.Facilities, "fridge")
		}
		if i%rare == 0 {
			p.Facilities = append(p.Facilities, "battery_swap")
		}
		p.Station = &geo.Station{Type: host.typ}
	case geo.KindCharger:
		p.Charger = &geo.Charger{Vehicles: []string{"ebike"}, Sockets: 4 + i%16}
	case geo.KindBusStop:
		p.BusStop = &geo.BusStop{Lines: []string{number(1+i%200) + "路"}}
	case geo.KindParking:
		p.Parking = &geo.Parking{Vehicles: []string{"bicycle", "ebike"}, Capacity: 4 + i%40}
	case geo.KindSharedBike:
		p.Bikes = &geo.SharedBikes{Capacity: 10}
	}
	return p
}

// round7 keeps seven decimals, about a centimetre.
func round7(deg float64) float64 { return math.Round(deg*1e7) / 1e7 }
