package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"runtime"
	"time"

	"github.com/paulmach/orb"

	"yizhan/api"
	"yizhan/data/atlas"
	"yizhan/data/demo"
	"yizhan/data/osm"
	"yizhan/geo"
	"yizhan/static"
	"yizhan/tiles"
	"yizhan/tiles/pmtiles"
)

// This file is the only place where the rooms are wired together: what reads
// a data folder, what fills one, what makes the demo, and what serves it all.

// folderOptions say how a server reads its data folder.
func folderOptions(zone *time.Location, log *slog.Logger) atlas.Options {
	return atlas.Options{Zone: zone, Log: log, OpenBase: openBase}
}

// newServer puts the HTTP server before a keeper of snapshots. Who shows the
// token may change places and closures, which are kept in the data folder where
// there is one.
func newServer(keeper *atlas.Keeper, editor *atlas.Editor, dir, token string, log *slog.Logger) (*api.Server, error) {
	return api.New(api.Config{
		Keeper: keeper, Static: static.FS(), Log: log, Closures: atlas.NewRegister(keeper, dir), Editor: editor, Token: token,
	})
}

// listen opens the address before anything slow is done, so that a port in
// use is known at once.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, geo.NewError(geo.Unavailable,
			fmt.Sprintf("无法监听 %s：请换一个端口（--listen），或停掉占用它的程序。", addr),
			fmt.Sprintf("cannot listen on %s: choose another port with --listen, or stop the program that uses it", addr)).Because(err)
	}
	return ln, nil
}

// writeImport fills a staged folder with what an import gave: the feed's
// places, the streets and the base map. The base map, which takes longest, is
// cut while the places are written.
func writeImport(ctx context.Context, stage *atlas.Stage, feed string, r *osm.Result, more []geo.Place, meta map[string]string) (saved, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	base := make(chan error, 1)
	go func() {
		err := writeBase(ctx, stage, r, meta[atlas.MetaAttribution])
		if err != nil {
			cancel(err)
		}
		base <- err
	}()
	s, err := writePlaces(ctx, stage, feed, append(r.Places, more...), meta)
	if err == nil {
		err = writeStreets(stage, r)
	}
	if err != nil {
		cancel(err)
	}
	if baseErr := <-base; err == nil || ctx.Err() != nil && context.Cause(ctx) == baseErr {
		err = baseErr
	}
	if err != nil {
		return saved{}, err
	}
	return s, stage.Commit()
}

// saved counts what became of a feed's places in the store.
type saved struct{ added, changed, removed, unchanged, kept int }

func writePlaces(ctx context.Context, stage *atlas.Stage, feed string, places []geo.Place, meta map[string]string) (saved, error) {
	st, err := stage.Store(ctx)
	if err != nil {
		return saved{}, err
	}
	diff, err := st.Replace(ctx, feed, places)
	if err != nil {
		return saved{}, err
	}
	for key, value := range meta {
		if err := st.SetMeta(ctx, key, value); err != nil {
			return saved{}, err
		}
	}
	return saved{len(diff.Added), len(diff.Changed), len(diff.Removed), diff.Unchanged, len(diff.Kept)}, nil
}

func writeStreets(stage *atlas.Stage, r *osm.Result) error {
	out, err := stage.Create(atlas.StreetsFile)
	if err != nil {
		return err
	}
	_, err = r.Network.WriteTo(out)
	return stage.Explain(err)
}

func writeBase(ctx context.Context, stage *atlas.Stage, r *osm.Result, attribution string) error {
	out, err := stage.Create(atlas.BaseFile)
	if err != nil {
		return err
	}
	return stage.Explain(cutBase(ctx, r, attribution, out))
}

// cutBase cuts the base map of an import into tiles.
func cutBase(ctx context.Context, r *osm.Result, attribution string, out io.Writer) error {
	w := pmtiles.NewWriter(out, "")
	defer w.Close()
	return tiles.Base(ctx, r.Base, tiles.BaseOptions{Name: "yizhan", Attribution: attribution, Bound: r.Bound}, w)
}

// demoAtlas makes the demo district of a day in memory.
func demoAtlas(ctx context.Context, zone *time.Location, now time.Time) (*atlas.Atlas, error) {
	d := demo.Generate(demo.Options{Seed: demoSeed, Now: now.In(zone)})
	r, err := osm.Import(ctx, d, osm.Options{Feed: demo.Feed, Time: now})
	if err != nil {
		return nil, err
	}
	var archive bytes.Buffer
	if err := cutBase(ctx, r, d.Attribution, &archive); err != nil {
		return nil, err
	}
	base, err := pmtiles.NewReader(bytes.NewReader(archive.Bytes()), int64(archive.Len()))
	if err != nil {
		return nil, err
	}
	places := make([]*geo.Place, 0, len(r.Places)+len(d.Places))
	for i := range r.Places {
		places = append(places, &r.Places[i])
	}
	for i := range d.Places {
		places = append(places, &d.Places[i])
	}
	return atlas.New(atlas.Parts{
		Places: places, Streets: r.Network, Base: baseTiles{base}, BaseVersion: demoVersion(now.In(zone)),
		Demo: true, Name: d.Name, Attribution: d.Attribution, Zone: zone,
	}), nil
}

// demoSeed chooses the demo district that everybody sees.
const demoSeed = 1

// demoVersion stands for the demo's base map, which depends on nothing but the
// program; its day keeps browsers from mixing two programs for long.
func demoVersion(day time.Time) string { return "demo " + day.Format(time.DateOnly) }

// baseTiles is a PMTiles archive as the base map of an Atlas.
type baseTiles struct{ *pmtiles.Reader }

var _ atlas.BaseTiles = baseTiles{}

func (b baseTiles) Zooms() (least, greatest uint8) {
	h := b.Header()
	return h.MinZoom, h.MaxZoom
}

func (b baseTiles) Bound() orb.Bound {
	h := b.Header()
	return orb.Bound{Min: orb.Point{h.MinLon, h.MinLat}, Max: orb.Point{h.MaxLon, h.MaxLat}}
}

// baseInMemory is the size in bytes up to which a base map is read as a
// whole, so that a program that writes over the file, instead of replacing it,
// does not disturb the server.
const baseInMemory = 32 << 20

// openBase opens a base map. Requests that began with an Atlas may read it
// after the next one has come, so its file is closed when nobody holds it.
func openBase(path string) (atlas.BaseTiles, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	if info.Size() <= baseInMemory {
		data, err := io.ReadAll(io.LimitReader(f, baseInMemory))
		f.Close()
		if err != nil {
			return nil, err
		}
		r, err := pmtiles.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return nil, damagedBase(path, err)
		}
		return baseTiles{r}, nil
	}
	r, err := pmtiles.NewReader(f, info.Size())
	if err != nil {
		f.Close()
		return nil, damagedBase(path, err)
	}
	runtime.AddCleanup(r, func(f *os.File) { f.Close() }, f)
	return baseTiles{r}, nil
}

func damagedBase(path string, cause error) error {
	return geo.NewError(geo.Invalid,
		fmt.Sprintf("底图 %s 已损坏：请重新运行 yizhan import osm。", path),
		fmt.Sprintf("the base map %s is damaged: run yizhan import osm again", path)).Because(cause)
}
