package main

import (
	"context"
	"errors"
	"testing"

	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/geo"
)

// cutter returns a baseCutter in a folder of its own, with some houses drawn.
func cutter(t *testing.T) (*baseCutter, context.Context, *atlas.Stage, atlas.Folder) {
	t.Helper()
	folder := atlas.At(t.TempDir())
	stage, err := folder.Stage()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stage.Close() })
	c, ctx, err := newBaseCutter(t.Context(), stage)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.stop)
	for i := range 3*batchSize + 7 {
		x, y := 104+float64(i%100)/1000, 30+float64(i/100)/1000
		c.Draw(geo.MapFeature{Layer: geo.LayerBuilding, Geometry: orb.Polygon{{{x, y}, {x + 2e-4, y}, {x + 2e-4, y + 2e-4}, {x, y}}}})
	}
	return c, ctx, stage, folder
}

func TestBaseCutter(t *testing.T) {
	c, ctx, stage, folder := cutter(t)
	c.Drawn(orb.Bound{})
	if err := c.wait(); err != nil || ctx.Err() != nil {
		t.Fatal(err, ctx.Err())
	}
	if err := stage.Commit(); err != nil {
		t.Fatal(err)
	}
	base, err := openBase(folder.Path(atlas.BaseFile))
	if err != nil {
		t.Fatal(err)
	}
	if _, greatest := base.Zooms(); greatest != 15 {
		t.Errorf("the base map ends at zoom %d", greatest)
	}
}

// TestBaseCutterFails: an import ends, with the reason, where its base map
// cannot be written.
func TestBaseCutterFails(t *testing.T) {
	c, ctx, _, _ := cutter(t)
	c.out.Close()
	c.Drawn(orb.Bound{})
	<-ctx.Done()
	err := c.because(ctx.Err())
	if errors.Is(err, context.Canceled) || err == nil || err != c.wait() {
		t.Errorf("the import ends with %v, the base map with %v", err, c.wait())
	}
	if other := errors.New("of the import itself"); c.because(other) == other {
		t.Error("an error that followed from the first hides it")
	}
}

// TestBaseCutterStops: an import that ends early leaves no one writing.
func TestBaseCutterStops(t *testing.T) {
	c, _, _, _ := cutter(t)
	own := errors.New("no streets")
	if err := c.because(own); err != own {
		t.Errorf("the import's own error became %v", err)
	}
	c.stop()
	if err := c.wait(); !errors.Is(err, context.Canceled) {
		t.Errorf("the cutting ended with %v", err)
	}
}
