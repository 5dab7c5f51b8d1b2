package main

import (
	"context"

	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/tiles"
	"yizhan/tiles/pmtiles"
)

// baseCutter draws the base map and cuts its tiles beside an import, on the
// processors that the import leaves idle: it is the osm.Canvas of one.
type baseCutter struct {
	stage  *atlas.Stage
	out    *pmtiles.Writer
	ctx    context.Context
	cancel context.CancelCauseFunc

	batch []geo.MapFeature
	queue chan []geo.MapFeature
	bound orb.Bound // set before queue is closed
	ended bool
	done  chan struct{}
	err   error // of the cutting, once done is closed
}

// batchSize is how many features are handed over at once.
const batchSize = 1024

// newBaseCutter begins a base map in a staged folder. The context that it
// returns ends where the cutting fails, since an import without a base map is
// of no use. stop must be called.
func newBaseCutter(ctx context.Context, stage *atlas.Stage) (*baseCutter, context.Context, error) {
	file, err := stage.Create(atlas.BaseFile)
	if err != nil {
		return nil, nil, err
	}
	drawing, err := tiles.NewDrawing(tiles.BaseOptions{Name: "yizhan"})
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	c := &baseCutter{
		stage: stage, out: pmtiles.NewWriter(file, ""), ctx: ctx, cancel: cancel,
		queue: make(chan []geo.MapFeature, 16), done: make(chan struct{}),
	}
	go c.run(drawing)
	return c, ctx, nil
}

// run draws what comes in and cuts the tiles when there is no more.
func (c *baseCutter) run(drawing *tiles.Drawing) {
	defer close(c.done)
	defer c.out.Close()
	for batch := range c.queue {
		for i := range batch {
			drawing.Add(&batch[i])
		}
	}
	if c.err = c.ctx.Err(); c.err == nil {
		c.err = c.stage.Explain(drawing.Finish(c.ctx, c.bound, c.out))
	}
	if c.err != nil {
		c.cancel(c.err)
	}
}

// Draw implements osm.Canvas.
func (c *baseCutter) Draw(f geo.MapFeature) {
	if c.batch == nil {
		c.batch = make([]geo.MapFeature, 0, batchSize)
	}
	if c.batch = append(c.batch, f); len(c.batch) == batchSize {
		c.flush()
	}
}

func (c *baseCutter) flush() {
	c.queue <- c.batch
	c.batch = nil
}

// Drawn implements osm.Canvas.
func (c *baseCutter) Drawn(bound orb.Bound) {
	c.flush()
	c.bound = bound
	c.end()
}

func (c *baseCutter) end() {
	if !c.ended {
		c.ended = true
		close(c.queue)
	}
}

// wait returns when the tiles are cut.
func (c *baseCutter) wait() error {
	<-c.done
	return c.err
}

// because returns why an import ended: its own error, or that of the cutting
// where it was this that ended it.
func (c *baseCutter) because(err error) error {
	if cause := context.Cause(c.ctx); cause != nil {
		return cause
	}
	return err
}

// stop ends the cutting if it is still under way, and waits for it, so that
// nothing is written to the folder any more.
func (c *baseCutter) stop() {
	c.cancel(nil)
	c.end()
	<-c.done
}
