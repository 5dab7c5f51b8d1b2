package atlas

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

func stationAt(id, name string, lon, lat float64) *geo.Place {
	return &geo.Place{ID: id, Kind: geo.KindStation, Name: name, Point: orb.Point{lon, lat}, Source: geo.Source{Feed: "f"}, Station: &geo.Station{}}
}

func TestKeeperTellsWhatChanged(t *testing.T) {
	stop := &geo.Place{ID: "b", Kind: geo.KindBusStop, BusStop: &geo.BusStop{}}
	first := New(Parts{Places: []*geo.Place{stationAt("s", "S", 1, 2), stop}})
	var k Keeper
	if k.Current() != nil {
		t.Fatal("a new keeper has an atlas")
	}
	ctx, cancel := context.WithCancel(t.Context())
	changes := k.Subscribe(ctx)
	expect := func(layers ...string) {
		t.Helper()
		select {
		case c := <-changes:
			if !slices.Equal(c.Layers, layers) || c.Version != k.Current().Version {
				t.Errorf("change %+v, want %v of %s", c, layers, k.Current().Version)
			}
		default:
			t.Errorf("no change, want %v", layers)
		}
	}
	k.Swap(first)
	expect("bus_stop", "station")
	k.Swap(New(Parts{Places: []*geo.Place{stop, stationAt("s", "S", 1, 2)}}))
	if len(changes) != 0 {
		t.Errorf("the same content was announced: %+v", <-changes)
	}
	k.Swap(New(Parts{Places: []*geo.Place{stop, stationAt("s", "S2", 1, 2)}}))
	expect("station")
	// Two that were not fetched become one.
	k.Swap(New(Parts{Places: []*geo.Place{stop}}))
	k.Swap(New(Parts{BaseVersion: "x"}))
	expect("base", "bus_stop", "station")
	if len(changes) != 0 {
		t.Error("a merged change came twice")
	}
	// A new name changes the version but no layer.
	k.Swap(New(Parts{BaseVersion: "x", Name: geo.Text{Zh: "望溪"}}))
	expect()
	cancel()
	for range changes { // ends when the channel is closed
	}
	k.Swap(first)
}

func TestKeeperUnderLoad(t *testing.T) {
	var k Keeper
	atlases := []*Atlas{New(Parts{BaseVersion: "0"}), New(Parts{BaseVersion: "1"}), New(Parts{BaseVersion: "2"})}
	k.Swap(atlases[0])
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range 8 {
		changes := k.Subscribe(ctx)
		wg.Go(func() {
			for range changes {
			}
		})
		wg.Go(func() {
			c, stop := context.WithTimeout(ctx, time.Millisecond)
			defer stop()
			for range k.Subscribe(c) {
			}
		})
	}
	k.Subscribe(ctx) // and one that never fetches
	for i := range 1000 {
		k.Swap(atlases[i%3])
		if k.Current() == nil {
			t.Fatal("no current atlas")
		}
	}
	cancel()
	wg.Wait()
}

func TestVersionIsOfTheContent(t *testing.T) {
	places := func() []*geo.Place {
		return []*geo.Place{stationAt("a", "A", 1, 2), stationAt("b", "B", 3, 4)}
	}
	base := Parts{Places: places()}
	version := New(base).Version
	reversed := places()
	slices.Reverse(reversed)
	reread := places()
	reread[0].Source.Time = time.Now()
	same := map[string]Parts{"again": {Places: places()}, "another order": {Places: reversed}, "read later": {Places: reread}}
	for name, p := range same {
		if v := New(p).Version; v != version {
			t.Errorf("%s: version %s, want %s", name, v, version)
		}
	}
	moved := places()
	moved[1].Point[0] += 1e-6
	kiosk := places()
	kiosk[1].Hours = "24/7"
	other := map[string]Parts{
		"moved": {Places: moved}, "hours": {Places: kiosk}, "fewer": {Places: places()[:1]}, "base": {Places: places(), BaseVersion: "1"},
		"demo": {Places: places(), Demo: true}, "zone": {Places: places(), Zone: time.UTC}, "streets": {Places: places(), StreetsVersion: "1"},
	}
	seen := map[string]string{version: "base"}
	for name, p := range other {
		v := New(p).Version
		if was, ok := seen[v]; ok {
			t.Errorf("%s has the version of %s", name, was)
		}
		seen[v] = name
	}
}
