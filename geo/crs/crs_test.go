package crs

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/geo"
)

func TestParse(t *testing.T) {
	for _, c := range All() {
		got, err := Parse(c.URI())
		if err != nil || got != c {
			t.Errorf("%s: %v, %v", c.URI(), got, err)
		}
		if c.Name() == "" || !strings.HasPrefix(c.URI(), "http://www.opengis.net/def/crs/") {
			t.Errorf("%q, %q", c.Name(), c.URI())
		}
	}
	for _, bad := range []string{
		"", "4326", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326", "http://www.opengis.net/def/crs/EPSG/0/4326 ",
		"https://www.opengis.net/def/crs/EPSG/0/4326", "http://www.opengis.net/def/crs/EPSG/0/4327",
		"http://www.opengis.net/def/crs/OGC/1.3/crs84", "http://www.opengis.net/def/crs/OGC/0/GCJ02", "gcj02",
	} {
		_, err := Parse(bad)
		var e *geo.Error
		if !errors.As(err, &e) || e.Code != geo.Invalid || e.Message.Zh == "" || !strings.Contains(e.Message.En, CRS84.URI()) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// TestKnownPoints holds the conversions to figures made elsewhere: those of
// EPSG:3857 with cs2cs of PROJ 9.1.
func TestKnownPoints(t *testing.T) {
	for _, c := range []struct {
		crs      CRS
		lon, lat float64
		want     orb.Point
	}{
		{CRS84, 116.35, 39.96, orb.Point{116.35, 39.96}},
		{EPSG4326, 116.35, 39.96, orb.Point{39.96, 116.35}},
		{EPSG4490, 116.35, 39.96, orb.Point{39.96, 116.35}},
		{EPSG3857, 0, 0, orb.Point{0, 0}},
		{EPSG3857, 116.35, 39.96, orb.Point{12952022.754, 4860131.290}},
		{EPSG3857, -180, 85.0511287798066, orb.Point{-20037508.343, 20037508.343}},
		{EPSG3857, 7.4246, -43.7384, orb.Point{826502.691, -5425047.827}},
		{EPSG3857, 180, 85.06, orb.Point{20037508.343, 20048966.104}},
	} {
		got, err := c.crs.FromCRS84(orb.Point{c.lon, c.lat})
		if err != nil || math.Abs(got[0]-c.want[0]) > 6e-4 || math.Abs(got[1]-c.want[1]) > 6e-4 {
			t.Errorf("%s of %g,%g: %.3f, want %.3f (%v)", c.crs.Name(), c.lon, c.lat, got, c.want, err)
		}
	}
}

func TestOutOfRange(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, p := range []orb.Point{{181, 0}, {0, 91}, {-180.1, 0}, {0, -90.1}, {nan, 0}, {0, nan}, {inf, 0}, {0, -inf}} {
		for _, c := range All() {
			if _, err := c.FromCRS84(p); geo.CodeOf(err) != geo.Invalid {
				t.Errorf("%s from %v: %v", c.Name(), p, err)
			}
		}
	}
	for _, c := range []struct {
		crs CRS
		p   orb.Point
	}{
		{CRS84, orb.Point{1000000, 1000000}}, {EPSG4326, orb.Point{116, 39}}, {EPSG4490, orb.Point{91, 0}}, {EPSG4326, orb.Point{0, 181}},
		{EPSG3857, orb.Point{20037509, 0}}, {EPSG3857, orb.Point{0, 20048967}}, {EPSG3857, orb.Point{nan, 0}}, {EPSG3857, orb.Point{0, -inf}},
		{CRS84, orb.Point{nan, nan}},
	} {
		if got, err := c.crs.ToCRS84(c.p); geo.CodeOf(err) != geo.Invalid {
			t.Errorf("%s to CRS84 of %v: %v, %v", c.crs.Name(), c.p, got, err)
		}
	}
	if _, err := EPSG3857.FromCRS84(orb.Point{0, 85.07}); geo.CodeOf(err) != geo.Invalid {
		t.Errorf("beyond the projection: %v", err)
	}
}

// TestThereAndBack converts any position into a system and back, also through
// the decimals that answers are written with.
func TestThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(All()).Draw(t, "crs")
		top := 90.0
		if c == EPSG3857 {
			top = 85.06
		}
		p := orb.Point{rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-top, top).Draw(t, "lat")}
		q, err := c.FromCRS84(p)
		if err != nil {
			t.Fatal(err)
		}
		back, err := c.ToCRS84(q)
		if err != nil || math.Abs(back[0]-p[0]) > 1e-11 || math.Abs(back[1]-p[1]) > 1e-11 {
			t.Fatalf("%v → %v → %v (%v)", p, q, back, err)
		}
		scale := math.Pow(10, float64(c.Decimals()))
		for i := range q {
			q[i] = math.Round(q[i]*scale) / scale
		}
		back, err = c.ToCRS84(q)
		if err != nil || geo.Distance(back, p) > 0.01 {
			t.Fatalf("%v → %v → %v rounded, %g m off (%v)", p, q, back, geo.Distance(back, p), err)
		}
	})
}

// TestOrderIsKept wants a box to stay a box: the projection keeps the order of
// longitudes and of latitudes.
func TestOrderIsKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) orb.Point {
			return orb.Point{rapid.Float64Range(-180, 180).Draw(t, name), rapid.Float64Range(-85, 85).Draw(t, name)}
		}
		p, q := draw("p"), draw("q")
		a, err1 := EPSG3857.FromCRS84(p)
		b, err2 := EPSG3857.FromCRS84(q)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		for i := range p {
			if p[i] < q[i] && a[i] > b[i] {
				t.Fatalf("%v < %v, but %v > %v", p, q, a, b)
			}
		}
	})
}
