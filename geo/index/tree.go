package index

import (
	"math"
	"math/bits"

	"github.com/paulmach/orb"

	"yizhan/geo/pack"
)

// fanout is how many rows or nodes a node holds.
const fanout = 16

// box is a rectangle of positions, edges included.
type box struct{ west, south, east, north int32 }

// node is a node of a tree: it holds count rows, or nodes, from first on. The
// boxes of nodes stand in a list of their own, and so do their stocks, so that
// to look at the boxes of a node's children is to read few lines of memory.
type node struct {
	first uint32
	count uint8
	leaf  bool
}

// end is the number behind the last row or node held.
func (n node) end() uint32 { return n.first + uint32(n.count) }

// stock is what a row has, or what is found anywhere in a node.
type stock struct {
	offers uint64 // pack.OfferBits, and dated
	hours  uint64 // HoursBit of each
}

// meets says whether every one of the offers is there, and one of the hours where
// any are wanted.
func (s *stock) meets(wanted stock) bool {
	return s.offers&wanted.offers == wanted.offers && (wanted.hours == 0 || s.hours&wanted.hours != 0)
}

// and returns what is in either of two.
func (s stock) and(o stock) stock { return stock{s.offers | o.offers, s.hours | o.hours} }

// HoursBit stands for opening hours, as they are written, among 64 of which
// several share one; 0 for none. Where few different hours are kept in a
// region, a question for some of them passes it by.
func HoursBit(hours string) uint64 {
	if hours == "" {
		return 0
	}
	h := uint32(2166136261) // FNV-1a
	for i := range len(hours) {
		h = (h ^ uint32(hours[i])) * 16777619
	}
	return 1 << ((h ^ h>>16) % 64)
}

// hourBits gives the bits of the hours in a table's dictionary.
func hourBits(t *pack.Table) []uint64 {
	bits := make([]uint64, t.Values(pack.Hours))
	for i := range bits {
		bits[i] = HoursBit(t.Value(pack.Hours, i))
	}
	return bits
}

// hoursOf returns the bit of a row's hours.
func (seg *segment) hoursOf(row int) uint64 {
	v, ok := seg.table.Row(row).Find(pack.Hours)
	switch {
	case !ok:
		return 0
	case v.Number >= 0:
		return seg.hourBits[v.Number]
	}
	return HoursBit(v.Text)
}

// dated is set beside the OfferBits, of which it is none, where a place carries
// a Valid.
const dated = pack.FreeBit

// offersAt reads what a row offers.
func (seg *segment) offersAt(row int) uint64 {
	offers := seg.table.Offers(row)
	if seg.table.Row(row).Fields().Has(pack.Valid) {
		offers |= dated
	}
	return offers
}

// manyStocks is the number of a row's stock where there are too many different
// ones to be numbered.
const manyStocks = math.MaxUint16

// note notes what a row has.
func (seg *segment) note(row int, numbers map[stock]uint16) {
	own := stock{seg.offersAt(row), seg.hoursOf(row)}
	seg.dated = seg.dated || own.offers&dated != 0
	number, ok := numbers[own]
	if !ok {
		number = uint16(min(len(seg.different), manyStocks))
		if number < manyStocks {
			numbers[own] = number
			seg.different = append(seg.different, own)
		}
	}
	seg.stocked[row] = number
}

// stockOf returns what a placed row has.
func (seg *segment) stockOf(row uint32) stock {
	if number := seg.stocked[row]; number < manyStocks {
		return seg.different[number]
	}
	return stock{seg.offersAt(int(row)), seg.hoursOf(int(row))}
}

// plant builds the trees.
func (seg *segment) plant() {
	seg.hourBits = hourBits(seg.table)
	seg.stocked = make([]uint16, len(seg.codes))
	numbers := map[stock]uint16{}
	for row := range seg.stocked {
		seg.note(row, numbers)
	}
	total := 0
	for _, l := range seg.layers {
		for n := int(l.until - l.from); ; {
			n = (n + fanout - 1) / fanout
			total += n
			if n == 1 {
				break
			}
		}
	}
	seg.nodes, seg.boxes, seg.stocks = make([]node, 0, total), make([]box, 0, total), make([]stock, 0, total)
	for i := range seg.layers {
		l := &seg.layers[i]
		from := uint32(len(seg.nodes))
		for row := l.from; row < l.until; row += fanout {
			seg.addLeaf(row, min(row+fanout, l.until))
		}
		for until := uint32(len(seg.nodes)); until-from > 1; from, until = until, uint32(len(seg.nodes)) {
			for child := from; child < until; child += fanout {
				seg.addBranch(child, min(child+fanout, until))
			}
		}
		l.root = from
	}
}

func (seg *segment) addLeaf(from, until uint32) {
	around, held := boxAt(seg.table.Position(int(from))), stock{}
	for row := from; row < until; row++ {
		around = around.and(boxAt(seg.table.Position(int(row))))
		held = held.and(seg.stockOf(row))
	}
	seg.add(node{first: from, count: uint8(until - from), leaf: true}, around, held)
}

func (seg *segment) addBranch(from, until uint32) {
	around, held := seg.boxes[from], stock{}
	for child := from; child < until; child++ {
		around = around.and(seg.boxes[child])
		held = held.and(seg.stocks[child])
	}
	seg.add(node{first: from, count: uint8(until - from)}, around, held)
}

func (seg *segment) add(n node, around box, held stock) {
	seg.nodes, seg.boxes, seg.stocks = append(seg.nodes, n), append(seg.boxes, around), append(seg.stocks, held)
}

// boxAt is the box of one position.
func boxAt(at pack.Position) box { return box{at.Lon, at.Lat, at.Lon, at.Lat} }

// and returns the box around two.
func (b box) and(o box) box {
	return box{min(b.west, o.west), min(b.south, o.south), max(b.east, o.east), max(b.north, o.north)}
}

// meets says whether two boxes have a position in common.
func (b box) meets(o box) bool {
	return b.west <= o.east && o.west <= b.east && b.south <= o.north && o.south <= b.north
}

// holds says whether the whole of another box is in the box.
func (b box) holds(o box) bool {
	return b.west <= o.west && o.east <= b.east && b.south <= o.south && o.north <= b.north
}

func (b box) has(p pack.Position) bool {
	return b.west <= p.Lon && p.Lon <= b.east && b.south <= p.Lat && p.Lat <= b.north
}

// which says by bits which of at most 32 positions are in the box. Whether one
// is would be hard to foresee, so it is computed.
func (b box) which(positions []pack.Position) (in uint32) {
	west, south, east, north := int64(b.west), int64(b.south), int64(b.east), int64(b.north)
	for i, p := range positions {
		lon, lat := int64(p.Lon), int64(p.Lat)
		// The sign of what is less than nothing.
		out := uint64((lon-west)|(east-lon)|(lat-south)|(north-lat)) >> 63
		in |= uint32(out^1) << (i & 31)
	}
	return in
}

// runs yields the runs of rows in a box below a node, until yield returns
// false, which it then does too. Where a node lies in the box altogether its
// rows are not looked at.
func (seg *segment) runs(number uint32, b box, yield func(from, until uint32) bool) bool {
	n := seg.nodes[number]
	switch {
	case b.holds(seg.boxes[number]):
		return yield(seg.span(n))
	case n.leaf:
		in := b.which(seg.table.Positions(int(n.first), int(n.end())))
		for row := n.first; in != 0; {
			out := bits.TrailingZeros32(in)
			in >>= out
			from := row + uint32(out)
			run := bits.TrailingZeros32(^in)
			in >>= run
			if row = from + uint32(run); !yield(from, row) {
				return false
			}
		}
		return true
	}
	for child := n.first; child < n.end(); child++ {
		if b.meets(seg.boxes[child]) && !seg.runs(child, b, yield) {
			return false
		}
	}
	return true
}

// span returns the rows below a node.
func (seg *segment) span(n node) (from, until uint32) {
	first, last := n, n
	for !first.leaf {
		first = seg.nodes[first.first]
	}
	for !last.leaf {
		last = seg.nodes[last.end()-1]
	}
	return first.first, last.end()
}

// around returns the bound of the placed places that are not dead.
func (ix *Index) around() orb.Bound {
	a := area{ix: ix, box: box{1, 1, -1, -1}}
	for _, seg := range ix.parts() {
		for _, l := range seg.layers {
			a.add(seg, l.root, l.from, l.until)
		}
	}
	if !a.any {
		return emptyBound()
	}
	return orb.Bound{
		Min: pack.Position{Lon: a.box.west, Lat: a.box.south}.Point(),
		Max: pack.Position{Lon: a.box.east, Lat: a.box.north}.Point(),
	}
}

// area is a box that grows.
type area struct {
	ix  *Index
	box box
	any bool
}

// add adds a node; below it are rows from from on, before until. It looks into
// those only that would make the box grow and have dead places in them.
func (a *area) add(seg *segment, number, from, until uint32) {
	n := &seg.nodes[number]
	switch {
	case a.any && a.box.holds(seg.boxes[number]):
	case seg != a.ix.base || a.ix.deadIn(from, until) == 0:
		a.grow(seg.boxes[number])
	case n.leaf:
		for row := from; row < until; row++ {
			if !a.ix.isDead(row) {
				a.grow(boxAt(seg.table.Position(int(row))))
			}
		}
	default:
		span := uint32(fanout) // rows below one child
		for inner := n.first; !seg.nodes[inner].leaf; inner = seg.nodes[inner].first {
			span *= fanout
		}
		for i := range uint32(n.count) {
			a.add(seg, n.first+i, from+i*span, min(from+(i+1)*span, until))
		}
	}
}

func (a *area) grow(b box) {
	if a.any {
		b = a.box.and(b)
	}
	a.box, a.any = b, true
}
