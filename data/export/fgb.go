package export

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"yizhan/data/atlas"
	"yizhan/data/flatgeobuf"
	"yizhan/geo"
	"yizhan/geo/index"
)

// FlatGeobuf writes one collection with a spatial index: places as points,
// compounds as multipolygons, buildings as polygons, streets as lines. What has
// no position or no extent is left out and counted: the index could not find it.
func FlatGeobuf(ctx context.Context, w io.Writer, a *atlas.Atlas, opt Options) (counts []Count, err error) {
	if err := CheckLayer(opt.Collections); err != nil {
		return nil, err
	}
	j := newJob(ctx, a, opt, nil)
	if err := inWGS84(j.opt, "FlatGeobuf"); err != nil {
		return nil, err
	}
	c := opt.Collections[0]
	f := &fgb{job: j, count: Count{Collection: c}, at: make(map[string]int)}
	schema := flatgeobuf.Schema{Name: string(c), Description: a.Attribution}
	schema.Geometry, schema.Columns = layout(c)
	for i, column := range schema.Columns {
		f.at[column.Name] = i
	}
	if f.w, err = flatgeobuf.NewWriter(schema, opt.Dir); err != nil {
		return nil, noRoom(err)
	}
	defer f.w.Close()
	switch c {
	case Compounds:
		err = j.compounds(f.compound)
	case Buildings:
		err = j.buildings(f.building)
	case Streets:
		err = j.streets(f.street)
	default:
		err = f.places(c.Kind())
	}
	if err != nil {
		return nil, err
	}
	return []Count{f.count}, f.w.Finish(ctx, w)
}

// CheckLayer refuses all but one collection. The error is a *geo.Error.
func CheckLayer(list []Collection) error {
	if len(list) == 1 {
		return nil
	}
	return geo.NewError(geo.Invalid,
		"一个 FlatGeobuf 文件只放一类：请用 --kind 选一类，或用 --out 指定一个文件夹，每类一个文件。",
		"a FlatGeobuf file holds one kind: choose it with --kind, or name a folder with --out to get a file of each")
}

// noRoom says what to do where the temporary file cannot be made.
func noRoom(err error) error {
	return geo.NewError(geo.Unavailable,
		"不能建立临时文件：请检查临时文件夹的权限和磁盘空间。",
		"the temporary file cannot be made: check the permissions of the folder for temporary files, and the space on its disk").Because(err)
}

// layout returns the type of geometry and the columns of a collection.
func layout(c Collection) (flatgeobuf.GeometryType, []flatgeobuf.Column) {
	const (
		text, list, yes, number, object = flatgeobuf.String, flatgeobuf.String, flatgeobuf.Bool, flatgeobuf.Int, flatgeobuf.JSON
	)
	columns := []flatgeobuf.Column{{Name: "id", Type: text}, {Name: "kind", Type: text}, {Name: "name", Type: text}, {Name: "names", Type: object}}
	add := func(t flatgeobuf.Type, names ...string) {
		for _, name := range names {
			columns = append(columns, flatgeobuf.Column{Name: name, Type: t})
		}
	}
	switch c {
	case Compounds:
		add(list, "aliases")
		add(text, "address", "type")
		add(yes, "walled", "gated")
		add(list, "gates")
		return flatgeobuf.MultiPolygon, columns
	case Buildings:
		add(text, "number", "address", "compound", "compound_name")
		add(object, "entrances")
		return flatgeobuf.Polygon, columns
	case Streets:
		add(text, "class", "way")
		add(flatgeobuf.Double, "length_m")
		return flatgeobuf.LineString, columns
	}
	add(text, "address", "district", "phone", "operator", "website", "note", "hours", "hours_text")
	add(list, "facilities")
	add(flatgeobuf.DateTime, "valid_from", "valid_until")
	add(text, "compound", "compound_name", "feed", "ref")
	switch c.Kind() {
	case geo.KindStation:
		add(text, "type", "network", "hub", "booking")
	case geo.KindGate:
		add(text, "barrier")
		add(yes, "inferred")
		add(object, "tags")
		add(list, "compounds")
	case geo.KindCharger:
		add(list, "vehicles")
		add(number, "sockets")
		add(text, "fee")
	case geo.KindBusStop:
		add(list, "lines")
		add(yes, "shelter", "bench")
	case geo.KindParking:
		add(list, "vehicles")
		add(number, "capacity")
		add(yes, "covered")
	case geo.KindSharedBike:
		add(number, "capacity")
		add(text, "network")
	}
	add(object, "extra")
	return flatgeobuf.Point, columns
}

// fgb fills a FlatGeobuf.
type fgb struct {
	*job
	w     *flatgeobuf.Writer
	count Count
	// at gives the number of a column, v are the values of the feature at hand.
	at map[string]int
	v  *flatgeobuf.Properties
}

// text sets a column, which stays null where nothing is known.
func (f *fgb) text(column, value string) {
	if value != "" {
		f.v.Text(f.at[column], value)
	}
}

func (f *fgb) list(column string, list []string) { f.text(column, strings.Join(list, "; ")) }
func (f *fgb) yes(column string, v bool)         { f.v.Bool(f.at[column], v) }

func (f *fgb) number(column string, n int) {
	if n > 0 {
		f.v.Int(f.at[column], int64(n))
	}
}

func (f *fgb) time(column string, t time.Time) { f.text(column, moment(t, f.a.Zone)) }

// begin sets what every feature has.
func (f *fgb) begin(id, name string, names map[string]string) {
	f.count.Features++
	f.v = f.w.Properties()
	f.text("id", id)
	f.text("kind", string(f.count.Collection))
	f.text("name", name)
	f.text("names", stringMap(names))
}

func (f *fgb) places(kind geo.Kind) error {
	return f.job.places(kind, func(s index.Slot) error {
		if !f.a.Places.Placed(s) {
			f.count.Left++
			return nil
		}
		p := f.a.Places.Place(s)
		f.place(p)
		return f.w.Add(p.Point)
	})
}

func (f *fgb) place(p *geo.Place) {
	f.begin(p.ID, p.Name, p.Names)
	for _, c := range [...][2]string{
		{"address", p.Address}, {"district", p.District}, {"phone", p.Phone}, {"operator", p.Operator}, {"website", p.Website},
		{"note", p.Note}, {"hours", p.Hours}, {"hours_text", p.HoursText}, {"compound", p.Compound},
		{"compound_name", f.compoundName(p.Compound)}, {"feed", p.Source.Feed}, {"ref", p.Source.Ref}, {"extra", stringMap(p.Extra)},
	} {
		f.text(c[0], c[1])
	}
	facilities := make([]string, len(p.Facilities))
	for i, x := range p.Facilities {
		facilities[i] = string(x)
	}
	f.list("facilities", facilities)
	if p.Valid != nil {
		f.time("valid_from", p.Valid.From)
		f.time("valid_until", p.Valid.Until)
	}
	switch {
	case p.Station != nil:
		f.text("type", string(p.Station.Type))
		f.text("network", p.Station.Network)
		f.text("hub", p.Station.Hub)
		f.text("booking", p.Station.Booking)
	case p.Gate != nil:
		f.text("barrier", p.Gate.Barrier)
		f.yes("inferred", p.Gate.Inferred)
		f.text("tags", stringMap(p.Gate.Tags))
		f.list("compounds", p.Gate.Compounds)
	case p.Charger != nil:
		f.list("vehicles", p.Charger.Vehicles)
		f.number("sockets", p.Charger.Sockets)
		f.text("fee", p.Charger.Fee)
	case p.BusStop != nil:
		f.list("lines", p.BusStop.Lines)
		f.yes("shelter", p.BusStop.Shelter)
		f.yes("bench", p.BusStop.Bench)
	case p.Parking != nil:
		f.list("vehicles", p.Parking.Vehicles)
		f.number("capacity", p.Parking.Capacity)
		f.yes("covered", p.Parking.Covered)
	case p.Bikes != nil:
		f.number("capacity", p.Bikes.Capacity)
		f.text("network", p.Bikes.Network)
	}
}

func (f *fgb) compound(c *geo.Compound) error {
	f.begin(c.ID, c.Name, c.Names)
	f.list("aliases", c.Aliases)
	f.text("address", c.Address)
	f.text("type", string(cmp.Or(c.Type, geo.OtherArea)))
	f.yes("walled", c.Walled)
	f.yes("gated", c.Gated)
	f.list("gates", c.Gates)
	return f.broken(c.ID, f.w.Add(c.Perimeter))
}

func (f *fgb) building(b *geo.Building) error {
	f.begin(b.ID, b.Name, b.Names)
	f.text("number", b.Number)
	f.text("address", b.Address)
	f.text("compound", b.Compound)
	f.text("compound_name", f.compoundName(b.Compound))
	if len(b.Entrances) > 0 {
		f.text("entrances", string(f.entrances(b)))
	}
	return f.broken(b.ID, f.w.Add(b.Outline))
}

func (f *fgb) street(s *stretch) error {
	names := make(map[string]string, 2)
	if s.way.Text.Zh != "" {
		names["zh"] = s.way.Text.Zh
	}
	if s.way.Text.En != "" {
		names["en"] = s.way.Text.En
	}
	f.begin(s.id(), s.way.Name, names)
	f.text("class", s.way.Class.Word())
	f.text("way", s.wayID())
	f.v.Double(f.at["length_m"], s.length)
	return f.broken(s.id(), f.w.Add(s.line))
}

// broken says which feature could not be written. What has no extent is left
// out.
func (f *fgb) broken(id string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, flatgeobuf.ErrEmpty):
		f.count.Features--
		f.count.Left++
		return nil
	}
	return fmt.Errorf("%s: %w", id, err)
}
