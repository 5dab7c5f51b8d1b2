package storetest

import (
	"strings"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/geo"
)

// Place generates places of a feed that a store takes, with few IDs so that
// they meet again.
func Place(feed string) *rapid.Generator[geo.Place] {
	return rapid.Custom(func(t *rapid.T) geo.Place {
		p := geo.Place{
			ID:    id().Draw(t, "id"),
			Kind:  rapid.SampledFrom(geo.Kinds()).Draw(t, "kind").Kind,
			Name:  text().Draw(t, "name"),
			Names: texts().Draw(t, "names"),
			Note:  text().Draw(t, "note"),
			Hours: text().Draw(t, "hours"),
			Point: orb.Point{
				rapid.Float64Range(-180, 180).Draw(t, "lon"),
				rapid.Float64Range(-90, 90).Draw(t, "lat"),
			},
			Unplaced: rapid.Bool().Draw(t, "unplaced"),
			Source:   geo.Source{Feed: feed, Ref: text().Draw(t, "ref"), Time: instant().Draw(t, "time")},
			Extra:    texts().Draw(t, "extra"),
		}
		if rapid.Bool().Draw(t, "has origin") {
			p.Origin = &geo.Origin{Datum: "gcj02", Lon: rapid.Float64Range(-1e9, 1e9).Draw(t, "origin lon"), Lat: rapid.Float64Range(-1e-9, 1e-9).Draw(t, "origin lat")}
		}
		if rapid.Bool().Draw(t, "has period") {
			p.Valid = &geo.Period{From: instant().Draw(t, "from"), Until: instant().Draw(t, "until")}
		}
		for _, f := range geo.Facilities() {
			if rapid.Bool().Draw(t, "has facility") {
				p.Facilities = append(p.Facilities, f.Facility)
			}
		}
		if rapid.Bool().Draw(t, "has fields of its kind") {
			ofKind(t, &p)
		}
		return p
	})
}

func ofKind(t *rapid.T, p *geo.Place) {
	list := rapid.SliceOfN(text(), 0, 3).Draw(t, "list")
	word, flag, n := text().Draw(t, "word"), rapid.Bool().Draw(t, "flag"), rapid.IntRange(0, 1<<30).Draw(t, "n")
	switch p.Kind {
	case geo.KindStation:
		p.Station = &geo.Station{Type: geo.StationType(word), Hub: word, Network: word}
	case geo.KindGate:
		p.Gate = &geo.Gate{Barrier: word, Inferred: flag, Tags: texts().Draw(t, "tags"), Compounds: list}
	case geo.KindCharger:
		p.Charger = &geo.Charger{Vehicles: list, Sockets: n, Fee: word}
	case geo.KindBusStop:
		p.BusStop = &geo.BusStop{Lines: list, Shelter: flag, Bench: !flag}
	case geo.KindParking:
		p.Parking = &geo.Parking{Vehicles: list, Capacity: n, Covered: flag}
	case geo.KindSharedBike:
		p.Bikes = &geo.SharedBikes{Capacity: n, Network: word}
	}
}

func id() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{"osm:n1", "osm:n2", "table:x:1", "a;b", "'", "站"})
}

func text() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"", "", "水; 茶", "[]", `{"a":"b"}`, "0", "1e5", "NULL", "2026-01-01"}),
		rapid.Map(rapid.StringN(0, 12, -1), func(s string) string {
			return strings.Map(func(r rune) rune {
				if r < ' ' {
					return '\n'
				}
				return r
			}, strings.ToValidUTF8(s, ""))
		}),
	)
}

func texts() *rapid.Generator[map[string]string] {
	return rapid.MapOfN(rapid.OneOf(rapid.Just("en"), text()), text(), 0, 3)
}

func instant() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		if rapid.Bool().Draw(t, "no time") {
			return time.Time{}
		}
		return time.UnixMilli(rapid.Int64Range(-1e12, 4e12).Draw(t, "ms"))
	})
}
