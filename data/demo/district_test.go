package demo

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"yizhan/data/osm"
	"yizhan/geo"
	"yizhan/geo/hours"
)

var day = time.Date(2026, 5, 6, 10, 30, 0, 0, time.FixedZone("CST", 8*3600))

// digest is a hash of all that a district hands over.
func digest(t *testing.T, d *District) string {
	t.Helper()
	h := sha256.New()
	write := func(v any) error { _, err := fmt.Fprintf(h, "%v\n", v); return err }
	err := d.Scan(context.Background(), osm.Handler{
		Node:     func(n *osm.Node) error { return write(*n) },
		Way:      func(w *osm.Way) error { return write(*w) },
		Relation: func(r *osm.Relation) error { return write(*r) },
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range d.Places {
		fmt.Fprintln(h, p.ID, p.Name, p.Point, p.Hours, p.Facilities)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

func TestGenerateIsDeterministic(t *testing.T) {
	first := digest(t, Generate(Options{Seed: 7, Now: day}))
	if again := digest(t, Generate(Options{Seed: 7, Now: day.Add(time.Hour)})); again != first {
		t.Error("the same seed and day gave another district")
	}
	if other := digest(t, Generate(Options{Seed: 8, Now: day})); other == first {
		t.Error("another seed gave the same district")
	}
}

// TestDistrictHolds counts what the demo promises to show.
func TestDistrictHolds(t *testing.T) {
	d := Generate(Options{Seed: 1, Now: day})
	types := map[geo.StationType]int{}
	network := map[bool]int{}
	always := 0
	for _, p := range d.Places {
		types[p.Station.Type]++
		if p.Station.Network != "" {
			network[p.Station.Hub == ""]++
		}
		if p.Hours == "24/7" {
			always++
			if want := []geo.Facility{"fridge", "microwave", "drinking_water", "medicine", "rain_gear"}; !p.Has(want) {
				t.Errorf("the 24-hour station has %v, want %v", p.Facilities, want)
			}
		}
	}
	if diff := cmp.Diff(map[bool]int{true: 1, false: 23}, network); diff != "" {
		t.Errorf("hub and branches of the network (-want +got):\n%s", diff)
	}
	if types[geo.Merchant] != 4 || types[geo.Pickup] != 7 || types[geo.Event] != 1 || always != 1 {
		t.Errorf("merchants, pickups, events, always open: %d %d %d %d, want 4 7 1 1",
			types[geo.Merchant], types[geo.Pickup], types[geo.Event], always)
	}

	count := map[string]int{}
	bikes := 0
	err := d.Scan(context.Background(), osm.Handler{
		Node: func(n *osm.Node) error {
			for _, key := range []string{"barrier", "highway", "amenity", "entrance"} {
				if v := n.Tags.Get(key); v != "" {
					count[key+"="+v]++
				}
			}
			if n.Tags.Get("amenity") == "bicycle_rental" && n.Tags.Get("capacity") == "10" {
				bikes++
			}
			return nil
		},
		Way: func(w *osm.Way) error {
			if w.Tags.Get("barrier") != "" {
				count["walled"]++
			}
			if strings.Contains(w.Tags.Get("name"), "号楼") {
				count["numbered"]++
			}
			return nil
		},
		Relation: func(r *osm.Relation) error {
			count["route "+r.Tags.Get("ref")]++
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if count["walled"] != 40 || count["route 101路"] != 2 || count["route 204路"] != 2 || count["route 35路"] != 2 {
		t.Errorf("compounds and bus routes: %v", count)
	}
	for _, some := range []string{"numbered", "barrier=gate", "barrier=lift_gate", "barrier=turnstile", "barrier=swing_gate",
		"barrier=security_control", "barrier=full-height_turnstile", "highway=bus_stop", "amenity=charging_station",
		"amenity=bicycle_parking", "entrance=staircase"} {
		if count[some] == 0 {
			t.Errorf("no %s", some)
		}
	}
	if bikes < 5 {
		t.Errorf("%d compounds have ten shared bikes, want at least 5", bikes)
	}
}

func TestHoursParse(t *testing.T) {
	d := Generate(Options{Seed: 1, Now: day})
	for _, p := range d.Places {
		if p.Hours != "" {
			if _, err := hours.Parse(p.Hours); err != nil {
				t.Errorf("%s: %q: %v", p.Name, p.Hours, err)
			}
		}
	}
	for _, rows := range [][]gateRow{mainGates, sideGates, institutionGates[useCampus], institutionGates[useHospital], institutionGates[useOffice]} {
		for _, row := range rows {
			for i := 0; i < len(row.tags); i += 2 {
				var err error
				switch key := row.tags[i]; {
				case key == "opening_hours":
					_, err = hours.Parse(row.tags[i+1])
				case strings.HasSuffix(key, ":conditional"):
					_, err = hours.ParseConditional(row.tags[i+1])
				}
				if err != nil {
					t.Errorf("%v: %v", row.tags, err)
				}
			}
		}
	}
}

// TestPlacesOption asks for other sizes and counts what comes.
func TestPlacesOption(t *testing.T) {
	for _, want := range []int{40, 1000, 30000} {
		d := Generate(Options{Seed: 3, Places: want, Now: day})
		got := d.board.places + len(d.Places)
		if got < want || got > want*3+200 {
			t.Errorf("Places %d gave %d", want, got)
		}
		ids := map[string]bool{}
		for _, p := range d.Places {
			if ids[p.ID] {
				t.Fatalf("Places %d: ID %s twice", want, p.ID)
			}
			ids[p.ID] = true
		}
	}
}

// TestScanEndsEarly: a handler's error and a cancelled context end a scan.
func TestScanEndsEarly(t *testing.T) {
	d := Generate(Options{Seed: 1, Places: 40, Now: day})
	if err := d.Scan(context.Background(), osm.Handler{Way: func(*osm.Way) error { return io.EOF }}); err != io.EOF {
		t.Errorf("handler's error: got %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := d.Scan(ctx, osm.Handler{Node: func(*osm.Node) error { return nil }}); err != context.Canceled {
		t.Errorf("cancelled: got %v", err)
	}
}
