package osmpbf

import (
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// want says which types of element are to be parsed.
type want struct{ nodes, ways, relations bool }

// runKind is the type of the elements of a run.
type runKind uint8

const (
	runNodes runKind = iota
	runWays
	runRelations
)

// run is a stretch of elements of one type, in file order: from, to index the
// arrays of that type.
type run struct {
	kind     runKind
	from, to int
}

// block is one parsed PrimitiveBlock as a structure of arrays, so that a
// block of eight thousand nodes costs a handful of allocations, which the
// next block uses again. Arrays named …End hold, for element i, where its
// part of a shared array ends; it begins where that of i-1 ends.
type block struct {
	raw     []byte // the unpacked message
	strings []string
	runs    []run

	nodeID           []int64
	nodeLon, nodeLat []int32
	nodeTagEnd       []int32

	wayID             []int64
	wayTagEnd, refEnd []int32
	refs              []int64

	relID                []int64
	relTagEnd, memberEnd []int32
	members              []Member

	// Indexes into strings, key and value in turn, per type of element.
	nodeTags, wayTags, relTags []uint32

	// Scale of coordinates, in 1e-9 degrees.
	grain, latOff, lonOff int64
	groups                [][]byte
	packed                [8][]byte
	// ended is how many elements of each type are in runs.
	ended [3]int
}

// The bounds of one block. Writers put 8,000 elements into a block, and the
// editing interface takes 2,000 nodes a way and 32,000 members a relation, so
// these are generous; they keep a block of 32 MiB from growing by a factor of
// ten or twenty when it is parsed.
const (
	maxGroups   = 1 << 16
	maxStrings  = 1 << 20
	maxElements = 1 << 18
	maxTags     = 1 << 22 // of one type of element, keys and values
	maxRefs     = 1 << 23
	maxMembers  = 1 << 21
)

// crowded returns an error where an array is beyond its bound.
func crowded[T any](list []T, limit int) error {
	if len(list) > limit {
		return errCrowded
	}
	return nil
}

// entries is how many elements, references and members the block holds.
func (b *block) entries() int64 {
	return int64(len(b.nodeID) + len(b.wayID) + len(b.relID) + len(b.refs) + len(b.members))
}

// reset empties the block and keeps its memory.
func (b *block) reset() {
	clear(b.strings)
	clear(b.groups)
	clear(b.packed[:])
	clear(b.members)
	b.strings, b.runs, b.groups = b.strings[:0], b.runs[:0], b.groups[:0]
	b.nodeID, b.nodeLon, b.nodeLat, b.nodeTagEnd = b.nodeID[:0], b.nodeLon[:0], b.nodeLat[:0], b.nodeTagEnd[:0]
	b.wayID, b.wayTagEnd, b.refEnd, b.refs = b.wayID[:0], b.wayTagEnd[:0], b.refEnd[:0], b.refs[:0]
	b.relID, b.relTagEnd, b.memberEnd, b.members = b.relID[:0], b.relTagEnd[:0], b.memberEnd[:0], b.members[:0]
	b.nodeTags, b.wayTags, b.relTags = b.nodeTags[:0], b.wayTags[:0], b.relTags[:0]
	b.grain, b.latOff, b.lonOff = 100, 0, 0
	b.ended = [3]int{}
}

// parse reads the message in b.raw.
func (b *block) parse(w want) error {
	var table []byte
	for m := b.raw; len(m) > 0; {
		f, rest, err := next(m)
		if err != nil {
			return err
		}
		m = rest
		switch f.num {
		case 1:
			if f.typ != protowire.BytesType || table != nil {
				return errRepeated
			}
			table = f.bytes
		case 2:
			if f.typ != protowire.BytesType {
				return errWire
			}
			b.groups = append(b.groups, f.bytes)
			if err := crowded(b.groups, maxGroups); err != nil {
				return err
			}
		case 17:
			b.grain = int64(int32(f.number))
		case 19:
			b.latOff = int64(f.number)
		case 20:
			b.lonOff = int64(f.number)
		}
	}
	const far = 1 << 61
	if b.grain <= 0 || b.latOff > far || b.latOff < -far || b.lonOff > far || b.lonOff < -far {
		return errGrain
	}
	if err := b.parseStrings(table); err != nil {
		return err
	}
	for _, g := range b.groups {
		if err := b.parseGroup(g, w); err != nil {
			return err
		}
	}
	return nil
}

// parseStrings fills the string table. The whole table becomes one Go string
// and every entry a part of it: one allocation a block.
func (b *block) parseStrings(table []byte) error {
	text, at := string(table), 0
	for len(table) > 0 {
		num, typ, n := protowire.ConsumeTag(table)
		if n < 0 {
			return errWire
		}
		if num != 1 || typ != protowire.BytesType {
			return errWire
		}
		s, m := protowire.ConsumeBytes(table[n:])
		if m < 0 {
			return errWire
		}
		end := at + n + m
		b.strings = append(b.strings, text[end-len(s):end])
		if err := crowded(b.strings, maxStrings); err != nil {
			return err
		}
		at, table = end, table[n+m:]
	}
	return nil
}

func (b *block) parseGroup(g []byte, w want) error {
	for len(g) > 0 {
		f, rest, err := next(g)
		if err != nil {
			return err
		}
		g = rest
		if f.typ != protowire.BytesType {
			continue
		}
		switch f.num {
		case 1:
			if w.nodes {
				err = b.parseNode(f.bytes)
				b.extend(runNodes, len(b.nodeID))
			}
		case 2:
			if w.nodes {
				err = b.parseDense(f.bytes)
				b.extend(runNodes, len(b.nodeID))
			}
		case 3:
			if w.ways {
				err = b.parseWay(f.bytes)
				b.extend(runWays, len(b.wayID))
			}
		case 4:
			if w.relations {
				err = b.parseRelation(f.bytes)
				b.extend(runRelations, len(b.relID))
			}
		}
		if err != nil {
			return err
		}
		if len(b.nodeID)+len(b.wayID)+len(b.relID) > maxElements {
			return errCrowded
		}
	}
	return nil
}

// extend makes the last run reach to, or begins a new one where the type
// changes.
func (b *block) extend(kind runKind, to int) {
	if n := len(b.runs); n > 0 && b.runs[n-1].kind == kind {
		b.runs[n-1].to = to
	} else if from := b.ended[kind]; from < to {
		b.runs = append(b.runs, run{kind, from, to})
	}
	b.ended[kind] = to
}

// collect gathers the packed fields of a message by the slot that slots gives
// their number, and returns the id that stands in field 1, as it is coded.
func (b *block) collect(m []byte, slots *[16]int8) (id uint64, err error) {
	for i := range b.packed {
		b.packed[i] = nil
	}
	for len(m) > 0 {
		f, rest, err := next(m)
		if err != nil {
			return 0, err
		}
		m = rest
		if f.num >= protowire.Number(len(slots)) {
			continue
		}
		slot := slots[f.num]
		if slot == 0 {
			if f.num == 1 {
				id = f.number
			}
			continue
		}
		if f.typ != protowire.VarintType && f.typ != protowire.BytesType {
			return 0, errWire
		}
		b.packed[slot-1] = appendPacked(b.packed[slot-1], f)
	}
	return id, nil
}

// The packed fields of the messages: field number → slot in block.packed + 1.
var (
	denseSlots    = [16]int8{1: 1, 8: 2, 9: 3, 10: 4}
	nodeSlots     = [16]int8{2: 1, 3: 2}
	waySlots      = [16]int8{2: 1, 3: 2, 8: 3}
	relationSlots = [16]int8{2: 1, 3: 2, 8: 3, 9: 4, 10: 5}
)

func (b *block) parseDense(m []byte) error {
	if _, err := b.collect(m, &denseSlots); err != nil {
		return err
	}
	ids, lats, lons, tags := b.packed[0], b.packed[1], b.packed[2], b.packed[3]
	var id, lat, lon int64
	var i, j, k, t int
	for i < len(ids) {
		var di, dj, dk int64
		if di, i = svarint(ids, i); i < 0 {
			return errPacked
		}
		if j >= len(lats) || k >= len(lons) {
			return errLengths
		}
		if dj, j = svarint(lats, j); j < 0 {
			return errPacked
		}
		if dk, k = svarint(lons, k); k < 0 {
			return errPacked
		}
		id, lat, lon = id+di, lat+dj, lon+dk
		b.addNode(id, lat, lon)
		if err := crowded(b.nodeID, maxElements); err != nil {
			return err
		}
		if len(tags) > 0 {
			var err error
			if t, err = b.denseTags(tags, t); err != nil {
				return err
			}
		}
		b.nodeTagEnd = append(b.nodeTagEnd, int32(len(b.nodeTags)))
	}
	if j != len(lats) || k != len(lons) {
		return errLengths
	}
	if t != len(tags) {
		return errTags
	}
	return nil
}

// denseTags reads the tags of one dense node: key and value indexes in turn,
// ended by a zero.
func (b *block) denseTags(tags []byte, t int) (int, error) {
	for {
		if t >= len(tags) {
			return t, errTags
		}
		var k, v uint64
		if k, t = uvarint(tags, t); t < 0 {
			return t, errPacked
		}
		if k == 0 {
			return t, nil
		}
		if v, t = uvarint(tags, t); t < 0 {
			return t, errTags
		}
		if k >= uint64(len(b.strings)) || v >= uint64(len(b.strings)) {
			return t, errString
		}
		b.nodeTags = append(b.nodeTags, uint32(k), uint32(v))
		if err := crowded(b.nodeTags, maxTags); err != nil {
			return t, err
		}
	}
}

// addNode appends a node at a position in units of the block's granularity.
func (b *block) addNode(id, lat, lon int64) {
	b.nodeID = append(b.nodeID, id)
	x, okX := b.scale(lon, b.lonOff, 1_800_000_000)
	y, okY := b.scale(lat, b.latOff, 900_000_000)
	if !okX || !okY {
		x, y = NoCoord, NoCoord
	}
	b.nodeLon = append(b.nodeLon, x)
	b.nodeLat = append(b.nodeLat, y)
}

// scale turns a coordinate of the file into 1e-7 degrees, rounding half away
// from zero.
func (b *block) scale(v, off, limit int64) (int32, bool) {
	if b.grain != 100 || off != 0 {
		far := int64(1<<61) / b.grain
		if v > far || v < -far {
			return 0, false
		}
		v = off + v*b.grain
		if v < 0 {
			v = (v - 50) / 100
		} else {
			v = (v + 50) / 100
		}
	}
	if v < -limit || v > limit {
		return 0, false
	}
	return int32(v), true
}

func (b *block) parseNode(m []byte) error {
	// lat and lon are plain fields here, read beside the packed ones.
	var lat, lon int64
	for rest := m; len(rest) > 0; {
		f, r, err := next(rest)
		if err != nil {
			return err
		}
		rest = r
		switch f.num {
		case 8:
			lat = protowire.DecodeZigZag(f.number)
		case 9:
			lon = protowire.DecodeZigZag(f.number)
		}
	}
	id, err := b.collect(m, &nodeSlots)
	if err != nil {
		return err
	}
	b.addNode(protowire.DecodeZigZag(id), lat, lon)
	b.nodeTags, err = b.keysAndValues(b.nodeTags)
	b.nodeTagEnd = append(b.nodeTagEnd, int32(len(b.nodeTags)))
	return err
}

// keysAndValues reads the tags in slots 0 and 1 of a node, way or relation.
func (b *block) keysAndValues(to []uint32) ([]uint32, error) {
	keys, values := b.packed[0], b.packed[1]
	i, j := 0, 0
	for i < len(keys) {
		var k, v uint64
		if k, i = uvarint(keys, i); i < 0 {
			return to, errPacked
		}
		if j >= len(values) {
			return to, errLengths
		}
		if v, j = uvarint(values, j); j < 0 {
			return to, errPacked
		}
		if k >= uint64(len(b.strings)) || v >= uint64(len(b.strings)) {
			return to, errString
		}
		to = append(to, uint32(k), uint32(v))
		if err := crowded(to, maxTags); err != nil {
			return to, err
		}
	}
	if j != len(values) {
		return to, errLengths
	}
	return to, nil
}

func (b *block) parseWay(m []byte) error {
	id, err := b.collect(m, &waySlots)
	if err != nil {
		return err
	}
	if b.wayTags, err = b.keysAndValues(b.wayTags); err != nil {
		return err
	}
	refs := b.packed[2]
	n := countVarints(refs)
	if len(b.refs)+n > maxRefs {
		return errCrowded
	}
	b.refs = slices.Grow(b.refs, n)
	var ref int64
	for i := 0; i < len(refs); {
		var d int64
		if d, i = svarint(refs, i); i < 0 {
			return errPacked
		}
		ref += d
		b.refs = append(b.refs, ref)
	}
	b.wayID = append(b.wayID, int64(id))
	b.wayTagEnd = append(b.wayTagEnd, int32(len(b.wayTags)))
	b.refEnd = append(b.refEnd, int32(len(b.refs)))
	return nil
}

func (b *block) parseRelation(m []byte) error {
	id, err := b.collect(m, &relationSlots)
	if err != nil {
		return err
	}
	if b.relTags, err = b.keysAndValues(b.relTags); err != nil {
		return err
	}
	roles, refs, types := b.packed[2], b.packed[3], b.packed[4]
	n := countVarints(refs)
	if len(b.members)+n > maxMembers {
		return errCrowded
	}
	b.members = slices.Grow(b.members, n)
	var ref int64
	var i, j, k int
	for i < len(refs) {
		var d int64
		var role, typ uint64
		if d, i = svarint(refs, i); i < 0 {
			return errPacked
		}
		if j >= len(roles) || k >= len(types) {
			return errLengths
		}
		if role, j = uvarint(roles, j); j < 0 {
			return errPacked
		}
		if typ, k = uvarint(types, k); k < 0 {
			return errPacked
		}
		if role >= uint64(len(b.strings)) {
			return errString
		}
		if typ > uint64(RelationMember) {
			return errMember
		}
		ref += d
		b.members = append(b.members, Member{MemberType(typ), ref, b.strings[role]})
	}
	if j != len(roles) || k != len(types) {
		return errLengths
	}
	b.relID = append(b.relID, int64(id))
	b.relTagEnd = append(b.relTagEnd, int32(len(b.relTags)))
	b.memberEnd = append(b.memberEnd, int32(len(b.members)))
	return nil
}
