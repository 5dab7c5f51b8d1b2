package osm

import (
	"fmt"
	"strings"
)

// mapping is all tables made ready. It is built anew by each import, which
// costs far less than a millisecond.
type mapping struct {
	places    *table[placeRow]
	chargers  *table[vehicleRow]
	parking   *table[vehicleRow]
	covered   *table[yesRow]
	gone      *table[yesRow]
	entrances *table[yesRow]
	barriers  *table[yesRow]
	compounds *table[compoundRow]
	through   *table[yesRow]
	buildings *table[buildingRow]
	undrawn   *table[yesRow]
	streets   *table[streetRow]
	walls     *table[wallRow]
	buses     *table[yesRow]
	base      *table[baseRow]
	coast     *table[yesRow]

	access, street, wall map[string]bool
	// keep are the keys that are read anywhere; all others are let go as the
	// file is read.
	keep map[string]bool
}

// plainKeys are read outside of the tables.
var plainKeys = []string{
	"name", "name:zh", "name:zh-Hans", "name:zh-CN", "name:en", "int_name", "alt_name", "alt_name:zh", "short_name", "short_name:zh", "official_name", "old_name",
	"addr:full", "addr:city", "addr:district", "addr:street", "addr:place", "addr:neighbourhood",
	"phone", "contact:phone", "website", "contact:website", "url", "operator", "network", "brand", "network:wikidata",
	"capacity", "capacity:persons", "sockets", "charge", "fee", "bench", "shelter", "route_ref", "lines", "type", "covered", "description",
}

func newMapping() (*mapping, error) {
	m := &mapping{keep: map[string]bool{}}
	var firstErr error
	note := func(err error) {
		if err != nil && firstErr == nil {
			firstErr = fmt.Errorf("mapping table: %w", err)
		}
	}
	var err error
	m.places, err = compile(placeRows, m.keep)
	note(err)
	m.chargers, err = compile(chargerRows, m.keep)
	note(err)
	m.parking, err = compile(parkingRows, m.keep)
	note(err)
	m.covered, err = compile(coveredRows, m.keep)
	note(err)
	m.gone, err = compile(goneRows, m.keep)
	note(err)
	m.entrances, err = compile(entranceRows, m.keep)
	note(err)
	m.barriers, err = compile(barrierRows, m.keep)
	note(err)
	m.compounds, err = compile(compoundRows, m.keep)
	note(err)
	m.through, err = compile(throughRows, m.keep)
	note(err)
	m.buildings, err = compile(buildingRows, m.keep)
	note(err)
	m.undrawn, err = compile(undrawnRows, m.keep)
	note(err)
	m.streets, err = compile(streetRows, m.keep)
	note(err)
	m.walls, err = compile(wallRows, m.keep)
	note(err)
	m.buses, err = compile(busRoutes, m.keep)
	note(err)
	m.base, err = compile(baseRows, m.keep)
	note(err)
	m.coast, err = compile(coastRows, m.keep)
	note(err)
	m.access, m.street, m.wall = set(accessKeys), set(accessKeys, streetKeys), set(wallKeys)
	for k := range set(accessKeys, streetKeys, wallKeys, numberKeys, unitKeys, extraKeys, plainKeys, facilityKeys()) {
		m.keep[k] = true
	}
	return m, firstErr
}

// set makes a set of the words of several lists.
func set(lists ...[]string) map[string]bool {
	s := map[string]bool{}
	for _, list := range lists {
		for _, word := range list {
			s[word] = true
		}
	}
	return s
}

// kept says whether the tag with a key is read anywhere. Words with an @ are
// not tags but findings of the import, which no file may claim.
func (m *mapping) kept(key string) bool {
	return !strings.HasPrefix(key, "@") && m.keep[key] || strings.HasSuffix(key, ":conditional")
}

// pick returns the tags whose keys are in keys, and all conditional ones,
// cleaned; nil where there are none.
func pick(tags Tags, keys map[string]bool) map[string]string {
	var out map[string]string
	for _, t := range tags {
		if !keys[t.Key] && !strings.HasSuffix(t.Key, ":conditional") {
			continue
		}
		if out == nil {
			out = make(map[string]string, 4)
		}
		out[t.Key] = clean(t.Value)
	}
	return out
}
