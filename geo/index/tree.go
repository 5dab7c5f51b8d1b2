package index

import (
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

// stock is what is found anywhere in a node.
type stock struct {
	offers uint64 // pack.OfferBits, and dated
	hours  uint64 // HoursBit of each
}

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
func (seg *segment) hoursOf(row uint32, known []uint64) uint64 {
	v, ok := seg.table.Row(int(row)).Find(pack.Hours)
	switch {
	case !ok:
		return 0
	case v.Number >= 0:
		return known[v.Number]
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

// manyMenus is the number of a row's offers where there are too many to be
// numbered.
const manyMenus = 255

// menu notes what a row offers.
func (seg *segment) menu(row int, numbers map[uint64]uint8) {
	offers := seg.offersAt(row)
	seg.dated = seg.dated || offers&dated != 0
	number, ok := numbers[offers]
	if !ok {
		number = uint8(min(len(seg.menus), manyMenus))
		if number < manyMenus {
			numbers[offers] = number
			seg.menus = append(seg.menus, offers)
		}
	}
	seg.offers[row] = number
}

// offersOf returns what a placed row offers.
func (seg *segment) offersOf(row uint32) uint64 {
	if number := seg.offers[row]; number < manyMenus {
		return seg.menus[number]
	}
	return seg.offersAt(int(row))
}

// plant builds the trees.
func (seg *segment) plant() {
	seg.offers = make([]uint8, len(seg.codes))
	numbers := map[uint64]uint8{}
	for row := range seg.offers {
		seg.menu(row, numbers)
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
	hours := hourBits(seg.table)
	for i := range seg.layers {
		l := &seg.layers[i]
		from := uint32(len(seg.nodes))
		for row := l.from; row < l.until; row += fanout {
			seg.addLeaf(row, min(row+fanout, l.until), hours)
		}
		for until := uint32(len(seg.nodes)); until-from > 1; from, until = until, uint32(len(seg.nodes)) {
			for child := from; child < until; child += fanout {
				seg.addBranch(child, min(child+fanout, until))
			}
		}
		l.root = from
	}
}

func (seg *segment) addLeaf(from, until uint32, hours []uint64) {
	around, held := boxAt(seg.table.Position(int(from))), stock{}
	for row := from; row < until; row++ {
		around = around.and(boxAt(seg.table.Position(int(row))))
		held.offers |= seg.offersOf(row)
		held.hours |= seg.hoursOf(row, hours)
	}
	seg.add(node{first: from, count: uint8(until - from), leaf: true}, around, held)
}

func (seg *segment) addBranch(from, until uint32) {
	around, held := seg.boxes[from], stock{}
	for child := from; child < until; child++ {
		around = around.and(seg.boxes[child])
		held.offers |= seg.stocks[child].offers
		held.hours |= seg.stocks[child].hours
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
