package demo

import "math/rand/v2"

// drawOpen draws a block without a wall.
func drawOpen(b *board, s *streets, bl *block, index int, rng *rand.Rand) {
	switch bl.use {
	case usePark:
		drawPark(b, s, bl)
	case useMall:
		drawMall(b, s, bl)
	case useMarket:
		drawShops(b, s, bl, "commercial", "pedestrian", rng)
	default:
		drawShops(b, s, bl, "residential", "living_street", rng)
	}
	if bl.use != usePark && index%2 == 0 {
		b.place(bl.land.along(north, 0.85).plus(0, 1.5), "amenity", "bicycle_parking", "capacity", number(20+rng.IntN(4)*10))
	}
}

func drawPark(b *board, s *streets, bl *block) {
	land := bl.land.inset(2)
	b.area(land, "leisure", "park", "name", bl.name.zh, "name:en", bl.name.en)
	pond := box{land.along(south, 0.28).plus(0, land.height()*0.3), land.along(south, 0.62).plus(0, land.height()*0.62)}
	b.area(pond, "natural", "water", "water", "pond")
	b.area(box{pos{pond.max.x + 25, pond.min.y}, pos{land.max.x - 25, pond.max.y}}, "natural", "wood")

	// A round path with a way in from each street.
	round := land.inset(16)
	var marks [4][]mark
	for sd := south; sd <= west; sd++ {
		at := round.along(sd, 0.5)
		node := b.node(at)
		marks[sd] = []mark{{0.5, node}}
		b.way([]int64{s.join(bl.sides[sd], at), node}, "highway", "footway")
	}
	c := compound{board: b}
	b.way(c.outline(round, &marks), "highway", "footway", "name", bl.name.zh+"环路")
	b.place(land.along(south, 0.5).plus(18, -1), "amenity", "bicycle_rental", "capacity", "16", "network", "邻里单车", "name", bl.name.zh+"共享单车")
}

func drawMall(b *board, s *streets, bl *block) {
	land := bl.land.inset(4)
	b.area(land, "landuse", "retail")
	hall := land.inset(20)
	b.area(hall, "building", "retail", "name", bl.name.zh, "name:en", bl.name.en, "building:levels", "6")
	walk := land.inset(9)
	var marks [4][]mark
	for sd := south; sd <= west; sd++ {
		at := walk.along(sd, 0.5)
		node := b.node(at)
		marks[sd] = []mark{{0.5, node}}
		b.way([]int64{s.join(bl.sides[sd], at), node}, "highway", "footway")
	}
	c := compound{board: b}
	b.way(c.outline(walk, &marks), "highway", "pedestrian")
	b.place(walk.along(south, 0.2), "amenity", "charging_station", "motorcar", "yes", "bicycle", "no", "socket:type2", "8",
		"name", bl.name.zh+"充电站", "capacity", "8")
	b.place(walk.along(west, 0.3), "amenity", "charging_station", "bicycle", "yes", "motorcar", "no", "capacity", "16",
		"name", bl.name.zh+"电动自行车充电点")
}

// drawShops draws houses along all four streets and a lane through the middle.
func drawShops(b *board, s *streets, bl *block, landuse, lane string, rng *rand.Rand) {
	land := bl.land.inset(2)
	b.area(land, "landuse", landuse)
	const depth = 14.0
	for _, sd := range []side{south, north} {
		streetName := bl.sides[sd].street.name
		house := 2 + bl.col*100 + int(sd)
		for x := land.min.x; x < land.max.x-12; house += 2 {
			width := min(16+14*rng.Float64(), land.max.x-x)
			y0, y1 := land.min.y, land.min.y+depth
			if sd == north {
				y0, y1 = land.max.y-depth, land.max.y
			}
			b.area(box{pos{x, y0}, pos{x + width - 1, y1}}, "building", "retail",
				"addr:housenumber", number(house), "addr:street", streetName.zh)
			x += width
		}
	}
	// Rows of old houses behind the shops, either side of the lane.
	mid := land.middle()
	for y := land.min.y + depth + 16; y < land.max.y-depth-16-11; y += 22 {
		if y < mid.y+7 && y+11 > mid.y-7 {
			continue // the lane runs here
		}
		b.area(box{pos{land.min.x + 6, y}, pos{mid.x - 8, y + 11}}, "building", "house")
		b.area(box{pos{mid.x + 8, y}, pos{land.max.x - 6, y + 11}}, "building", "house")
	}
	cross := b.node(mid)
	name := bl.name.zh + "巷"
	b.way(b.through(s, bl, west, east, cross), "highway", lane, "name", name, "name:en", bl.name.en+" Lane")
	b.lineThrough(bl, s, cross)
}

// through runs from one side of a block to the opposite one by way of a node.
func (b *board) through(s *streets, bl *block, from, to side, mid int64) []int64 {
	at := b.at[mid]
	start, end := s.join(bl.sides[from], at), s.join(bl.sides[to], at)
	run := append(b.fill([]int64{start}, b.at[start], at, 50), mid)
	return append(b.fill(run, at, b.at[end], 50), end)
}

// lineThrough draws the footway that crosses the lane from south to north,
// between two houses of the front rows.
func (b *board) lineThrough(bl *block, s *streets, mid int64) {
	b.way(b.through(s, bl, south, north, mid), "highway", "footway", "tunnel", "building_passage")
}
