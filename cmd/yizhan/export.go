package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"yizhan/data/atlas"
	"yizhan/data/export"
	"yizhan/geo"
)

// exports holds one verb a format.
type exports struct {
	GeoJSON    exportGeoJSON    `cmd:"" name:"geojson" help:"GeoJSON, read by nearly every program: places, compounds, buildings, streets."`
	CSV        exportCSV        `cmd:"" name:"csv" help:"A table that opens right in Excel and that import csv reads back: places, compounds, buildings."`
	GPKG       exportGPKG       `cmd:"" name:"gpkg" help:"A GeoPackage of places, for QGIS or as places.gpkg of another data folder."`
	PMTiles    exportPMTiles    `cmd:"" name:"pmtiles" help:"Vector tiles of places in one file, for a map on any web server."`
	FlatGeobuf exportFlatGeobuf `cmd:"" name:"flatgeobuf" help:"FlatGeobuf with its spatial index, one file a kind: places, compounds, buildings, streets."`
}

// exportFrom says what to export, and where to.
type exportFrom struct {
	Data  string   `help:"Data folder to read. Without it: the demo district." type:"path" placeholder:"DIR" env:"YIZHAN_DATA"`
	Kind  []string `help:"What to export: station, gate, charger, bus_stop, parking, shared_bike, or in Chinese; compound, building, street. Default: all that the format holds." default:"all" placeholder:"KIND"`
	BBox  string   `name:"bbox" help:"Only what meets this box, in degrees: --bbox=104.0,30.6,104.1,30.7." placeholder:"W,S,E,N"`
	Force bool     `help:"Write over files that are there."`
}

type exportOut struct {
	Out string `help:"File to write, or a folder, which gets a file of each kind. Default, or '-': standard output." placeholder:"FILE|DIR"`
}

type exportDatum struct {
	Datum string `help:"Datum of the coordinates: wgs84 (GPS), gcj02 (高德, 腾讯) or bd09 (百度)." default:"wgs84" placeholder:"DATUM"`
}

type exportGeoJSON struct {
	exportFrom
	exportDatum
	exportOut
}

type exportCSV struct {
	exportFrom
	exportDatum
	exportOut
}

type exportFlatGeobuf struct {
	exportFrom
	exportOut
}

type exportPMTiles struct {
	exportFrom
	Out string `help:"File to write, or a folder, which gets places.pmtiles. Default, or '-': standard output." placeholder:"FILE|DIR"`
}

type exportGPKG struct {
	exportFrom
	Out string `required:"" help:"File to write, or a folder, which gets places.gpkg." placeholder:"FILE|DIR"`
}

// Run exports GeoJSON.
func (c *exportGeoJSON) Run(ctx context.Context, t *terminal) error {
	return c.run(ctx, t, c.Out, c.Datum, exportFormat{
		ending: "geojson", holds: export.Collections(), apart: true, stream: export.GeoJSON,
	})
}

// Run exports tables.
func (c *exportCSV) Run(ctx context.Context, t *terminal) error {
	return c.run(ctx, t, c.Out, c.Datum, exportFormat{
		ending: "csv", holds: append(export.Places(), export.Compounds, export.Buildings), single: export.Places(), apart: true, stream: export.CSV, check: export.CheckTable,
	})
}

// Run exports FlatGeobuf.
func (c *exportFlatGeobuf) Run(ctx context.Context, t *terminal) error {
	return c.run(ctx, t, c.Out, "wgs84", exportFormat{
		ending: "fgb", holds: export.Collections(), apart: true, binary: true, stream: export.FlatGeobuf, check: export.CheckLayer,
	})
}

// Run exports tiles.
func (c *exportPMTiles) Run(ctx context.Context, t *terminal) error {
	return c.run(ctx, t, c.Out, "wgs84", exportFormat{ending: "pmtiles", holds: export.Places(), binary: true, stream: export.PMTiles, check: export.CheckPlaces})
}

// Run exports a GeoPackage.
func (c *exportGPKG) Run(ctx context.Context, t *terminal) error {
	return c.run(ctx, t, c.Out, "wgs84", exportFormat{ending: "gpkg", holds: export.Places(), binary: true, file: export.GeoPackage, check: export.CheckPlaces})
}

// exportFormat is what the verbs differ in.
type exportFormat struct {
	ending string
	// holds is what "all" stands for; single, where it is not nil, is what "all"
	// stands for in one file.
	holds, single []export.Collection
	// apart says that a folder gets a file for each collection, not one for all.
	apart bool
	// binary says that the file is nothing for the eyes.
	binary bool
	// check says whether one file can hold collections; nil holds any.
	check func([]export.Collection) error
	// stream writes to a writer, or file to a path that does not exist yet.
	stream func(context.Context, io.Writer, *atlas.Atlas, export.Options) ([]export.Count, error)
	file   func(context.Context, string, *atlas.Atlas, export.Options) ([]export.Count, error)
}

func (c *exportFrom) run(ctx context.Context, t *terminal, out, datumWord string, f exportFormat) (err error) {
	began := time.Now()
	opt, err := c.options(datumWord)
	if err != nil {
		return err
	}
	to, err := newExportTarget(c, t, out, f)
	if err != nil {
		return err
	}
	line := newProgress(t)
	if to.shown {
		line = &progress{} // the terminal is for what is written
	}
	all := opt.Collections == nil
	if all {
		if opt.Collections = f.holds; !to.folder && f.single != nil {
			opt.Collections = f.single
		}
	}
	if err := to.check(opt.Collections); err != nil {
		return err
	}
	defer line.clear()
	line.show(geo.Text{Zh: "读取数据", En: "reading the data"}.In(t.Lang), 0, 0)
	a, err := c.open(ctx, t)
	if err != nil {
		return err
	}
	line.show(geo.Text{Zh: "写入文件", En: "writing the file"}.In(t.Lang), 0, 0)
	opt.Progress = func(what export.Collection, done, total int) {
		line.show(what.Name().In(t.Lang), int64(done), int64(total))
	}
	defer to.close()
	counts, err := to.write(ctx, a, opt, all)
	if err != nil {
		return to.explain(err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := to.commit(); err != nil {
		return to.explain(err)
	}
	line.clear()
	return c.say(t, to, counts, time.Since(began))
}

// open reads what is to be exported.
func (c *exportFrom) open(ctx context.Context, t *terminal) (*atlas.Atlas, error) {
	if c.Data == "" {
		return demoAtlas(ctx, atlas.DefaultZone(), time.Now())
	}
	// The base map is not needed.
	return atlas.Open(ctx, c.Data, atlas.Options{Once: true, Log: slog.New(slog.NewTextHandler(t.Err, nil))})
}

// options reads the flags; Collections is nil for all.
func (c *exportFrom) options(datumWord string) (opt export.Options, err error) {
	for _, word := range c.Kind {
		if word = strings.TrimSpace(word); word == "all" || word == "全部" {
			opt.Collections = nil
			break
		}
		collection, err := parseCollection(word)
		if err != nil {
			return opt, err
		}
		if !slices.Contains(opt.Collections, collection) {
			opt.Collections = append(opt.Collections, collection)
		}
	}
	if opt.Datum, err = parseDatum(datumWord); err != nil {
		return opt, err
	}
	if c.BBox != "" {
		if opt.Box, err = parseBox(c.BBox); err != nil {
			return opt, err
		}
	}
	return opt, nil
}

// collectionWords are what people call collections beside their words and
// names.
var collectionWords = map[string]export.Collection{
	"小区": export.Compounds, "院落": export.Compounds, "楼": export.Buildings, "楼栋": export.Buildings, "建筑": export.Buildings,
	"道路": export.Streets, "路网": export.Streets, "街道": export.Streets,
}

// parseCollection reads the word of a kind, or of what is no kind of place.
func parseCollection(s string) (export.Collection, error) {
	if c, ok := collectionWords[s]; ok {
		return c, nil
	}
	if kind, err := parseKind(s); err == nil {
		return export.Collection(kind), nil
	}
	return export.Parse(s)
}

// parseBox reads west,south,east,north.
func parseBox(s string) (*export.Box, error) {
	var v [4]float64
	parts := strings.Split(s, ",")
	ok := len(parts) == len(v)
	for i := 0; ok && i < len(v); i++ {
		var err error
		v[i], err = strconv.ParseFloat(strings.TrimSpace(parts[i]), 64)
		limit := 180.0
		if i%2 == 1 {
			limit = 90
		}
		ok = err == nil && v[i] >= -limit && v[i] <= limit
	}
	if !ok || v[1] > v[3] {
		return nil, geo.NewError(geo.Invalid,
			fmt.Sprintf("--bbox %q 应为 西,南,东,北 四个十进制度数，例如 --bbox=104.0,30.6,104.1,30.7。", s),
			fmt.Sprintf("--bbox %q must be four decimal degrees, west,south,east,north, such as --bbox=104.0,30.6,104.1,30.7", s))
	}
	return &export.Box{West: v[0], South: v[1], East: v[2], North: v[3]}, nil
}

// say tells what was written, and what was not.
func (c *exportFrom) say(t *terminal, to *exportTarget, counts []export.Count, took time.Duration) error {
	var b strings.Builder
	say := func(zh, en string, args ...any) {
		fmt.Fprintf(&b, geo.Text{Zh: zh, En: en}.In(t.Lang)+"\n", args...)
	}
	for _, n := range counts {
		if n.Features > 0 {
			fmt.Fprintf(&b, "  %s %d\n", n.Collection.Name().In(t.Lang), n.Features)
		}
	}
	sum := export.Total(counts)
	if sum.Unplaced > 0 {
		say("其中 %d 个没有坐标", "%d of them have no position", sum.Unplaced)
	}
	if sum.Left > 0 {
		say("%d 个没有坐标或范围，这种格式放不下，未写入", "%d have no position or extent and were left out, as this format cannot hold them", sum.Left)
	}
	if sum.Features == 0 {
		say("没有符合条件的内容：请检查 --kind 和 --bbox", "there is nothing of the kind: check --kind and --bbox")
	}
	names := to.written()
	switch len(names) {
	case 0:
		say("导出 %d 个，用时 %.1f 秒", "exported %d in %.1f s", sum.Features, took.Seconds())
		_, err := io.WriteString(t.Err, b.String())
		return err
	case 1:
		say("导出 %d 个到 %s，用时 %.1f 秒", "exported %d to %s in %.1f s", sum.Features, names[0], took.Seconds())
	default:
		say("导出 %d 个到 %s 下的 %d 个文件，用时 %.1f 秒", "exported %d to %s: %d files in %.1f s", sum.Features, filepath.Dir(names[0]), len(names), took.Seconds())
	}
	_, err := io.WriteString(t.Out, b.String())
	return err
}
