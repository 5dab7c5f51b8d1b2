package demo

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// compound draws one walled block: its wall with gates, a road round the
// inside, rows of buildings with a path before each, and what stands between.
type compound struct {
	*board
	rng   *rand.Rand
	block *block
	// index is the compound's number in the district.
	index int
	wall  box
	ring  box // the inner road
	large bool
	// onWall and onRing are nodes on the four sides, by position.
	onWall, onRing [4][]mark
	gates          []gateAt
}

// mark is a node on a side of a box at a share of its length.
type mark struct {
	t    float64
	node int64
}

// gateAt is a gate that has been drawn.
type gateAt struct {
	side side
	at   pos
	row  gateRow
}

// largeArea is from how many square metres on a compound has shared bikes.
const largeArea = 47_000

// Distances in metres: the wall from the pavement, the inner road from the
// wall, buildings from the inner road.
const (
	setback   = 3.5
	ringInset = 13
	clearance = 9
)

func drawCompound(b *board, s *streets, bl *block, index int, rng *rand.Rand) *compound {
	c := &compound{board: b, rng: rng, block: bl, index: index}
	c.wall = bl.land.inset(setback)
	c.ring = c.wall.inset(ringInset)
	c.large = c.wall.area() >= largeArea
	c.drawGates(s)
	c.drawBuildings()
	c.drawAmenities()
	c.drawRing()
	c.drawWall()
	return c
}

// drawGates puts the compound's gates on its sides and leads a way through
// each, from the street to the inner road.
func (c *compound) drawGates(s *streets) {
	order := c.sidesByStreet()
	count := 2 + (c.index*3+c.rng.IntN(2))%4
	for i, row := range gateRowsFor(c.block.use, c.index, count) {
		sd := order[i%4]
		t := 0.30 + 0.4*c.rng.Float64()
		if i >= 4 { // a second gate on the main side, away from the first
			t = 0.12
		}
		at := c.wall.along(sd, t)
		gate := c.place(at, append(slices.Clone(row.tags), "name", sideNames[sd].zh+row.suffix.zh,
			"name:en", sideNames[sd].en+" "+row.suffix.en)...)
		c.onWall[sd] = append(c.onWall[sd], mark{t, gate})
		inside := c.markRing(sd, at)
		c.way([]int64{s.join(c.block.sides[sd], at), gate, inside}, append([]string{"highway", row.way}, row.wayTags...)...)
		c.gates = append(c.gates, gateAt{sd, at, row})
		if row.bay {
			c.drawBay(sd, t, i)
		}
	}
}

// drawBay puts a parking bay outside a gate that e-bikes may not ride through,
// a little way along the wall.
func (c *compound) drawBay(sd side, gate float64, i int) {
	length := c.wall.width()
	if sd == east || sd == west {
		length = c.wall.height()
	}
	off := (14 + 70*c.rng.Float64()) / length
	if gate+off > 0.95 {
		off = -off
	}
	dx, dy := sd.outward()
	covered := ""
	if (c.index+i)%3 == 0 {
		covered = "yes"
	}
	c.place(c.wall.along(sd, max(gate+off, 0.05)).plus(dx*2, dy*2), "amenity", "bicycle_parking",
		"capacity", number(4+c.rng.IntN(5)*4), "covered", covered, "name", c.block.name.zh+sideNames[sd].zh+"门停车点")
}

// sidesByStreet orders the sides by the width of their street, widest first.
func (c *compound) sidesByStreet() []side {
	order := []side{south, east, north, west}
	slices.SortStableFunc(order, func(a, b side) int {
		return cmp.Compare(c.block.sides[b].street.half, c.block.sides[a].street.half)
	})
	return order
}

// markRing returns the node of the inner road that faces a position.
func (c *compound) markRing(sd side, facing pos) int64 {
	t := (facing.x - c.ring.min.x) / c.ring.width()
	if sd == east || sd == west {
		t = (facing.y - c.ring.min.y) / c.ring.height()
	}
	t = min(max(t, 0.02), 0.98)
	for _, m := range c.onRing[sd] {
		if m.t == t {
			return m.node
		}
	}
	node := c.node(c.ring.along(sd, t))
	c.onRing[sd] = append(c.onRing[sd], mark{t, node})
	return node
}

// outline returns the closed run of nodes around a box that takes in the
// nodes marked on its sides.
func (c *compound) outline(r box, marks *[4][]mark) []int64 {
	var ids []int64
	corners := r.corners()
	for sd := range 4 {
		ids = append(ids, c.node(corners[sd]))
		on := slices.Clone(marks[sd])
		slices.SortFunc(on, func(a, b mark) int { return cmp.Compare(a.t, b.t) })
		if sd >= 2 { // north and west run backwards
			slices.Reverse(on)
		}
		from := corners[sd]
		for _, m := range on {
			ids = append(c.fill(ids, from, c.at[m.node], 60), m.node)
			from = c.at[m.node]
		}
		ids = c.fill(ids, from, corners[(sd+1)%4], 60)
	}
	return append(ids, ids[0])
}

func (c *compound) drawRing() {
	tags := []string{"highway", "service", "motor_vehicle", "private"}
	if c.onFootInside() {
		tags = append(tags, "bicycle", "no", "electric_bicycle", "no")
	}
	c.way(c.outline(c.ring, &c.onRing), tags...)
}

// onFootInside says whether bikes stay outside, as more and more compounds
// ask for: one in four.
func (c *compound) onFootInside() bool { return c.block.use == useCompound && c.index%4 == 2 }

func (c *compound) drawWall() {
	use := map[use][]string{
		useCompound: {"landuse", "residential"},
		useCampus:   {"amenity", "school"},
		useHospital: {"amenity", "hospital"},
		useOffice:   {"landuse", "commercial"},
	}[c.block.use]
	barrier := "wall"
	if c.block.use == useOffice || c.block.use == useCampus {
		barrier = "fence"
	}
	c.way(c.outline(c.wall, &c.onWall), append(use, "barrier", barrier,
		"name", c.block.name.zh, "name:en", c.block.name.en,
		"addr:street", c.block.sides[c.gates[0].side].street.name.zh, "addr:housenumber", number(2+2*(c.index%150)))...)
}

// drawAmenities puts what stands between the buildings.
func (c *compound) drawAmenities() {
	ring := c.ring.inset(4)
	charger := func(at pos, sockets int) {
		c.place(at, "amenity", "charging_station", "bicycle", "yes", "motorcar", "no", "capacity", number(sockets),
			"name", c.block.name.zh+"充电棚", "fee", "yes")
	}
	if c.block.use == useCompound && c.index%3 != 1 {
		charger(ring.along(west, 0.2), 10+2*c.rng.IntN(8))
	}
	if c.large {
		charger(ring.along(east, 0.75), 20)
		c.place(ring.along(south, 0.55), "amenity", "bicycle_rental", "capacity", "10", "network", "邻里单车",
			"name", c.block.name.zh+"共享单车")
	}
	if c.index%5 == 0 {
		c.place(ring.along(east, 0.3), "amenity", "bicycle_parking", "capacity", "24", "covered", "yes",
			"access", "private", "name", c.block.name.zh+"车棚")
	}
}
