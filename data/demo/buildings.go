package demo

// slab is the measure of a kind of building, metres.
type slab struct {
	width, depth float64
	// gap to the next in the row, and lane between rows, path included.
	gap, lane float64
	units     int
	label     func(n int) string
}

// slabs by use: long blocks of flats, or towers; teaching blocks; wards.
var slabs = map[use][]slab{
	useCompound: {
		{46, 13, 13, 25, 3, func(n int) string { return number(n) + "号楼" }},
		{27, 22, 19, 30, 2, func(n int) string { return number(n) + "栋" }},
		{60, 13, 11, 24, 4, func(n int) string { return number(n) + "号楼" }},
		{34, 15, 15, 27, 2, func(n int) string { return number(n) + "幢" }},
	},
	useCampus: {{52, 17, 18, 30, 1, func(n int) string { return letter(n) + "教学楼" }}},
	useHospital: {{58, 22, 16, 28, 1, func(n int) string {
		return []string{"门诊楼", "急诊楼", "住院楼", "医技楼"}[(n-1)%4] + letter(n) + "座"
	}}},
	useOffice: {{42, 28, 20, 30, 1, func(n int) string { return letter(n) + "座" }}},
}

// letter numbers buildings A, B … Z, then A2, B2 …
func letter(n int) string {
	l := string(rune('A' + (n-1)%26))
	if n > 26 {
		l += number(1 + (n-1)/26)
	}
	return l
}

// drawBuildings lays rows of buildings inside the inner road, fronts to the
// south, each row with a path before it that meets the road at both ends. A
// large compound gives its middle row to a garden.
func (c *compound) drawBuildings() {
	kinds := slabs[c.block.use]
	k := kinds[c.index%len(kinds)]
	lot := c.ring.inset(clearance)
	rows := int((lot.height() + k.lane - 8) / (k.depth + k.lane))
	perRow := int((lot.width() + k.gap) / (k.width + k.gap))
	if rows < 1 || perRow < 1 {
		return
	}
	pitchY := k.depth + k.lane
	if rows > 1 {
		pitchY = (lot.height() - 8 - k.depth) / float64(rows-1)
	}
	spare := (lot.width() - float64(perRow)*k.width - float64(perRow-1)*k.gap) / float64(perRow+1)
	n := 0
	for row := range rows {
		y := lot.min.y + 8 + float64(row)*pitchY
		path := c.openPath(y - 7)
		if rows >= 4 && row == rows/2 && (c.large || c.block.use == useCampus) {
			c.drawGarden(box{pos{lot.min.x, y}, pos{lot.max.x, y + k.depth}})
			path.close(c)
			continue
		}
		for i := range perRow {
			x := lot.min.x + spare + float64(i)*(k.width+k.gap+spare)
			n++
			c.drawBuilding(box{pos{x, y}, pos{x + k.width, y + k.depth}}, k, n, path)
		}
		path.close(c)
	}
}

// path is the footway before a row of buildings while its doors are added.
type path struct {
	y     float64
	nodes []int64
}

func (c *compound) openPath(y float64) *path {
	return &path{y, []int64{c.markRing(west, pos{c.ring.min.x, y})}}
}

// join adds a node at x and returns it. Doors come from west to east.
func (p *path) join(c *compound, x float64) int64 {
	node := c.node(pos{x, p.y})
	p.nodes = append(c.fill(p.nodes, c.at[p.nodes[len(p.nodes)-1]], pos{x, p.y}, 60), node)
	return node
}

func (p *path) close(c *compound) {
	end := c.markRing(east, pos{c.ring.max.x, p.y})
	p.nodes = append(c.fill(p.nodes, c.at[p.nodes[len(p.nodes)-1]], c.at[end], 60), end)
	c.way(p.nodes, "highway", "footway")
}

// drawBuilding draws one building with a door a unit on its south front.
func (c *compound) drawBuilding(r box, k slab, n int, front *path) {
	corners := r.corners()
	outline := []int64{c.node(corners[0])}
	for u := range k.units {
		at := r.along(south, (float64(u)+0.5)/float64(k.units))
		kind, ref := "staircase", number(u+1)
		if k.units == 1 {
			kind, ref = "main", ""
		}
		door := c.node(at, "entrance", kind, "ref", ref)
		outline = append(outline, door)
		c.way([]int64{front.join(c, at.x), door}, "highway", "footway")
	}
	for _, p := range corners[1:] {
		outline = append(outline, c.node(p))
	}
	kind := map[use]string{useCompound: "apartments", useCampus: "school", useHospital: "hospital", useOffice: "office"}[c.block.use]
	c.way(append(outline, outline[0]), "building", kind, "name", k.label(n), "building:levels", number(6+(c.index*5)%20))
}

// drawGarden fills a row with green and a pond, or a campus with its track.
func (c *compound) drawGarden(r box) {
	if c.block.use == useCampus {
		c.area(r, "leisure", "pitch", "sport", "athletics")
		return
	}
	c.area(r, "leisure", "garden")
	m, d := r.middle(), min(r.height()/2-2, 9)
	c.area(box{m.plus(-2*d, -d), m.plus(2*d, d)}, "natural", "water", "water", "pond")
}
