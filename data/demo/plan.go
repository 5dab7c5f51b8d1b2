package demo

import (
	"math"
	"math/rand/v2"
)

// pos is a position on the drawing board: metres east and north of the
// district's middle, before the board is bent onto the ground.
type pos struct{ x, y float64 }

func (p pos) plus(dx, dy float64) pos { return pos{p.x + dx, p.y + dy} }

func between(a, b pos, t float64) pos { return pos{a.x + (b.x-a.x)*t, a.y + (b.y-a.y)*t} }

func apart(a, b pos) float64 { return math.Hypot(b.x-a.x, b.y-a.y) }

// box is an upright rectangle on the drawing board.
type box struct{ min, max pos }

func (b box) width() float64  { return b.max.x - b.min.x }
func (b box) height() float64 { return b.max.y - b.min.y }
func (b box) area() float64   { return b.width() * b.height() }
func (b box) middle() pos     { return between(b.min, b.max, 0.5) }
func (b box) inset(m float64) box {
	return box{b.min.plus(m, m), b.max.plus(-m, -m)}
}

// corners of the box, counter-clockwise from the south-west.
func (b box) corners() [4]pos {
	return [4]pos{b.min, {b.max.x, b.min.y}, b.max, {b.min.x, b.max.y}}
}

// side is one of the four sides of a box, in the order of its corners.
type side int

const (
	south side = iota
	east
	north
	west
)

// along returns the point of a side at a share t of the way, west to east or
// south to north.
func (b box) along(s side, t float64) pos {
	x, y := b.min.x+t*b.width(), b.min.y+t*b.height()
	switch s {
	case south:
		return pos{x, b.min.y}
	case east:
		return pos{b.max.x, y}
	case north:
		return pos{x, b.max.y}
	default:
		return pos{b.min.x, y}
	}
}

// outward is the direction that leaves the box by a side.
func (s side) outward() (dx, dy float64) {
	return [4]float64{0, 1, 0, -1}[s], [4]float64{-1, 0, 1, 0}[s]
}

// ground bends the drawing board onto the Earth: a slow wave in both
// directions and a turn, so that no street is quite straight and what does
// not overlap on the board does not overlap on the ground.
type ground struct {
	lon, lat       float64
	phaseX, phaseY float64
	sin, cos       float64
}

// Wave of the ground, in metres. Its slope (6 %) bends streets and leaves
// right angles looking right.
const (
	waveHeight = 24.0
	waveLength = 2400.0
	metresADeg = 111195.0 // on the sphere of geo.EarthRadius
)

func newGround(lon, lat float64, rng *rand.Rand) ground {
	turn := -0.12 + 0.1*rng.Float64()
	return ground{
		lon: lon, lat: lat,
		phaseX: rng.Float64() * 2 * math.Pi, phaseY: rng.Float64() * 2 * math.Pi,
		sin: math.Sin(turn), cos: math.Cos(turn),
	}
}

// lonLat returns where a position of the board lies, in degrees.
func (g *ground) lonLat(p pos) (lon, lat float64) {
	x := p.x + waveHeight*math.Sin(2*math.Pi*p.y/waveLength+g.phaseX)
	y := p.y + waveHeight*math.Sin(2*math.Pi*p.x/waveLength+g.phaseY)
	x, y = x*g.cos-y*g.sin, x*g.sin+y*g.cos
	return g.lon + x/(metresADeg*math.Cos(g.lat*math.Pi/180)), g.lat + y/metresADeg
}

// use is what a block is used for.
type use int

const (
	useCompound use = iota
	useCampus
	useHospital
	useOffice
	useOldTown
	useMarket
	useMall
	usePark
)

// walled says whether a block of this use is a compound behind a wall.
func (u use) walled() bool { return u <= useOffice }

// block is the land between four streets.
type block struct {
	col, row int
	// streets is the box between the middle lines of the four streets, land
	// what is left of it beside carriageway and pavement.
	streets, land box
	use           use
	// sides are the stretches of street along it, by side.
	sides [4]*stretch
	// name of the compound, park or mall on it.
	name name
}

// plan is the district's grid of streets and blocks.
type plan struct {
	xs, ys   []float64 // middle lines of the streets
	riverRow int       // row of the grid that the river fills
	blocks   []*block
	bound    box
}

// Shares of the blocks that are not compounds, in tenths.
const openShare = 3

// newPlan lays out a grid that holds a number of compounds.
func newPlan(compounds int, rng *rand.Rand) *plan {
	blocks := compounds + (compounds*openShare+9)/10
	cols := int(math.Ceil(math.Sqrt(float64(blocks) * 1.2)))
	rows := (blocks + cols - 1) / cols
	p := &plan{riverRow: rows / 2}
	spread := func(n int, lo, hi float64, river int) []float64 {
		lines := []float64{0}
		for i := range n {
			step := lo + (hi-lo)*rng.Float64()
			if i == river {
				step = 130
			}
			lines = append(lines, lines[i]+step)
		}
		for i, half := 0, lines[n]/2; i <= n; i++ {
			lines[i] -= half
		}
		return lines
	}
	p.xs = spread(cols, 215, 300, -1)
	p.ys = spread(rows+1, 190, 265, p.riverRow)
	p.bound = box{pos{p.xs[0], p.ys[0]}, pos{p.xs[cols], p.ys[rows+1]}}
	for row := range rows + 1 {
		for col := range cols {
			if row == p.riverRow {
				continue
			}
			p.blocks = append(p.blocks, &block{col: col, row: row,
				streets: box{pos{p.xs[col], p.ys[row]}, pos{p.xs[col+1], p.ys[row+1]}}})
		}
	}
	p.assignUses(compounds, rng)
	return p
}

// assignUses gives every block a use: exactly as many compounds as asked for,
// a few of them campuses, hospitals and office parks, and the rest open land.
func (p *plan) assignUses(compounds int, rng *rand.Rand) {
	order := rng.Perm(len(p.blocks))
	open := [...]use{useOldTown, usePark, useMarket, useOldTown, useMall, useMarket, usePark, useOldTown}
	for i, at := range order {
		b := p.blocks[at]
		switch {
		case i >= compounds:
			b.use = open[(i-compounds)%len(open)]
		case i%20 == 1, i%20 == 12:
			b.use = useCampus
		case i%20 == 5, i%20 == 15:
			b.use = useOffice
		case i%40 == 7:
			b.use = useHospital
		}
	}
}

// isRiver says whether a row of the grid is the river.
func (p *plan) isRiver(row int) bool { return row == p.riverRow }
