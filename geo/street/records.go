package street

import (
	"encoding/binary"
	"errors"
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// encoder appends records: numbers as varints, strings and lists with their
// length before them, maps in the order of their keys, positions as steps of
// 1e-7 degrees from the position before them.
type encoder struct{ buf []byte }

func (e *encoder) uint(v uint64)   { e.buf = binary.AppendUvarint(e.buf, v) }
func (e *encoder) int(v int64)     { e.buf = binary.AppendVarint(e.buf, v) }
func (e *encoder) string(s string) { e.uint(uint64(len(s))); e.buf = append(e.buf, s...) }
func (e *encoder) float(v float32) {
	e.buf = binary.LittleEndian.AppendUint32(e.buf, math.Float32bits(v))
}
func (e *encoder) point(p orb.Point) { e.int(int64(toFixed(p[0]))); e.int(int64(toFixed(p[1]))) }

func (e *encoder) bool(v bool) {
	if v {
		e.buf = append(e.buf, 1)
	} else {
		e.buf = append(e.buf, 0)
	}
}

func (e *encoder) dict(m map[string]string) {
	e.uint(uint64(len(m)))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		e.string(k)
		e.string(m[k])
	}
}

func (e *encoder) strings(list []string) {
	e.uint(uint64(len(list)))
	for _, s := range list {
		e.string(s)
	}
}

func (e *encoder) ring(r orb.Ring) {
	e.uint(uint64(len(r)))
	var lon, lat int32
	for _, p := range r {
		x, y := toFixed(p[0]), toFixed(p[1])
		e.int(int64(x) - int64(lon))
		e.int(int64(y) - int64(lat))
		lon, lat = x, y
	}
}

func (e *encoder) polygon(p orb.Polygon) {
	e.uint(uint64(len(p)))
	for _, r := range p {
		e.ring(r)
	}
}

func (e *encoder) records(r *records) {
	e.uint(uint64(len(r.profiles)))
	for i := range r.profiles {
		p := &r.profiles[i]
		for m := range p.Speed {
			for dir := range p.Speed[m] {
				e.float(p.Speed[m][dir])
				e.bool(p.Walk[m][dir])
			}
			e.bool(p.Calling[m])
			e.bool(p.Private[m])
			e.bool(p.Public[m])
		}
		e.bool(p.Below)
	}
	e.uint(uint64(len(r.ruleTags)))
	for _, t := range r.ruleTags {
		e.dict(t)
	}
	e.uint(uint64(len(r.names)))
	for _, n := range r.names {
		e.string(n.local)
		e.string(n.zh)
		e.string(n.en)
	}
	e.uint(uint64(len(r.barriers)))
	for _, b := range r.barriers {
		e.uint(uint64(b.Gate))
		e.string(b.Kind)
		e.dict(b.Tags)
		e.uint(uint64(len(b.Compounds)))
		for _, c := range b.Compounds {
			e.uint(uint64(c))
		}
	}
	e.uint(uint64(len(r.gates)))
	for i := range r.gates {
		e.gate(&r.gates[i])
	}
	e.uint(uint64(len(r.compounds)))
	for i := range r.compounds {
		e.compound(&r.compounds[i])
	}
	e.uint(uint64(len(r.buildings)))
	for i := range r.buildings {
		e.building(&r.buildings[i])
	}
	e.uint(uint64(len(r.streets)))
	for _, s := range r.streets {
		e.string(s.ID)
		e.string(s.Name)
		e.dict(s.Names)
		e.point(s.Point)
		e.point(s.Bound.Min)
		e.point(s.Bound.Max)
	}
	for _, v := range r.stats.fields() {
		e.uint(uint64(*v))
	}
	e.uint(math.Float64bits(r.stats.Kilometres))
}

func (s *Stats) fields() []*int {
	return []*int{&s.Nodes, &s.Edges, &s.Ways, &s.Gates, &s.Inferred, &s.Compounds, &s.Gated, &s.Buildings, &s.Entrances, &s.Streets}
}

// gate writes the fields of a place that a gate has; hours and the like stay
// in the gate's tags.
func (e *encoder) gate(p *geo.Place) {
	e.string(p.ID)
	e.string(p.Name)
	e.dict(p.Names)
	e.point(p.Point)
	e.string(p.Address)
	e.string(p.Operator)
	e.string(p.Note)
	e.string(p.Hours)
	e.string(p.HoursText)
	e.string(p.Compound)
	e.string(p.Source.Feed)
	e.string(p.Source.Ref)
	e.dict(p.Extra)
	e.string(p.Gate.Barrier)
	e.dict(p.Gate.Tags)
	e.bool(p.Gate.Inferred)
	e.strings(p.Gate.Compounds)
}

func (e *encoder) compound(c *geo.Compound) {
	e.string(c.ID)
	e.string(string(c.Type))
	e.string(c.Name)
	e.dict(c.Names)
	e.strings(c.Aliases)
	e.string(c.Address)
	e.uint(uint64(len(c.Perimeter)))
	for _, p := range c.Perimeter {
		e.polygon(p)
	}
	e.bool(c.Walled)
	e.dict(c.Tags)
	e.bool(c.Gated)
	e.strings(c.Gates)
}

func (e *encoder) building(x *geo.Building) {
	e.string(x.ID)
	e.string(x.Name)
	e.dict(x.Names)
	e.string(x.Number)
	e.string(x.Address)
	e.polygon(x.Outline)
	e.point(x.Center)
	e.string(x.Compound)
	e.uint(uint64(len(x.Entrances)))
	for i := range x.Entrances {
		d := &x.Entrances[i]
		e.string(d.ID)
		e.point(d.Point)
		e.string(d.Type)
		e.string(d.Unit)
		e.string(d.Name)
		e.dict(d.Tags)
	}
}

// decoder reads what encoder wrote. After an error it gives zero values.
type decoder struct {
	buf []byte
	err error
}

var errShort = errors.New("a record is cut off")

func (d *decoder) fail() {
	d.err, d.buf = errShort, nil
}

func (d *decoder) uint() uint64 {
	v, n := binary.Uvarint(d.buf)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.buf = d.buf[n:]
	return v
}

func (d *decoder) int() int64 {
	v, n := binary.Varint(d.buf)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.buf = d.buf[n:]
	return v
}

// count reads the length of a list whose elements take at least size bytes
// each, so that a lie cannot ask for more memory than the file has.
func (d *decoder) count(size int) int {
	v := d.uint()
	if v > uint64(len(d.buf)/size) {
		d.fail()
		return 0
	}
	return int(v)
}

func (d *decoder) string() string {
	n := d.count(1)
	s := string(d.buf[:n])
	d.buf = d.buf[n:]
	return s
}

func (d *decoder) float() float32 {
	if len(d.buf) < 4 {
		d.fail()
		return 0
	}
	v := math.Float32frombits(binary.LittleEndian.Uint32(d.buf))
	d.buf = d.buf[4:]
	return v
}

func (d *decoder) bool() bool {
	if len(d.buf) < 1 {
		d.fail()
		return false
	}
	v := d.buf[0] == 1
	d.buf = d.buf[1:]
	return v
}

func (d *decoder) point() orb.Point {
	lon, lat := d.int(), d.int()
	return orb.Point{float64(lon) / fixed, float64(lat) / fixed}
}

func (d *decoder) dict() map[string]string {
	n := d.count(2)
	if n == 0 {
		return nil
	}
	m := make(map[string]string, n)
	for range n {
		k := d.string()
		m[k] = d.string()
	}
	return m
}

func (d *decoder) strings() []string {
	n := d.count(1)
	if n == 0 {
		return nil
	}
	out := make([]string, n)
	for i := range out {
		out[i] = d.string()
	}
	return out
}

func (d *decoder) polygon() orb.Polygon {
	n := d.count(1)
	if n == 0 {
		return nil
	}
	out := make(orb.Polygon, n)
	for i := range out {
		out[i] = make(orb.Ring, d.count(2))
		var lon, lat int64
		for k := range out[i] {
			lon += d.int()
			lat += d.int()
			out[i][k] = orb.Point{float64(lon) / fixed, float64(lat) / fixed}
		}
	}
	return out
}

// list reads a list of records of at least size bytes each.
func list[T any](d *decoder, size int, read func(*T)) []T {
	n := d.count(size)
	if n == 0 {
		return nil
	}
	out := make([]T, n)
	for i := range out {
		if d.err != nil {
			return out
		}
		read(&out[i])
	}
	return out
}

func (d *decoder) records(r *records) {
	r.profiles = list(d, 25, func(p *Profile) {
		for m := range p.Speed {
			for dir := range p.Speed[m] {
				p.Speed[m][dir] = d.float()
				p.Walk[m][dir] = d.bool()
			}
			p.Calling[m] = d.bool()
			p.Private[m] = d.bool()
			p.Public[m] = d.bool()
		}
		p.Below = d.bool()
	})
	r.ruleTags = list(d, 1, func(t *geo.Tags) { *t = d.dict() })
	r.names = list(d, 3, func(n *wayName) { n.local, n.zh, n.en = d.string(), d.string(), d.string() })
	r.barriers = list(d, 4, func(b *Barrier) {
		b.Gate, b.Kind, b.Tags = uint32(d.uint()), d.string(), d.dict()
		b.Compounds = list(d, 1, func(c *uint32) { *c = uint32(d.uint()) })
	})
	r.gates = list(d, 16, d.gate)
	r.compounds = list(d, 11, d.compound)
	r.buildings = list(d, 10, d.building)
	r.streets = list(d, 9, func(s *Street) {
		s.ID, s.Name, s.Names, s.Point = d.string(), d.string(), d.dict(), d.point()
		s.Bound = orb.Bound{Min: d.point(), Max: d.point()}
	})
	for _, v := range r.stats.fields() {
		*v = int(d.uint())
	}
	r.stats.Kilometres = math.Float64frombits(d.uint())
	if d.err == nil && len(d.buf) > 0 {
		d.err = errors.New("bytes left over")
	}
}

func (d *decoder) gate(p *geo.Place) {
	p.Kind = geo.KindGate
	p.ID, p.Name, p.Names, p.Point = d.string(), d.string(), d.dict(), d.point()
	p.Address, p.Operator, p.Note = d.string(), d.string(), d.string()
	p.Hours, p.HoursText = d.string(), d.string()
	p.Compound = d.string()
	p.Source.Feed, p.Source.Ref = d.string(), d.string()
	p.Extra = d.dict()
	p.Gate = &geo.Gate{Barrier: d.string(), Tags: d.dict(), Inferred: d.bool(), Compounds: d.strings()}
}

func (d *decoder) compound(c *geo.Compound) {
	c.ID, c.Type, c.Name, c.Names = d.string(), geo.CompoundType(d.string()), d.string(), d.dict()
	c.Aliases, c.Address = d.strings(), d.string()
	c.Perimeter = list(d, 1, func(p *orb.Polygon) { *p = d.polygon() })
	c.Walled, c.Tags, c.Gated, c.Gates = d.bool(), d.dict(), d.bool(), d.strings()
}

func (d *decoder) building(x *geo.Building) {
	x.ID, x.Name, x.Names, x.Number, x.Address = d.string(), d.string(), d.dict(), d.string(), d.string()
	x.Outline, x.Center, x.Compound = d.polygon(), d.point(), d.string()
	x.Entrances = list(d, 7, func(e *geo.Entrance) {
		e.ID, e.Point, e.Type, e.Unit, e.Name, e.Tags = d.string(), d.point(), d.string(), d.string(), d.string(), d.dict()
	})
}
