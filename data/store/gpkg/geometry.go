package gpkg

import (
	"encoding/binary"
	"math"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/wkb"
)

// A GeoPackage geometry is a header ("GP", version, flags, SRS, perhaps an
// envelope) and a WKB geometry (OGC 12-128r18, clause 2.1.3). Points are
// written without envelope, little-endian.
const (
	wgs84     = 4326
	pointSize = 8 + 1 + 4 + 16
)

// appendPoint appends the blob of a point.
func appendPoint(dst []byte, p orb.Point) []byte {
	dst = append(dst, 'G', 'P', 0, 1)
	dst = binary.LittleEndian.AppendUint32(dst, wgs84)
	dst = append(dst, 1)
	dst = binary.LittleEndian.AppendUint32(dst, 1)
	dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(p[0]))
	return binary.LittleEndian.AppendUint64(dst, math.Float64bits(p[1]))
}

// readPoint reads the point of a blob that any program may have written;
// ok is false for a NULL or empty geometry.
func readPoint(b []byte) (p orb.Point, ok bool, err error) {
	if len(b) == 0 {
		return p, false, nil
	}
	if len(b) < 8 || b[0] != 'G' || b[1] != 'P' || b[2] != 0 {
		return p, false, badCell("geom", "not a GeoPackage geometry", "不是 GeoPackage 几何")
	}
	flags := b[3]
	if flags&0x10 != 0 {
		return p, false, nil
	}
	envelope := [8]int{0, 32, 48, 48, 64, -1, -1, -1}[flags>>1&7]
	if envelope < 0 || len(b) < 8+envelope {
		return p, false, badCell("geom", "a damaged geometry header", "几何头损坏")
	}
	w := b[8+envelope:]
	if len(w) == pointSize-8 && w[0] == 1 && binary.LittleEndian.Uint32(w[1:]) == 1 {
		p[0] = math.Float64frombits(binary.LittleEndian.Uint64(w[5:]))
		p[1] = math.Float64frombits(binary.LittleEndian.Uint64(w[13:]))
	} else if p, err = foreignPoint(w); err != nil {
		return p, false, err
	}
	if math.IsNaN(p[0]) && math.IsNaN(p[1]) { // how WKB writes POINT EMPTY
		return orb.Point{}, false, nil
	}
	return p, true, nil
}

// foreignPoint reads what is not our own form: other byte orders, with heights,
// or a multipoint of one.
func foreignPoint(w []byte) (orb.Point, error) {
	// The decoder makes room for as many points as a blob claims to have, at
	// every level of it, so only what is one point to the last byte reaches it.
	if err := checkOnePoint(w); err != nil {
		return orb.Point{}, err
	}
	g, err := wkb.Unmarshal(w)
	if err != nil {
		return orb.Point{}, badCell("geom", "a damaged geometry", "几何损坏").Because(err)
	}
	if m, ok := g.(*geom.MultiPoint); ok && m.NumPoints() == 1 {
		g = m.Point(0)
	}
	if q, ok := g.(*geom.Point); ok && !q.Empty() {
		return orb.Point{q.X(), q.Y()}, nil
	} else if ok {
		return orb.Point{math.NaN(), math.NaN()}, nil
	}
	return orb.Point{}, badCell("geom", "not a point", "不是点")
}

// The types of WKB geometry that can hold one point, without the thousands
// that say of heights and measures.
const (
	wkbPoint      = 1
	wkbMultiPoint = 4
)

// wkbHead is the least that every geometry has: byte order and type.
const wkbHead = 1 + 4

// checkOnePoint returns nil for exactly one point or a multipoint of exactly
// one, with nothing after it.
func checkOnePoint(w []byte) error {
	kind, dims, order := wkbType(w)
	if kind == wkbMultiPoint {
		if len(w) < wkbHead+4 || order.Uint32(w[wkbHead:]) != 1 {
			return badCell("geom", "not a point", "不是点")
		}
		w = w[wkbHead+4:]
		whole := dims
		if kind, dims, _ = wkbType(w); kind == wkbPoint && dims != whole {
			kind = 0
		}
		if kind != wkbPoint {
			return badCell("geom", "a damaged geometry", "几何损坏")
		}
	}
	switch {
	case kind == 0 || kind == wkbPoint && len(w) != wkbHead+8*dims:
		return badCell("geom", "a damaged geometry", "几何损坏")
	case kind != wkbPoint:
		return badCell("geom", "not a point", "不是点")
	}
	return nil
}

// wkbType reads the type of a geometry and how many numbers each of its points
// has; kind is 0 where the head is damaged or cut off.
func wkbType(w []byte) (kind uint32, dims int, order binary.ByteOrder) {
	if len(w) < wkbHead || w[0] > 1 {
		return 0, 0, nil
	}
	order = binary.BigEndian
	if w[0] == 1 {
		order = binary.LittleEndian
	}
	t := order.Uint32(w[1:])
	if t >= 4000 {
		return 0, 0, nil
	}
	return t % 1000, [4]int{2, 3, 3, 4}[t/1000], order
}
