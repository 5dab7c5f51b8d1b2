package datum_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/geo"
	"yizhan/geo/datum"
	"yizhan/geo/geotest"
)

var all = []datum.Datum{datum.WGS84, datum.GCJ02, datum.BD09}

func TestParse(t *testing.T) {
	for in, want := range map[string]datum.Datum{
		"wgs84": datum.WGS84, "WGS-84": datum.WGS84, "GCJ-02": datum.GCJ02, "gcj02": datum.GCJ02, "bd09": datum.BD09, "BD-09": datum.BD09,
	} {
		if got, err := datum.Parse(in); err != nil || got != want {
			t.Errorf("Parse(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"", "wgs", "epsg:4326", "gcj02 "} {
		if got, err := datum.Parse(in); geo.CodeOf(err) != geo.Invalid {
			t.Errorf("Parse(%q) = %q, %v, want an Invalid error", in, got, err)
		}
	}
}

func TestCities(t *testing.T) {
	raw, err := os.ReadFile(geotest.Data(t, "vectors", "datum-cities.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cities []struct {
		Name               string
		WGS84, GCJ02, BD09 orb.Point
	}
	if err := json.Unmarshal(raw, &cities); err != nil || len(cities) != 332 {
		t.Fatalf("%d cities, %v", len(cities), err)
	}
	worst := map[string]float64{}
	check := func(city, what string, got, want orb.Point, within float64) {
		off := math.Max(math.Abs(got[0]-want[0]), math.Abs(got[1]-want[1]))
		worst[what] = max(worst[what], off)
		if off > within {
			t.Errorf("%s, %s: got %v, want %v, %g° off", city, what, got, want, off)
		}
	}
	for _, c := range cities {
		check(c.Name, "wgs84→gcj02", datum.GCJ02.FromWGS84(c.WGS84), c.GCJ02, 1e-4)
		check(c.Name, "gcj02→wgs84", datum.GCJ02.ToWGS84(c.GCJ02), c.WGS84, 1e-4)
		check(c.Name, "gcj02→bd09", datum.Convert(c.GCJ02, datum.GCJ02, datum.BD09), c.BD09, 1e-6)
		check(c.Name, "bd09→gcj02", datum.Convert(c.BD09, datum.BD09, datum.GCJ02), c.GCJ02, 1e-6)
		if moved := geo.Distance(c.WGS84, datum.GCJ02.FromWGS84(c.WGS84)); moved < 50 || moved > 1100 {
			t.Errorf("%s moved by %.0f m", c.Name, moved)
		}
	}
	t.Logf("worst disagreement in degrees: %v", worst)
}

func TestOutline(t *testing.T) {
	for name, p := range map[string]orb.Point{
		"Beijing": {116.39, 39.91}, "Hong Kong": {114.17, 22.30}, "Macau": {113.54, 22.20},
		"Mohe": {122.53, 52.97}, "Manzhouli": {117.38, 49.60}, "Fuyuan": {134.29, 48.36}, "Heihe": {127.50, 50.24},
		"Suifenhe": {131.15, 44.41}, "Hunchun": {130.36, 42.87}, "Dandong": {124.37, 40.12}, "Ji'an": {126.18, 41.12},
		"Erenhot": {111.98, 43.65}, "Alashankou": {82.57, 45.17}, "Khorgas": {80.41, 44.21}, "Tacheng": {82.98, 46.75},
		"Kashgar": {75.99, 39.47}, "Tashkurgan": {75.23, 37.77}, "Zanda": {79.80, 31.48}, "Burang": {81.18, 30.29},
		"Zhangmu": {85.98, 27.99}, "Yadong": {88.91, 27.49}, "Ruili": {97.85, 24.01}, "Mohan": {101.68, 21.18},
		"Hekou": {103.96, 22.53}, "Pingxiang": {106.76, 22.10}, "Dongxing": {107.97, 21.55}, "Sanya": {109.51, 18.25},
		"Sansha": {112.33, 16.83}, "Xiamen": {118.10, 24.46}, "Pingtan": {119.79, 25.50}, "Zhoushan": {122.45, 30.72},
		"Rongcheng": {122.42, 37.16}, "Altay": {88.14, 47.84}, "Nyingchi": {94.36, 29.65},
	} {
		if !datum.InChina(p) {
			t.Errorf("%s %v must be shifted", name, p)
		}
		if moved := geo.Distance(p, datum.GCJ02.FromWGS84(p)); moved < 50 {
			t.Errorf("%s moved by %.0f m only", name, moved)
		}
	}
	for name, p := range map[string]orb.Point{
		"Taipei": {121.56, 25.04}, "Kaohsiung": {120.30, 22.62}, "Taichung": {120.68, 24.14}, "Penghu": {119.57, 23.57},
		"Seoul": {126.98, 37.57}, "Incheon": {126.70, 37.46}, "Pyongyang": {125.75, 39.02}, "Jeju": {126.53, 33.50},
		"Fukuoka": {130.40, 33.59}, "Tokyo": {139.69, 35.69}, "Vladivostok": {131.89, 43.12}, "Ussuriysk": {131.95, 43.80},
		"Khabarovsk": {135.08, 48.48}, "Chita": {113.50, 52.03}, "Ulaanbaatar": {106.92, 47.92}, "Almaty": {76.89, 43.24},
		"Bishkek": {74.59, 42.87}, "Dushanbe": {68.78, 38.56}, "Islamabad": {73.05, 33.69}, "Leh": {77.58, 34.16},
		"Delhi": {77.21, 28.61}, "Kathmandu": {85.32, 27.72}, "Gangtok": {88.61, 27.33}, "Thimphu": {89.64, 27.47},
		"Mandalay": {96.08, 21.98}, "Myitkyina": {97.40, 25.38}, "Luang Prabang": {102.14, 19.89}, "Hanoi": {105.85, 21.03},
		"Haiphong": {106.68, 20.86}, "Da Nang": {108.22, 16.07}, "Bangkok": {100.50, 13.75}, "Manila": {120.98, 14.60},
		"Singapore": {103.82, 1.35}, "Vancouver": {-123.12, 49.28}, "Monaco": {7.42, 43.74}, "the mirror of Beijing": {-116.39, -39.91},
	} {
		if datum.InChina(p) {
			t.Errorf("%s %v must not be shifted", name, p)
		}
		for _, d := range all {
			if d.FromWGS84(p) != p || d.ToWGS84(p) != p {
				t.Errorf("%s: %s is not the identity", name, d)
			}
		}
	}
}

func TestRoundTrip(t *testing.T) {
	// All of China, its border and its neighbours, with the fringe where the
	// shift fades, and the rest of the Earth.
	position := rapid.Custom(func(t *rapid.T) orb.Point {
		if rapid.IntRange(0, 9).Draw(t, "where") == 0 {
			return orb.Point{rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-90, 90).Draw(t, "lat")}
		}
		return orb.Point{rapid.Float64Range(72, 137).Draw(t, "lon"), rapid.Float64Range(15, 55).Draw(t, "lat")}
	})
	const metre = 1e-3
	rapid.Check(t, func(t *rapid.T) {
		for _, p := range rapid.SliceOfN(position, 30, 30).Draw(t, "points") {
			for _, d := range all {
				if off := geo.Distance(p, d.ToWGS84(d.FromWGS84(p))); off > metre {
					t.Errorf("wgs84→%s→wgs84 of %v ends %g m away", d, p, off)
				}
				if off := geo.Distance(p, d.FromWGS84(d.ToWGS84(p))); off > metre {
					t.Errorf("%s→wgs84→%s of %v ends %g m away", d, d, p, off)
				}
				for _, e := range all {
					if off := geo.Distance(p, datum.Convert(datum.Convert(p, d, e), e, d)); off > metre {
						t.Errorf("%s→%s→%s of %v ends %g m away", d, e, d, p, off)
					}
				}
			}
		}
	})
}

// TestContinuous walks across the border in many places: two points 10 m
// apart must stay 10 m apart, whichever side of the outline they are on.
func TestContinuous(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := orb.Point{rapid.Float64Range(72, 137).Draw(t, "lon"), rapid.Float64Range(14, 55).Draw(t, "lat")}
		q := orb.Point{p[0] + rapid.Float64Range(-1e-4, 1e-4).Draw(t, "dlon"), p[1] + rapid.Float64Range(-1e-4, 1e-4).Draw(t, "dlat")}
		for _, d := range all {
			before, after := geo.Distance(p, q), geo.Distance(d.FromWGS84(p), d.FromWGS84(q))
			if math.Abs(after-before) > 0.15*before+1e-6 {
				t.Errorf("%s: %v and %v, %g m apart, become %g m apart", d, p, q, before, after)
			}
		}
	})
}

func TestNoPosition(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, p := range []orb.Point{{nan, 30}, {110, nan}, {inf, 30}, {110, -inf}, {110, 95}, {1e308, 1e308}} {
		for _, d := range all {
			for _, q := range []orb.Point{d.ToWGS84(p), d.FromWGS84(p)} {
				if !same(p[0], q[0]) || !same(p[1], q[1]) {
					t.Errorf("%s of %v is %v, want it unchanged", d, p, q)
				}
			}
		}
	}
}

func same(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

func FuzzConvert(f *testing.F) {
	f.Add(116.39, 39.91)
	f.Add(105.0, 35.0)
	f.Add(124.45, 40.1)
	f.Add(119.0, 47.0)
	f.Add(math.NaN(), 1.0)
	f.Add(math.Inf(-1), math.Inf(1))
	f.Add(1e-320, 90.0)
	f.Fuzz(func(t *testing.T, lon, lat float64) {
		p := orb.Point{lon, lat}
		finite := !math.IsNaN(lon+lat) && !math.IsInf(lon+lat, 0)
		for _, d := range all {
			there := d.FromWGS84(p)
			back := d.ToWGS84(there)
			if !finite {
				continue
			}
			if math.IsNaN(there[0] + there[1]) {
				t.Fatalf("%s of %v is %v", d, p, there)
			}
			if math.Abs(lat) <= 90 && math.Abs(lon) <= 180 && geo.Distance(p, back) > 1e-3 {
				t.Fatalf("%s: %v comes back as %v", d, p, back)
			}
		}
	})
}

func BenchmarkToWGS84(b *testing.B) {
	for name, p := range map[string]orb.Point{"Zhengzhou": {113.56, 34.82}, "Dandong": {124.37, 40.12}, "Vancouver": {-123.12, 49.28}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				datum.GCJ02.ToWGS84(p)
			}
		})
	}
}
