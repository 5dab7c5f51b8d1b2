package export

import (
	"bufio"
	"cmp"
	"context"
	"io"
	"strconv"
	"strings"

	"yizhan/data/atlas"
	"yizhan/data/table"
	"yizhan/geo"
	"yizhan/geo/index"
)

// CSV writes a table that Excel opens right: UTF-8 with a byte order mark, rows
// ended by CR LF, and an apostrophe before every text that a spreadsheet would
// take for a formula (table.Guard). Either places of any kinds go into a table,
// or compounds, or buildings; areas by a point inside them. Other Collections
// are Invalid, and nil stands for the places.
//
// The headers of the columns are fields of package table, those of the position
// name the datum, and so "yizhan import csv" reads back what it writes: the
// fields that it knows, what only one kind of place has as columns of their
// own, and what else a source said (Place.Extra) in columns under its names.
func CSV(ctx context.Context, w io.Writer, a *atlas.Atlas, opt Options) ([]Count, error) {
	j := newJob(ctx, a, opt, Places())
	if err := CheckTable(j.opt.Collections); err != nil {
		return nil, err
	}
	c := &csvTable{job: j, out: bufio.NewWriterSize(w, chunk)}
	counts := make([]Count, len(j.opt.Collections))
	c.out.WriteString("\ufeff") //nolint:errcheck // Flush tells
	var err error
	switch first := j.opt.Collections[0]; first {
	case Compounds:
		err = c.compounds(&counts[0])
	case Buildings:
		err = c.buildings(&counts[0])
	default:
		err = c.places(counts)
	}
	if err != nil {
		return nil, err
	}
	return counts, c.out.Flush()
}

// CheckTable refuses collections that do not go into one table. The error is a
// *geo.Error.
func CheckTable(list []Collection) error {
	areas := 0
	for _, c := range list {
		switch c {
		case Streets:
			return geo.NewError(geo.Invalid,
				"道路是线，表格放不下：请导出为 geojson 或 flatgeobuf。",
				"streets are lines, which a table cannot hold: export them as geojson or flatgeobuf")
		case Compounds, Buildings:
			areas++
		}
	}
	if len(list) == 0 || areas > 0 && len(list) > 1 {
		return geo.NewError(geo.Invalid,
			"一张表格只能放地点，或小区，或楼栋：请分别导出，或用 --out 指定一个文件夹，每类一个文件。",
			"one table holds places, or compounds, or buildings: export them one by one, or name a folder with --out to get a file of each")
	}
	return nil
}

// csvTable writes rows.
type csvTable struct {
	*job
	out *bufio.Writer
	b   []byte
	n   int // cells in the row so far
}

// text writes a cell of any text.
func (c *csvTable) text(s string) {
	c.begin()
	s = table.Guard(s)
	if !strings.ContainsAny(s, "\",;\t\r\n") {
		c.b = append(c.b, s...)
		return
	}
	c.b = append(c.b, '"')
	for i := range len(s) {
		if s[i] == '"' {
			c.b = append(c.b, '"')
		}
		c.b = append(c.b, s[i])
	}
	c.b = append(c.b, '"')
}

func (c *csvTable) begin() {
	if c.n > 0 {
		c.b = append(c.b, ',')
	}
	c.n++
}

// known is a number, and nothing where it is not known.
func known(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// position writes longitude and latitude in two cells.
func (c *csvTable) position(p [2]float64, placed bool) {
	c.begin()
	if placed {
		c.b = appendDegrees(c.b, p[0])
	}
	c.begin()
	if placed {
		c.b = appendDegrees(c.b, p[1])
	}
}

func (c *csvTable) end() error {
	c.b = append(c.b, '\r', '\n')
	_, err := c.out.Write(c.b)
	c.b, c.n = c.b[:0], 0
	return err
}

// head writes the headers, the position's with the datum.
func (c *csvTable) head(names ...string) error {
	for _, name := range names {
		if name == "lon" || name == "lat" {
			name += "_" + string(c.opt.Datum)
		}
		c.text(name)
	}
	return c.end()
}

func (c *csvTable) places(counts []Count) error {
	extra, err := c.extraColumns()
	if err != nil {
		return err
	}
	if err := c.head(append(placeColumns(), extra...)...); err != nil {
		return err
	}
	for i, collection := range c.opt.Collections {
		counts[i].Collection = collection
		err := c.job.places(collection.Kind(), func(s index.Slot) error {
			p := c.a.Places.Place(s)
			counts[i].Features++
			if p.Unplaced {
				counts[i].Unplaced++
			}
			return c.place(p, extra)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// placeColumns are the columns that every table of places has.
func placeColumns() []string {
	return []string{
		"id", "kind", "name", "name_en", "lon", "lat", "address", "district", "hours", "phone", "operator", "website",
		"type", "facilities", "network", "booking", "capacity", "fee", "lines", "note",
	}
}

func (c *csvTable) place(p *geo.Place, extra []string) error {
	o, more := ofKind(p), c.more(p)
	c.text(p.ID)
	c.text(string(p.Kind))
	c.text(p.Name)
	c.text(p.Names["en"])
	c.position(c.point(p.Point), !p.Unplaced)
	c.text(p.Address)
	c.text(p.District)
	c.text(cmp.Or(p.Hours, p.HoursText, gateHours(p)))
	c.text(p.Phone)
	c.text(p.Operator)
	c.text(p.Website)
	c.text(cmp.Or(o.typ, more["type"]))
	list := make([]string, len(p.Facilities))
	for i, f := range p.Facilities {
		list[i] = string(f)
	}
	c.text(strings.Join(list, "; "))
	c.text(cmp.Or(o.network, more["network"]))
	c.text(cmp.Or(o.booking, more["booking"]))
	c.text(cmp.Or(o.capacity, more["capacity"]))
	c.text(cmp.Or(o.fee, more["fee"]))
	c.text(cmp.Or(strings.Join(o.lines, "、"), more["lines"]))
	c.text(p.Note)
	for _, key := range extra {
		c.text(more[key])
	}
	return c.end()
}

// gateHours are the hours that only a gate's tags tell.
func gateHours(p *geo.Place) string {
	if p.Gate == nil {
		return ""
	}
	return p.Gate.Tags[tagHours]
}

// particulars are the fields of one kind of place that the importer knows.
type particulars struct {
	typ, network, booking, capacity, fee string
	lines                                []string
}

func ofKind(p *geo.Place) (o particulars) {
	switch {
	case p.Station != nil:
		o.typ, o.network, o.booking = string(p.Station.Type), p.Station.Network, p.Station.Booking
	case p.Charger != nil:
		o.capacity, o.fee = known(p.Charger.Sockets), p.Charger.Fee
	case p.BusStop != nil:
		o.lines = p.BusStop.Lines
	case p.Parking != nil:
		o.capacity = known(p.Parking.Capacity)
	case p.Bikes != nil:
		o.capacity, o.network = known(p.Bikes.Capacity), p.Bikes.Network
	}
	return o
}

func (c *csvTable) compounds(count *Count) error {
	count.Collection = Compounds
	if err := c.head("id", "kind", "name", "name_en", "lon", "lat", "address", "type", "gated", "gates"); err != nil {
		return err
	}
	return c.job.compounds(func(x *geo.Compound) error {
		count.Features++
		at, placed := geo.Interior(x.Perimeter)
		c.text(x.ID)
		c.text(string(Compounds))
		c.text(x.Name)
		c.text(x.Names["en"])
		c.position(c.point(at), placed)
		c.text(x.Address)
		c.text(string(cmp.Or(x.Type, geo.OtherArea)))
		c.text(yesNo(x.Gated))
		c.text(strings.Join(x.Gates, "; "))
		return c.end()
	})
}

func (c *csvTable) buildings(count *Count) error {
	count.Collection = Buildings
	if err := c.head("id", "kind", "name", "name_en", "number", "lon", "lat", "address", "compound", "compound_id", "entrances"); err != nil {
		return err
	}
	return c.job.buildings(func(x *geo.Building) error {
		count.Features++
		c.text(x.ID)
		c.text(string(Buildings))
		c.text(x.Name)
		c.text(x.Names["en"])
		c.text(x.Number)
		c.position(c.point(x.Center), true)
		c.text(x.Address)
		c.text(c.compoundName(x.Compound))
		c.text(x.Compound)
		c.text(known(len(x.Entrances)))
		return c.end()
	})
}

func yesNo(v bool) string {
	if v {
		return "yes"
	}
	return "no"
}
