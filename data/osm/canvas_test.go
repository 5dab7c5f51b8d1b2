package osm

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/geotest"
)

// easel is a Canvas that keeps what it is given.
type easel struct {
	t        *testing.T
	features []geo.MapFeature
	bounds   []orb.Bound
}

func (e *easel) Draw(f geo.MapFeature) {
	if len(e.bounds) > 0 {
		e.t.Error("a feature came after the last one")
	}
	e.features = append(e.features, f)
}

func (e *easel) Drawn(bound orb.Bound) { e.bounds = append(e.bounds, bound) }

// TestCanvas compares what a canvas is given with what the result would hold.
func TestCanvas(t *testing.T) {
	src, err := File(geotest.Data(t, "osm", "monaco.osm.pbf"))
	if err != nil {
		t.Fatal(err)
	}
	want := importAll(t, src)
	canvas := &easel{t: t}
	got, err := Import(t.Context(), src, Options{Canvas: canvas})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Base) > 0 {
		t.Errorf("the result holds %d features beside the canvas", len(got.Base))
	}
	if diff := cmp.Diff(want.Base, canvas.features); diff != "" {
		t.Errorf("the canvas differs from the result without one (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]orb.Bound{want.Bound}, canvas.bounds); diff != "" {
		t.Errorf("bounds (-want +got):\n%s", diff)
	}
	count := map[geo.MapLayer]int{}
	for _, f := range want.Base {
		count[f.Layer]++
	}
	for _, r := range []*Result{want, got} {
		if diff := cmp.Diff(count, r.Report.Features); diff != "" {
			t.Errorf("the report counts other features than there are (-want +got):\n%s", diff)
		}
	}
}

// TestCanvasOfNothing: an import that fails before the network is built leaves
// a canvas unfinished.
func TestCanvasOfNothing(t *testing.T) {
	canvas := &easel{t: t}
	if _, err := Import(t.Context(), &memory{}, Options{Canvas: canvas}); err == nil {
		t.Error("an empty source was imported")
	}
	if len(canvas.bounds) > 0 {
		t.Error("the base map of a failed import was finished")
	}
}
