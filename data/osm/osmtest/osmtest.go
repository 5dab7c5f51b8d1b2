// Package osmtest gives tests the street networks of real cities.
package osmtest

import (
	"context"
	"sync"
	"testing"
	"time"

	"yizhan/data/demo"
	"yizhan/data/osm"
	"yizhan/geo/geotest"
	"yizhan/geo/street"
)

// Demo is the name of the demo district among the extracts.
const Demo = "demo"

// Cities keeps imported extracts for the tests of a package. Its zero value
// holds none; it is safe for concurrent use.
type Cities struct{ made sync.Map }

// Streets returns the street network of an extract by its name, such as
// "vancouver", or of the demo district. Each is imported once.
func (c *Cities) Streets(t testing.TB, name string) *street.Network {
	t.Helper()
	path := ""
	if name != Demo {
		path = geotest.Data(t, "osm", name+".osm.pbf")
	}
	load, _ := c.made.LoadOrStore(name, sync.OnceValues(func() (*street.Network, error) {
		src, opt, err := source(path)
		if err != nil {
			return nil, err
		}
		res, err := osm.Import(context.Background(), src, opt)
		if err != nil {
			return nil, err
		}
		return res.Network, nil
	}))
	n, err := load.(func() (*street.Network, error))()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// source opens an extract; none is the demo district of a certain day.
func source(path string) (osm.Source, osm.Options, error) {
	if path == "" {
		day := time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)
		return demo.Generate(demo.Options{Seed: 1, Now: day}), osm.Options{Feed: demo.Feed, Time: day}, nil
	}
	src, err := osm.File(path)
	return src, osm.Options{}, err
}
