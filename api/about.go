package api

import (
	"yizhan/geo"
)

// about answers with what the server holds.
func (s *Server) about(r *call) error {
	tag := r.tag()
	if r.unchanged(tag, cacheRevalidate) {
		return nil
	}
	a := r.atlas
	type kind struct {
		geo.KindInfo
		Count int `json:"count"`
	}
	type zooms struct {
		Min uint8 `json:"min_zoom"`
		Max uint8 `json:"max_zoom"`
	}
	b := bounds(a)
	c := b.Center()
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
	return r.sendJSON(tag, cacheRevalidate, out)
}
