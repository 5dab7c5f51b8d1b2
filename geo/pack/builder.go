package pack

import (
	"encoding/binary"
	"math/bits"
	"strings"

	"yizhan/geo"
)

const (
	// chunkSize is how much is claimed at a time for rows.
	chunkSize = 1 << 20
	// blockRows is how many rows' whereabouts are claimed at a time.
	blockRows = 1 << 12
)

// Builder takes places and makes a Table of them. The zero value is empty and
// ready. It is not safe for concurrent use.
type Builder struct {
	chunks []*strings.Builder
	blocks [][]staged
	n      int
	dicts  [NumFields]pool
	// copied maps the numbers of the table from which rows were copied last.
	from   *Table
	copied [NumFields][]uint32

	row, value []byte
	keys       []string
}

// staged says where a row stands that is not in a table yet.
type staged struct {
	chunk, at, size uint32
	position        Position
}

// Len is the number of rows added.
func (b *Builder) Len() int { return b.n }

// Add adds a place and keeps nothing of it. One that is unplaced, or whose
// point is no position, is kept unplaced, without its point. Times are kept in
// UTC, empty lists and maps as nil.
func (b *Builder) Add(p *geo.Place) {
	mask := Mask(everywhere)
	b.row = append(b.row[:0], 0, 0, 0, 0)
	at, ok := PositionOf(p.Point)
	if !ok || p.Unplaced {
		mask, at = mask|unplaced, Position{}
	}
	text := func(f Field, s string) {
		if s != "" {
			mask |= 1 << f
			b.text(f, s)
		}
	}
	b.text(ID, p.ID)
	b.text(Kind, string(p.Kind))
	b.text(Name, p.Name)
	if len(p.Names) > 0 {
		mask |= 1 << Names
		b.composite(Names, appendMap(b.value[:0], p.Names, &b.keys))
	}
	text(Address, p.Address)
	text(District, p.District)
	text(Phone, p.Phone)
	text(Operator, p.Operator)
	text(Website, p.Website)
	text(Note, p.Note)
	text(Hours, p.Hours)
	text(HoursText, p.HoursText)
	b.composite(Facilities, appendList(b.value[:0], p.Facilities))
	if p.Valid != nil {
		mask |= 1 << Valid
		b.composite(Valid, appendValid(b.value[:0], p.Valid))
	}
	text(Compound, p.Compound)
	b.text(Feed, p.Source.Feed)
	if rest, ok := strings.CutPrefix(p.ID, p.Source.Feed); !ok || rest == "" || rest[0] != ':' || rest[1:] != p.Source.Ref {
		mask |= 1 << Ref
		b.text(Ref, p.Source.Ref)
	}
	mask |= b.particulars(p)
	if t := p.Source.Time; !t.IsZero() {
		mask |= 1 << Time
		b.composite(Time, appendTime(b.value[:0], t))
	}
	if len(p.Extra) > 0 {
		mask |= 1 << Extra
		b.composite(Extra, appendMap(b.value[:0], p.Extra, &b.keys))
	}
	if p.Origin != nil {
		mask |= 1 << Origin
		b.composite(Origin, appendOrigin(b.value[:0], p.Origin))
	}
	b.stage(mask, at)
}

// particulars adds what places of one kind have.
func (b *Builder) particulars(p *geo.Place) (mask Mask) {
	v := b.value[:0]
	if s := p.Station; s != nil {
		mask |= 1 << Station
		b.composite(Station, appendText(appendText(appendText(appendText(v, s.Type), s.Network), s.Hub), s.Booking))
	}
	if c := p.Charger; c != nil {
		mask |= 1 << Charger
		b.composite(Charger, appendList(appendText(binary.AppendVarint(v, int64(c.Sockets)), c.Fee), c.Vehicles))
	}
	if s := p.BusStop; s != nil {
		mask |= 1 << BusStop
		b.composite(BusStop, appendList(appendFlags(v, s.Shelter, s.Bench), s.Lines))
	}
	if k := p.Parking; k != nil {
		mask |= 1 << Parking
		b.composite(Parking, appendList(binary.AppendVarint(appendFlags(v, k.Covered), int64(k.Capacity)), k.Vehicles))
	}
	if k := p.Bikes; k != nil {
		mask |= 1 << Bikes
		b.composite(Bikes, appendText(binary.AppendVarint(v, int64(k.Capacity)), k.Network))
	}
	if g := p.Gate; g != nil {
		mask |= 1<<Gate | 1<<GateCompounds
		b.composite(Gate, appendMap(appendText(appendFlags(v, g.Inferred), g.Barrier), g.Tags, &b.keys))
		b.composite(GateCompounds, appendList(b.value[:0], g.Compounds))
	}
	return mask
}

// Copy adds a row of a table. Values stay in the dictionaries that they were
// in.
func (b *Builder) Copy(t *Table, row int) {
	if b.from != t {
		b.from = t
		for f := range b.copied {
			b.copied[f] = make([]uint32, t.dicts[f].len())
		}
	}
	r := t.Row(row)
	mask := r.mask
	b.row = append(b.row[:0], 0, 0, 0, 0)
	for v, ok := r.Next(); ok; v, ok = r.Next() {
		if v.Number < 0 {
			b.inline(v.Text, v.Plain)
			continue
		}
		// Numbers are kept one higher: zero is none yet.
		number := b.copied[v.Field][v.Number]
		if number == 0 {
			if n, ok := b.dicts[v.Field].number(v.Text, true); ok {
				number = n + 1
			}
			b.copied[v.Field][v.Number] = number
		}
		if number == 0 {
			b.inline(v.Text, Mask(texts).Has(v.Field) && plainText(v.Text))
			continue
		}
		b.row = binary.AppendUvarint(b.row, uint64(number-1)<<1|1)
	}
	b.stage(mask, t.positions[row])
}

// text adds a field that is text.
func (b *Builder) text(f Field, s string) {
	if Mask(shared).Has(f) {
		if n, ok := b.dicts[f].number(s, false); ok {
			b.row = binary.AppendUvarint(b.row, uint64(n)<<1|1)
			return
		}
	}
	b.inline(s, plainText(s))
}

// composite adds any other field. The value may be b.value, grown.
func (b *Builder) composite(f Field, v []byte) {
	b.value = v[:0]
	if Mask(shared).Has(f) {
		if n, ok := b.dicts[f].numberOf(v); ok {
			b.row = binary.AppendUvarint(b.row, uint64(n)<<1|1)
			return
		}
	}
	b.row = append(binary.AppendUvarint(b.row, uint64(len(v))<<2), v...)
}

func (b *Builder) inline(s string, plain bool) {
	head := uint64(len(s)) << 2
	if plain {
		head |= 2
	}
	b.row = append(binary.AppendUvarint(b.row, head), s...)
}

// stage puts the row away.
func (b *Builder) stage(mask Mask, at Position) {
	binary.LittleEndian.PutUint32(b.row, uint32(mask))
	last := len(b.chunks) - 1
	if last < 0 || b.chunks[last].Cap()-b.chunks[last].Len() < len(b.row) {
		chunk := new(strings.Builder)
		chunk.Grow(max(chunkSize, len(b.row)))
		b.chunks = append(b.chunks, chunk)
		last++
	}
	if b.n%blockRows == 0 {
		b.blocks = append(b.blocks, make([]staged, 0, blockRows))
	}
	block := &b.blocks[len(b.blocks)-1]
	*block = append(*block, staged{uint32(last), uint32(b.chunks[last].Len()), uint32(len(b.row)), at})
	b.chunks[last].Write(b.row)
	b.n++
	if cap(b.row) > chunkSize {
		b.row = nil
	}
	if cap(b.value) > chunkSize {
		b.value = nil
	}
}

func (b *Builder) at(i int) *staged { return &b.blocks[i/blockRows][i%blockRows] }

func (b *Builder) bytes(s *staged) string { return b.chunks[s.chunk].String()[s.at : s.at+s.size] }

// ID returns the ID of the row that was added as the i-th.
func (b *Builder) ID(i int) string {
	row := b.bytes(b.at(i))
	n, at := uvarint(row, 4)
	return row[at : at+int(n>>2)]
}

// Kind returns the kind of the row that was added as the i-th.
func (b *Builder) Kind(i int) string {
	row := b.bytes(b.at(i))
	n, at := uvarint(row, 4)
	at += int(n >> 2)
	n, at = uvarint(row, at)
	if n&1 != 0 {
		return b.dicts[Kind].values[n>>1]
	}
	return row[at : at+int(n>>2)]
}

// Position returns the position of the row that was added as the i-th; ok is
// false where it has none.
func (b *Builder) Position(i int) (at Position, ok bool) {
	s := b.at(i)
	return s.position, b.bytes(s)[3]>>7 == 0
}

// Table makes a table of the rows with the numbers given, in that order. The
// builder is not changed.
func (b *Builder) Table(order []uint32) *Table {
	total := 0
	for _, i := range order {
		total += int(b.at(int(i)).size)
	}
	t := &Table{starts: make([]uint32, len(order)), positions: make([]Position, len(order))}
	var rows strings.Builder
	rows.Grow(total)
	for row, i := range order {
		s := b.at(int(i))
		start := uint64(rows.Len())
		if int(start>>32) > len(t.wraps) {
			t.wraps = append(t.wraps, uint32(row))
		}
		t.starts[row], t.positions[row] = uint32(start), s.position
		rows.WriteString(b.bytes(s))
	}
	t.rows = rows.String()
	for f := range b.dicts {
		t.dicts[f] = b.dicts[f].freeze()
	}
	t.offers = make([]uint64, t.dicts[Facilities].len())
	for i := range t.offers {
		t.offers[i] = offersOf(t.dicts[Facilities].at(i))
	}
	return t
}

const (
	// maxValues bounds a dictionary; maxValue is the longest value in one.
	maxValues = 1 << 15
	maxValue  = 1 << 10
	// metBits is the size of the memory of what was met once.
	metBits = 12
)

// pool is a dictionary that grows.
type pool struct {
	numbers map[string]uint32
	values  []string
	// met are hashes of values met once, each where its upper bits say.
	met []uint32
}

// number returns the number of a value, giving it one where it was met before
// or now is set.
func (p *pool) number(s string, now bool) (uint32, bool) {
	n, ok := p.numbers[s]
	if ok || !p.wants(len(s)) || !now && !p.again(hashOf(s)) {
		return n, ok
	}
	return p.add(strings.Clone(s)), true
}

// numberOf is number for bytes.
func (p *pool) numberOf(s []byte) (uint32, bool) {
	n, ok := p.numbers[string(s)]
	if ok || !p.wants(len(s)) || !p.again(hashOf(s)) {
		return n, ok
	}
	return p.add(string(s)), true
}

func (p *pool) wants(length int) bool { return length <= maxValue && len(p.values) < maxValues }

func (p *pool) add(s string) uint32 {
	if p.numbers == nil {
		p.numbers = map[string]uint32{}
	}
	n := uint32(len(p.values))
	p.numbers[s] = n
	p.values = append(p.values, s)
	return n
}

// again says whether a hash was met before, and remembers it.
func (p *pool) again(hash uint32) bool {
	if p.met == nil {
		p.met = make([]uint32, 1<<metBits)
	}
	cell := &p.met[hash>>(32-metBits)]
	if *cell == hash {
		return true
	}
	*cell = hash
	return false
}

// hashOf is FNV-1a, its bits stirred once more.
func hashOf[T string | []byte](s T) uint32 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	hi, lo := bits.Mul64(h, 0x9e3779b97f4a7c15)
	return uint32(hi^lo) | 1
}

// freeze returns the dictionary as it is now.
func (p *pool) freeze() dictionary {
	if len(p.values) == 0 {
		return dictionary{}
	}
	d := dictionary{ends: make([]uint32, len(p.values))}
	var all strings.Builder
	total := 0
	for _, s := range p.values {
		total += len(s)
	}
	all.Grow(total)
	for i, s := range p.values {
		all.WriteString(s)
		d.ends[i] = uint32(all.Len())
	}
	d.text = all.String()
	return d
}
