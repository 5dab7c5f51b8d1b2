package gpkg

import (
	"reflect"
	"runtime"
	"testing"

	"github.com/paulmach/orb"

	"yizhan/data/store"
	"yizhan/geo"
)

// FuzzRow reads any row, and what it makes of one that a store takes, it
// writes and reads again.
func FuzzRow(f *testing.F) {
	f.Add("")
	for _, p := range []geo.Place{
		{ID: "a", Kind: geo.KindStation, Name: "A", Names: map[string]string{"en": "a", "zh": ""}, Facilities: []geo.Facility{"tea"}, Valid: &geo.Period{}},
		{ID: "b", Kind: geo.KindGate, Gate: &geo.Gate{Barrier: "gate", Tags: geo.Tags{"access": "no"}, Compounds: []string{"x;", "y"}}, Origin: &geo.Origin{Datum: "gcj02", Lon: 1, Lat: 2}},
		{ID: "c", Kind: geo.KindParking, Parking: &geo.Parking{Capacity: 7, Covered: true, Vehicles: []string{"ebike"}}},
	} {
		p = store.Normal(p)
		f.Add(string(appendRow(nil, &p)))
	}
	f.Fuzz(func(t *testing.T, row string) {
		c := newCells()
		var p geo.Place
		if c.split(row) != nil || c.place(&p) != nil || store.Check(&p) != nil {
			return
		}
		p = store.Normal(p)
		var q geo.Place
		again := string(appendRow(nil, &p))
		if err := c.split(again); err != nil {
			t.Fatalf("%q: %v", again, err)
		}
		if err := c.place(&q); err != nil {
			t.Fatalf("%q: %v", again, err)
		}
		if q = store.Normal(q); !reflect.DeepEqual(p, q) {
			t.Fatalf("%+v came back as %+v", p, q)
		}
	})
}

// FuzzPoint reads any blob.
func FuzzPoint(f *testing.F) {
	f.Add(appendPoint(nil, orb.Point{1, 2}))
	f.Add([]byte("GP\x00\x11\xe6\x10\x00\x00\x01\x01\x00\x00\x00"))
	f.Add([]byte("GP\x00\x01\xe6\x10\x00\x00\x01\x04\x00\x00\x00\xff\xff\xff\xff"))
	f.Add([]byte("GP\x00\x03\xe6\x10\x00\x00"))
	f.Add([]byte("GP\x00\x01\xe6\x10\x00\x00\x01\x04\x00\x00\x00\x01\x00\x00\x00\x01\x02\x00\x00\x00\xff\xff\xff\xff"))
	f.Add([]byte("GP\x00\x01\xe6\x10\x00\x00\x00\x00\x00\x0f\xa1"))
	f.Fuzz(func(t *testing.T, blob []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		p, ok, err := readPoint(blob)
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > 1<<20 {
			t.Fatalf("%d bytes of blob took %d bytes of memory", len(blob), took)
		}
		if err != nil || !ok {
			return
		}
		if q, ok, err := readPoint(appendPoint(nil, p)); err != nil || !ok || q != p && q == q {
			t.Fatalf("%v came back as %v %v %v", p, q, ok, err)
		}
	})
}
