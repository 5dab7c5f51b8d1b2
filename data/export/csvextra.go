package export

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"yizhan/data/table"
	"yizhan/geo"
	"yizhan/geo/index"
)

// The bounds of the columns beyond those that every table has: so many that all
// together the importer takes them, and so many names looked at, however many
// there are.
const (
	maxExtraColumns = 200
	maxExtraNames   = 100_000
)

// tagHours is the tag of a gate that goes into the column of the hours.
const tagHours = "opening_hours"

// more returns what a place has beyond the columns of every table, by the
// header of its column, and what stands in one of those that mean nothing for
// its kind. What is known goes before what a source said under the same name.
func (j *job) more(p *geo.Place) map[string]string {
	m := make(map[string]string)
	for key, value := range p.Extra {
		m[header(p.Kind, key)] = value
	}
	put := func(key, value string) {
		if value != "" {
			m[header(p.Kind, key)] = value
		}
	}
	for lang, name := range p.Names {
		if lang != "en" {
			put("name_"+lang, name)
		}
	}
	if p.Compound != "" {
		put("compound", cmp.Or(j.compoundName(p.Compound), p.Compound))
	}
	if p.Valid != nil {
		put("valid_from", moment(p.Valid.From, j.a.Zone))
		put("valid_until", moment(p.Valid.Until, j.a.Zone))
	}
	switch {
	case p.Gate != nil:
		// Named like the tags, they say who may pass when the table comes back.
		for key, value := range p.Gate.Tags {
			if key != tagHours {
				put(key, value)
			}
		}
		put("barrier", p.Gate.Barrier)
		if p.Gate.Inferred {
			put("inferred", "yes")
		}
	case p.Station != nil:
		put("hub", p.Station.Hub)
	case p.Charger != nil:
		put("vehicles", strings.Join(p.Charger.Vehicles, "; "))
	case p.BusStop != nil:
		put("shelter", onlyYes(p.BusStop.Shelter))
		put("bench", onlyYes(p.BusStop.Bench))
	case p.Parking != nil:
		put("vehicles", strings.Join(p.Parking.Vehicles, "; "))
		put("covered", onlyYes(p.Parking.Covered))
	}
	return m
}

func onlyYes(v bool) string {
	if v {
		return "yes"
	}
	return ""
}

// header is the header of a column for a name that a source used. One of the
// names that every table has gets a mark, lest the importer take one for the
// other, unless it means nothing for the kind.
func header(kind geo.Kind, name string) string {
	name = strings.Join(strings.Fields(name), " ")
	plain := strings.ToLower(name)
	if (plain == "lon" || plain == "lat" || slices.Contains(placeColumns(), plain)) && !(plain == name && table.Foreign(table.Field(name), kind)) {
		return "extra: " + name
	}
	return name
}

// extraColumns lists the further columns of the places to be written, sorted:
// those that the most places have where there are too many.
func (c *csvTable) extraColumns() ([]string, error) {
	seen := make(map[string]int)
	quiet := *c.job
	quiet.opt.Progress = nil
	for _, collection := range c.opt.Collections {
		err := quiet.places(collection.Kind(), func(s index.Slot) error {
			for key := range quiet.more(quiet.a.Places.Place(s)) {
				if n := seen[key]; key != "" && (n > 0 || len(seen) < maxExtraNames) {
					seen[key] = n + 1
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	for _, name := range placeColumns() {
		delete(seen, name)
	}
	keys := slices.Sorted(maps.Keys(seen))
	if len(keys) > maxExtraColumns {
		slices.SortStableFunc(keys, func(a, b string) int { return seen[b] - seen[a] })
		keys = keys[:maxExtraColumns]
		slices.Sort(keys)
	}
	return keys, nil
}
