package datum

import (
	"math"

	"github.com/paulmach/orb"
)

// fringe is how far beyond the outline the shift fades to nothing, in degrees.
const fringe = 0.25

// frame is a box around the outline and its fringe.
var frame = orb.Bound{Min: orb.Point{73, 15}, Max: orb.Point{136, 54}}

// cores are boxes well inside the outline, where nearly everyone lives: they
// save the walk around it.
var cores = [...]orb.Bound{
	{Min: orb.Point{105.7, 23.5}, Max: orb.Point{118.4, 41.5}},
	{Min: orb.Point{99, 24.5}, Max: orb.Point{119, 38}},
	{Min: orb.Point{118, 26}, Max: orb.Point{120.4, 41.5}},
	{Min: orb.Point{108.5, 20}, Max: orb.Point{115.5, 24}},
	{Min: orb.Point{120.5, 41.5}, Max: orb.Point{125.5, 47}},
}

// outline runs clockwise from the mouth of the Yalu: along the land borders
// westward as drawn on Chinese maps, from the Gulf of Tonkin around Hainan and
// the Paracels, and back through the Taiwan Strait and the Yellow Sea.
// Drawn by hand from the positions of border towns, rivers and peaks; 20 km is
// the order of its error on land.
var outline = [...]orb.Point{
	// The Yalu and the Tumen
	{124.2, 39.75}, {124.45, 40.1}, {125.0, 40.5}, {125.7, 40.85}, {126.25, 41.1},
	{126.6, 41.6}, {126.95, 41.75}, {127.2, 41.45}, {128.25, 41.35}, {128.15, 42.0},
	{129.0, 42.0}, {129.4, 42.35}, {129.9, 42.95}, {130.3, 42.75}, {130.65, 42.38},
	// The Maritime Province, Lake Khanka, the Ussuri
	{130.65, 42.75}, {131.1, 42.9}, {131.25, 43.45}, {131.3, 44.1}, {131.2, 44.5},
	{131.05, 44.85}, {131.9, 45.3}, {132.95, 45.0}, {133.2, 45.3}, {133.55, 45.9},
	{134.1, 46.6}, {134.3, 47.3}, {134.75, 47.75}, {134.8, 48.38},
	// The Amur and the Argun
	{134.3, 48.45}, {133.0, 48.15}, {132.5, 47.85}, {131.0, 47.8}, {130.9, 48.3},
	{130.6, 48.95}, {129.5, 49.45}, {128.5, 49.7}, {127.65, 50.25}, {127.4, 50.8},
	{127.0, 51.4}, {126.5, 52.2}, {126.0, 52.7}, {125.0, 53.2}, {123.6, 53.6},
	{122.3, 53.55}, {120.9, 53.35}, {119.95, 52.75}, {120.55, 52.4}, {120.0, 51.6},
	{119.7, 51.2}, {119.1, 50.35}, {119.1, 50.0}, {117.8, 49.65}, {116.7, 49.9},
	// Mongolia
	{116.0, 49.4}, {115.45, 48.2}, {115.7, 47.7}, {116.3, 47.85}, {117.4, 47.65},
	{118.0, 48.0}, {118.6, 47.95}, {119.6, 47.4}, {119.8, 46.75}, {118.3, 46.8},
	{117.4, 46.45}, {116.6, 46.35}, {116.2, 45.8}, {115.6, 45.5}, {114.5, 45.45},
	{113.6, 44.85}, {112.0, 45.1}, {111.4, 44.4}, {111.9, 43.8}, {111.0, 43.45},
	{110.0, 42.75}, {109.3, 42.5}, {107.3, 42.45}, {106.0, 42.1}, {105.0, 41.7},
	{104.5, 41.9}, {103.4, 41.95}, {101.8, 42.6}, {100.3, 42.75}, {96.35, 42.8},
	{95.4, 44.35}, {93.6, 45.05}, {91.0, 45.3}, {90.9, 46.1}, {91.1, 46.6},
	{90.2, 47.75}, {88.7, 48.25}, {87.85, 49.2},
	// The Altai, Dzungaria, the Tian Shan
	{87.2, 49.15}, {85.7, 48.45}, {85.5, 47.2}, {84.7, 46.95}, {83.0, 47.25},
	{82.2, 45.6}, {82.4, 45.25}, {80.8, 45.25}, {79.85, 44.95}, {80.3, 44.2},
	{80.7, 43.2}, {80.1, 42.25}, {79.1, 41.8}, {78.1, 41.15}, {76.9, 41.1},
	{76.2, 40.5}, {75.5, 40.65}, {74.8, 40.5}, {73.7, 39.85}, {73.5, 39.4},
	// The Pamirs, the Karakoram, the Himalaya
	{73.75, 38.55}, {74.75, 38.35}, {74.85, 37.3}, {75.9, 36.5}, {76.0, 35.8},
	{77.8, 35.4}, {78.2, 34.6}, {78.8, 33.9}, {78.8, 33.2}, {79.2, 32.5},
	{78.5, 31.8}, {78.9, 31.1}, {80.2, 30.5}, {81.1, 30.0}, {82.2, 30.1},
	{83.6, 29.15}, {84.2, 28.75}, {85.1, 28.25}, {85.9, 27.9}, {86.7, 27.95},
	{87.3, 27.8}, {88.15, 27.85}, {88.75, 28.0}, {88.95, 27.25}, {89.3, 28.0},
	{90.5, 28.1}, {91.6, 27.8}, {92.0, 26.85}, {93.8, 27.0}, {95.4, 27.8},
	{97.3, 28.1},
	// Burma, Laos, Vietnam
	{98.6, 27.4}, {98.6, 26.0}, {97.75, 25.15}, {97.5, 24.4}, {97.55, 23.85},
	{98.6, 23.95}, {98.85, 23.15}, {99.4, 22.85}, {99.15, 22.1}, {100.1, 21.45},
	{101.1, 21.6}, {101.2, 21.15}, {101.8, 21.1}, {101.8, 22.0}, {102.1, 22.4},
	{102.5, 22.7}, {103.1, 22.5}, {104.0, 22.45}, {104.8, 22.8}, {105.35, 23.3},
	{106.0, 22.9}, {106.6, 22.8}, {106.5, 22.3}, {106.65, 21.95}, {107.4, 21.55},
	{108.05, 21.45},
	// The sea
	{108.2, 20.5}, {107.9, 18.5}, {109.5, 17.4}, {110.5, 15.5}, {113.5, 15.5},
	{115.5, 19.5}, {117.5, 22.0}, {118.9, 23.7}, {119.6, 24.7}, {120.3, 25.4},
	{120.7, 26.6}, {121.6, 27.6}, {122.8, 28.8}, {123.3, 30.5}, {122.9, 32.0},
	{121.8, 33.5}, {121.5, 35.0}, {123.2, 36.5}, {123.2, 38.0}, {123.8, 39.3},
}

// weight is how much of the shift applies at a WGS-84 position: 1 inside the
// outline, falling to 0 at the end of the fringe, 0 for NaN and infinities.
func weight(p orb.Point) float64 {
	if !(p[0] >= frame.Min[0] && p[0] <= frame.Max[0] && p[1] >= frame.Min[1] && p[1] <= frame.Max[1]) {
		return 0
	}
	for i := range cores {
		if cores[i].Contains(p) {
			return 1
		}
	}
	return outlineWeight(p)
}

// outlineWeight is weight by the outline alone.
func outlineWeight(p orb.Point) float64 {
	inside, nearest2 := false, math.Inf(1)
	a := outline[len(outline)-1]
	for _, b := range outline {
		if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+(p[1]-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
			inside = !inside
		}
		nearest2 = min(nearest2, distance2(p, a, b))
		a = b
	}
	if inside {
		return 1
	}
	return max(0, 1-math.Sqrt(nearest2)/fringe)
}

// distance2 is the squared distance in degrees from a point to a segment.
func distance2(p, a, b orb.Point) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	t := ((p[0]-a[0])*dx + (p[1]-a[1])*dy) / (dx*dx + dy*dy)
	t = max(0, min(1, t))
	x, y := p[0]-a[0]-t*dx, p[1]-a[1]-t*dy
	return x*x + y*y
}
