package api

import (
	"encoding/json"
	"math"

	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/index"
)

// about answers with what the server holds.
func (s *Server) about(r *call) error {
	tag := r.tag()
	if r.unchanged(tag, cacheRevalidate) {
		return nil
	}
	body, err := s.views.of(r.atlas).aboutOf(r.atlas)
	if err != nil {
		return err
	}
	return r.send(answer{kind: typeJSON, tag: tag, cache: cacheRevalidate, body: body})
}

// aboutJSON is the answer of /api/about. It holds no character that would end
// a script element.
func aboutJSON(a *atlas.Atlas) ([]byte, error) {
	type kind struct {
		geo.KindInfo
		Count int `json:"count"`
	}
	type zooms struct {
		Min uint8 `json:"min_zoom"`
		Max uint8 `json:"max_zoom"`
	}
	b := bounds(a)
	c := heart(a)
	out := struct {
		Name         geo.Text              `json:"name"`
		Demo         bool                  `json:"demo"`
		Version      string                `json:"version"`
		Attribution  string                `json:"attribution"`
		Zone         string                `json:"zone"`
		Bounds       [4]float64            `json:"bounds"`
		Center       [2]float64            `json:"center"`
		Kinds        []kind                `json:"kinds"`
		Facilities   []geo.FacilityInfo    `json:"facilities"`
		StationTypes []geo.StationTypeInfo `json:"station_types"`
		Base         *zooms                `json:"base"`
	}{
		Name: a.Name, Demo: a.Demo, Version: a.Version, Attribution: a.Attribution, Zone: a.Zone.String(),
		Bounds:     [4]float64{seven(b.Min[0]), seven(b.Min[1]), seven(b.Max[0]), seven(b.Max[1])},
		Center:     [2]float64{seven(c[0]), seven(c[1])},
		Facilities: geo.Facilities(), StationTypes: geo.StationTypes(),
	}
	if a.Base != nil {
		lo, hi := a.Base.Zooms()
		out.Base = &zooms{lo, hi}
	}
	for _, k := range geo.Kinds() {
		out.Kinds = append(out.Kinds, kind{k, a.Places.Len(k.Kind)})
	}
	return json.Marshal(out)
}

// heart is where a map that knows nothing of its reader begins: the middle of
// the part where the places people come for are densest, of stations where
// there are any. The middle of the bounds can lie far from everything.
func heart(a *atlas.Atlas) orb.Point {
	const cell = 0.008 // degrees, some 800 m
	type square struct{ x, y int32 }
	type sum struct {
		n        int
		lon, lat float64
	}
	squares := map[square]sum{}
	var best sum
	kind := geo.KindStation
	if a.Places.Len(kind) == 0 {
		kind = ""
	}
	for slot := range a.Places.All(kind) {
		p := a.Places.Point(slot)
		at := square{int32(math.Floor(p[0] / cell)), int32(math.Floor(p[1] / cell))}
		s := squares[at]
		s = sum{s.n + 1, s.lon + p[0], s.lat + p[1]}
		squares[at] = s
		if s.n > best.n {
			best = s
		}
	}
	if best.n == 0 {
		return bounds(a).Center()
	}
	// The place nearest to it: a rider begins at a door on a street, not in the
	// middle of a walled block.
	middle := orb.Point{best.lon / float64(best.n), best.lat / float64(best.n)}
	var kinds []geo.Kind
	if kind != "" {
		kinds = []geo.Kind{kind}
	}
	for _, hit := range a.Places.Nearest(index.Query{At: middle, Kinds: kinds, Limit: 1}) {
		return a.Places.Point(hit.Slot)
	}
	return middle
}
