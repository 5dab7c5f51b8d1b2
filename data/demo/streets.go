package demo

import (
	"cmp"
	"slices"

	"yizhan/data/osm"
)

// stretch is the piece of a street between two crossings. Whatever opens onto
// the street adds its junction; the ways are drawn when all have done so.
type stretch struct {
	from, to  int64 // nodes of the crossings
	a, b      pos
	street    *streetLine
	bridge    bool
	junctions []junction
}

type junction struct {
	t    float64
	node int64
}

// streetLine is one street from end to end.
type streetLine struct {
	name      name
	class     string
	half      float64 // half of carriageway and pavement, metres
	stretches []*stretch
}

// streetClass gives the classes of the grid's lines, and half their width.
type streetClass struct {
	class string
	half  float64
}

var (
	primary     = streetClass{"primary", 21}
	secondary   = streetClass{"secondary", 16}
	tertiary    = streetClass{"tertiary", 12}
	residential = streetClass{"residential", 9}
)

// classOf gives the class of the i-th of n parallel streets.
func classOf(i, n int) streetClass {
	switch {
	case i == n/2:
		return primary
	case i == 0, i == n-1, i%4 == 2:
		return secondary
	case i%2 == 0:
		return tertiary
	default:
		return residential
	}
}

// streets is the grid made into lines with stretches.
type streets struct {
	board *board
	lines []*streetLine
	// cross[row][col] is the node of a crossing.
	cross [][]int64
	// up[row][col] runs north from crossing (row, col), right[row][col] east.
	up, right [][]*stretch
}

// newStreets makes the crossings and stretches of a plan and gives every
// block its four sides and its land.
func newStreets(p *plan, b *board) *streets {
	s := &streets{board: b}
	rows, cols := len(p.ys), len(p.xs)
	for row := range rows {
		s.cross = append(s.cross, make([]int64, cols))
		s.up = append(s.up, make([]*stretch, cols))
		s.right = append(s.right, make([]*stretch, cols))
		for col := range cols {
			s.cross[row][col] = b.node(pos{p.xs[col], p.ys[row]})
		}
	}
	for col := range cols {
		class := classOf(col, cols)
		line := &streetLine{name: streetName(col, true), class: class.class, half: class.half}
		for row := range rows - 1 {
			if p.isRiver(row) && class != primary && class != secondary {
				continue // only the larger streets have bridges
			}
			s.up[row][col] = s.stretch(line, s.cross[row][col], s.cross[row+1][col], p.isRiver(row))
		}
		s.lines = append(s.lines, line)
	}
	for row := range rows {
		class := classOf(row, rows)
		if row == p.riverRow || row == p.riverRow+1 {
			class = tertiary // the two quays
		}
		line := &streetLine{name: streetName(row, false), class: class.class, half: class.half}
		for col := range cols - 1 {
			s.right[row][col] = s.stretch(line, s.cross[row][col], s.cross[row][col+1], false)
		}
		s.lines = append(s.lines, line)
	}
	for _, bl := range p.blocks {
		bl.sides = [4]*stretch{south: s.right[bl.row][bl.col], east: s.up[bl.row][bl.col+1],
			north: s.right[bl.row+1][bl.col], west: s.up[bl.row][bl.col]}
		bl.land = box{
			bl.streets.min.plus(bl.sides[west].street.half, bl.sides[south].street.half),
			bl.streets.max.plus(-bl.sides[east].street.half, -bl.sides[north].street.half),
		}
	}
	return s
}

func (s *streets) stretch(line *streetLine, from, to int64, bridge bool) *stretch {
	st := &stretch{from: from, to: to, a: s.board.at[from], b: s.board.at[to], street: line, bridge: bridge}
	line.stretches = append(line.stretches, st)
	return st
}

// join returns the node of the stretch beside a position: a new junction.
func (s *streets) join(st *stretch, beside pos) int64 {
	t := (beside.x - st.a.x) / (st.b.x - st.a.x)
	if st.a.x == st.b.x {
		t = (beside.y - st.a.y) / (st.b.y - st.a.y)
	}
	for _, j := range st.junctions {
		if j.t == t {
			return j.node
		}
	}
	node := s.board.node(between(st.a, st.b, t))
	st.junctions = append(st.junctions, junction{t, node})
	return node
}

// draw makes the ways of all streets: one for each run of stretches that
// differ in nothing, so that a bridge is a way of its own.
func (s *streets) draw() {
	for _, line := range s.lines {
		var run []int64
		for i, st := range line.stretches {
			broken := i > 0 && (line.stretches[i-1].to != st.from || line.stretches[i-1].bridge != st.bridge)
			if broken {
				s.drawRun(line, run, line.stretches[i-1].bridge)
				run = nil
			}
			run = s.nodesOf(st, run)
		}
		if n := len(line.stretches); n > 0 {
			s.drawRun(line, run, line.stretches[n-1].bridge)
		}
	}
}

func (s *streets) nodesOf(st *stretch, run []int64) []int64 {
	if len(run) == 0 {
		run = append(run, st.from)
	}
	slices.SortFunc(st.junctions, func(a, b junction) int { return cmp.Compare(a.t, b.t) })
	at := st.a
	for _, j := range append(slices.Clip(st.junctions), junction{1, st.to}) {
		to := between(st.a, st.b, j.t)
		run = append(s.board.fill(run, at, to, 70), j.node)
		at = to
	}
	return run
}

func (s *streets) drawRun(line *streetLine, run []int64, bridge bool) {
	if len(run) < 2 {
		return
	}
	yes, layer := "", ""
	if bridge {
		yes, layer = "yes", "1"
	}
	s.board.way(run, "highway", line.class, "name", line.name.zh, "name:en", line.name.en, "bridge", yes, "layer", layer)
}

// drawRiver draws the river, its name and the path along its north bank.
func drawRiver(p *plan, b *board, s *streets) {
	const beyond = 400
	south, north := p.ys[p.riverRow]+24, p.ys[p.riverRow+1]-30
	west, east := p.bound.min.x-beyond, p.bound.max.x+beyond
	b.area(box{pos{west, south}, pos{east, north}}, "natural", "water", "water", "river", "name", "望溪", "name:en", "Wangxi River")
	b.line([]pos{{west, (south + north) / 2}, {east, (south + north) / 2}}, 60,
		"waterway", "river", "name", "望溪", "name:en", "Wangxi River")

	// The path meets every street that crosses the river, and the quay at
	// both ends.
	y := north + 8
	run := []int64{s.cross[p.riverRow+1][0]}
	at := pos{p.xs[0], y}
	for col := range p.xs {
		var node int64
		if bridge := s.up[p.riverRow][col]; bridge != nil {
			node = s.join(bridge, pos{p.xs[col], y})
		} else {
			node = b.node(pos{p.xs[col], y})
		}
		run = append(b.fill(run, at, pos{p.xs[col], y}, 50), node)
		at = pos{p.xs[col], y}
	}
	run = append(run, s.cross[p.riverRow+1][len(p.xs)-1])
	b.way(run, "highway", "cycleway", "foot", "designated", "name", "望溪绿道", "name:en", "Wangxi Greenway")
	b.area(box{pos{p.xs[0] + 15, north + 1}, pos{p.xs[len(p.xs)-1] - 15, p.ys[p.riverRow+1] - 13}}, "leisure", "garden")
}

// drawMetro draws the metro line under the widest street.
func drawMetro(p *plan, b *board) {
	x := p.xs[len(p.xs)/2] + 4
	b.line([]pos{{x, p.bound.min.y - 500}, {x, p.bound.max.y + 500}}, 90,
		"railway", "subway", "tunnel", "yes", "layer", "-2", "name", "虚构地铁1号线", "name:en", "Invented Metro Line 1")
}

// busMember is a member of a bus route.
func busMember(node int64) osm.Member {
	return osm.Member{Type: osm.NodeMember, Ref: node, Role: "platform"}
}
