package osm

import (
	"slices"
	"testing"

	"yizhan/geo"
)

func mustMapping(t testing.TB) *mapping {
	t.Helper()
	m, err := newMapping()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// satisfy returns the tags that a condition asks for, with its first values.
func satisfy(e expr) Tags {
	var tags Tags
	for _, t := range e {
		if t.not || tags.Get(t.key) != "" {
			continue
		}
		v := "yes"
		if len(t.values) > 0 {
			v = t.values[0]
		}
		tags = append(tags, Tag{Key: t.key, Value: v})
	}
	return tags
}

// TestRowsAreReached checks of every row of every table that the tags it
// names lead to it and to no row above it.
func TestRowsAreReached(t *testing.T) {
	m := mustMapping(t)
	reach(t, "placeRows", m.places, func(a, b placeRow) bool { return a.On&b.On != 0 })
	reach(t, "compoundRows", m.compounds, nil)
	reach(t, "buildingRows", m.buildings, nil)
	reach(t, "streetRows", m.streets, nil)
	reach(t, "wallRows", m.walls, nil)
	reach(t, "baseRows", m.base, func(a, b baseRow) bool { return a.On&b.On != 0 })
	reach(t, "entranceRows", m.entrances, nil)
	reach(t, "barrierRows", m.barriers, nil)
	reach(t, "throughRows", m.through, nil)
	reach(t, "busRoutes", m.buses, nil)
	reach(t, "goneRows", m.gone, nil)
}

func reach[R rule](t *testing.T, name string, table *table[R], same func(a, b R) bool) {
	t.Helper()
	for i, row := range table.rows {
		tags := satisfy(table.exprs[i])
		if !table.exprs[i].holds(tags) {
			t.Errorf("%s: no tags fulfil %q", name, row.when())
			continue
		}
		got := table.first(tags, func(r *R) bool { return same == nil || same(row, *r) })
		if got != &table.rows[i] {
			t.Errorf("%s: %v is taken by %q before %q", name, tags, (*got).when(), row.when())
		}
	}
}

func TestBaseRowsFitTheLayers(t *testing.T) {
	layers := geo.MapLayers()
	for _, r := range baseRows {
		if !slices.Contains(layers[:], r.Layer) || r.Class == "" || r.MinZoom > maxMinZoom+1 || r.On == 0 {
			t.Errorf("row %q: layer %q class %q from zoom %d on shape %d", r.When, r.Layer, r.Class, r.MinZoom, r.On)
		}
	}
}

func TestExpr(t *testing.T) {
	for _, c := range []struct {
		when, tags string
		want       bool
	}{
		{"a=b", "a=b", true},
		{"a=b", "a=c", false},
		{"a=b|c", "a=c", true},
		{"a=b", "a=x;b", true},
		{"a=b", "a=xb", false},
		{"a=*", "a=anything", true},
		{"a=*", "a=no", false},
		{"a=*", "b=c", false},
		{"a~驿站", "a=爱心驿站一号", true},
		{"a~驿站", "a=驿", false},
		{"a=b !c=d", "a=b", true},
		{"a=b !c=d", "a=b c=d", false},
		{"a=b !c=*", "a=b c=no", true},
		{"a=b c=d", "a=b", false},
	} {
		e, err := parseExpr(c.when)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.holds(tagsFrom(c.tags)); got != c.want {
			t.Errorf("%q on %q: got %v", c.when, c.tags, got)
		}
	}
	for _, bad := range []string{"", "a", "=b", "a=", "!a=b"} {
		if _, err := parseExpr(bad); err == nil {
			t.Errorf("%q is no condition and was read as one", bad)
		}
	}
}

// TestPlaceOfTags gives tags and the kind of place they make.
func TestPlaceOfTags(t *testing.T) {
	m := mustMapping(t)
	for _, c := range []struct {
		tags string
		on   shape
		want geo.Kind
	}{
		{"barrier=gate", onNode, geo.KindGate},
		{"barrier=gate", onLine, ""},
		{"barrier=lift_gate", onNode, geo.KindGate},
		{"barrier=swing_gate", onNode, geo.KindGate},
		{"barrier=sliding_gate", onNode, geo.KindGate},
		{"barrier=wicket_gate", onNode, geo.KindGate},
		{"barrier=turnstile", onNode, geo.KindGate},
		{"barrier=full-height_turnstile", onNode, geo.KindGate},
		{"barrier=kissing_gate", onNode, geo.KindGate},
		{"barrier=entrance", onNode, geo.KindGate},
		{"barrier=checkpoint", onNode, geo.KindGate},
		{"barrier=security_control", onNode, geo.KindGate},
		{"barrier=bollard", onNode, ""},
		{"barrier=block", onNode, ""},
		{"barrier=kerb", onNode, ""},
		{"entrance=main", onNode, ""},
		{"amenity=charging_station", onNode, geo.KindCharger},
		{"amenity=charging_station", onArea, geo.KindCharger},
		{"amenity=device_charging_station", onNode, geo.KindCharger},
		{"man_made=charge_point", onNode, ""},
		{"highway=bus_stop", onNode, geo.KindBusStop},
		{"public_transport=platform bus=yes", onLine, geo.KindBusStop},
		{"public_transport=platform bus=yes tram=yes", onNode, geo.KindBusStop},
		{"public_transport=platform", onNode, geo.KindBusStop},
		{"public_transport=platform railway=platform", onArea, ""},
		{"public_transport=platform train=yes", onNode, ""},
		{"public_transport=platform subway=yes", onNode, ""},
		{"public_transport=stop_position bus=yes", onNode, geo.KindBusStop},
		{"public_transport=stop_position", onNode, ""},
		{"public_transport=stop_position @bus_route=yes", onNode, geo.KindBusStop},
		{"public_transport=stop_position subway=yes", onNode, ""},
		{"amenity=bus_station", onArea, geo.KindBusStop},
		{"amenity=bicycle_parking", onNode, geo.KindParking},
		{"amenity=bicycle_parking", onArea, geo.KindParking},
		{"amenity=motorcycle_parking", onNode, geo.KindParking},
		{"amenity=parking", onArea, ""},
		{"amenity=bicycle_rental", onNode, geo.KindSharedBike},
		{"name=户外劳动者服务站点 amenity=shelter", onNode, geo.KindStation},
		{"name=暖蜂驿站", onArea, geo.KindStation},
		{"name=菜鸟驿站 shop=outpost", onNode, ""},
		{"name=北邮邮驿站 amenity=post_office", onArea, ""},
		{"name=爱心驿站 amenity=post_office", onNode, ""},
		{"name=骑士驿站 tourism=hotel", onNode, ""},
		{"name=云水驿站 tourism=guest_house", onNode, ""},
		{"amenity=shelter", onNode, ""},
		{"amenity=drinking_water", onNode, ""},
	} {
		row := m.places.first(tagsFrom(c.tags), func(r *placeRow) bool { return r.On&c.on != 0 })
		got := geo.Kind("")
		if row != nil {
			got = row.Kind
		}
		if got != c.want {
			t.Errorf("%s on shape %d: got %q, want %q", c.tags, c.on, got, c.want)
		}
	}
}

func TestVehicles(t *testing.T) {
	m := mustMapping(t)
	for _, c := range []struct {
		table *table[vehicleRow]
		tags  string
		want  []string
	}{
		{m.chargers, "amenity=charging_station", nil},
		{m.chargers, "amenity=charging_station bicycle=yes", []string{"ebike"}},
		{m.chargers, "amenity=charging_station bicycle=yes motorcar=no", []string{"ebike"}},
		{m.chargers, "amenity=charging_station motorcar=no", []string{"ebike"}},
		{m.chargers, "amenity=charging_station motorcar=yes", []string{"car"}},
		{m.chargers, "amenity=charging_station socket:type2=4", []string{"car"}},
		{m.chargers, "amenity=charging_station bicycle=yes car=yes", []string{"ebike", "car"}},
		{m.chargers, "amenity=charging_station bicycle=no motorcar=yes", []string{"car"}},
		{m.chargers, "amenity=device_charging_station", []string{"phone"}},
		{m.parking, "amenity=bicycle_parking", []string{"bicycle", "ebike"}},
		{m.parking, "amenity=bicycle_parking electric_bicycle=no", []string{"bicycle"}},
		{m.parking, "amenity=motorcycle_parking", []string{"motorcycle"}},
		{m.parking, "amenity=motorcycle_parking electric_bicycle=yes", []string{"ebike", "motorcycle"}},
	} {
		got := vehicles(c.table, tagsFrom(c.tags))
		slices.Sort(got)
		want := slices.Sorted(slices.Values(c.want))
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", c.tags, got, c.want)
		}
	}
}

// TestAreaOfTags gives the tags of an area and what it is.
func TestAreaOfTags(t *testing.T) {
	m := mustMapping(t)
	for _, c := range []struct {
		tags string
		want geo.CompoundType
	}{
		{"landuse=residential name=锦江城市花园", geo.Residential},
		{"landuse=residential", ""},
		{"landuse=residential @gate=yes", geo.Residential},
		{"landuse=residential residential=gated", geo.Residential},
		{"landuse=residential barrier=fence", geo.Residential},
		{"gated_community=yes", geo.Residential},
		{"residential=gated", geo.Residential},
		{"amenity=university", geo.Campus},
		{"amenity=college", geo.Campus},
		{"amenity=school", geo.Campus},
		{"amenity=school building=school", ""},
		{"amenity=kindergarten", geo.Campus},
		{"amenity=hospital", geo.Clinic},
		{"healthcare=hospital", geo.Clinic},
		{"landuse=industrial name=软件园", geo.Industrial},
		{"landuse=industrial", ""},
		{"landuse=commercial name=天府软件园", geo.Office},
		{"landuse=commercial barrier=wall", geo.Office},
		{"landuse=retail name=太古里", ""},
		{"landuse=commercial amenity=bus_station name=汽车站", ""},
		{"barrier=wall @buildings=yes landuse=construction", ""},
		{"barrier=wall @buildings=yes", geo.OtherArea},
		{"barrier=fence @buildings=yes leisure=pitch", ""},
		{"barrier=hedge @buildings=yes", ""},
		{"leisure=park name=人民公园", ""},
	} {
		row := m.compounds.first(tagsFrom(c.tags), nil)
		got := geo.CompoundType("")
		if row != nil {
			got = row.Type
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.tags, got, c.want)
		}
	}
}

func TestStreetOfTags(t *testing.T) {
	m := mustMapping(t)
	for tags, want := range map[string]string{
		"highway=motorway_link": "motorway", "highway=trunk": "trunk", "highway=primary_link": "primary",
		"highway=secondary": "secondary", "highway=tertiary_link": "tertiary", "highway=unclassified": "residential",
		"highway=road": "residential", "highway=residential": "residential", "highway=living_street": "living_street",
		"highway=service": "service", "highway=busway": "service", "highway=pedestrian": "pedestrian",
		"highway=cycleway": "cycleway", "highway=footway": "footway", "highway=platform": "footway",
		"highway=corridor": "footway", "highway=elevator": "footway", "highway=path": "path", "highway=bridleway": "path",
		"highway=steps": "steps", "highway=track": "track",
		"highway=construction": "", "highway=proposed": "", "highway=raceway": "", "highway=rest_area": "",
		"highway=bus_stop": "", "highway=street_lamp": "", "railway=rail": "", "route=ferry": "",
	} {
		got := ""
		if row := m.streets.first(tagsFrom(tags), nil); row != nil {
			got = row.Class
		}
		if got != want {
			t.Errorf("%s: got class %q, want %q", tags, got, want)
		}
	}
}
