package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"yizhan/data/atlas"
	"yizhan/data/table"
	"yizhan/geo"
	"yizhan/geo/datum"
)

// importCSV reads a spreadsheet saved as CSV.
type importCSV struct {
	File   string            `arg:"" help:"The table, UTF-8 or GB18030." type:"path"`
	Data   string            `help:"Data folder to write; made where it is not there. Not needed with --dry-run." type:"path" placeholder:"DIR" env:"YIZHAN_DATA"`
	Kind   string            `help:"Kind of the places: station, gate, charger, bus_stop, parking, shared_bike." default:"station" placeholder:"KIND"`
	Datum  string            `help:"Datum of the coordinates: wgs84, gcj02 or bd09. Default: what the headers say, else wgs84." placeholder:"DATUM"`
	Name   string            `help:"Name of the table: importing again under the same name replaces it. Default: the file's name." placeholder:"NAME"`
	Column map[string]string `help:"Header of a field where the guess is wrong: --column name=站点 --column lon=X. '-' leaves a field out." placeholder:"FIELD=HEADER"`
	DryRun bool              `help:"Print the report alone and change nothing."`
}

// Run imports, or reports what an import would do.
func (c *importCSV) Run(ctx context.Context, t *terminal) error {
	if c.Data == "" && !c.DryRun {
		return geo.NewError(geo.Invalid,
			"请用 --data 指定数据文件夹，或加 --dry-run 只看报告。",
			"name the data folder with --data, or add --dry-run for the report alone")
	}
	options, err := c.options()
	if err != nil {
		return err
	}
	r, err := c.read(ctx, options)
	if err != nil {
		return err
	}
	if err := r.Report.WriteText(t.Out, t.Lang); err != nil || c.DryRun {
		return err
	}
	return c.write(ctx, t, r)
}

func (c *importCSV) options() (table.Options, error) {
	kind, err := geo.ParseKind(c.Kind)
	if err != nil {
		return table.Options{}, err
	}
	options := table.Options{Kind: kind, Name: c.Name, Columns: c.Column, Time: time.Now()}
	if c.Datum != "" {
		if options.Datum, err = datum.Parse(c.Datum); err != nil {
			return table.Options{}, err
		}
	}
	if options.Name == "" {
		base := filepath.Base(c.File)
		options.Name = strings.TrimSuffix(base, filepath.Ext(base))
	}
	return options, nil
}

func (c *importCSV) read(ctx context.Context, options table.Options) (*table.Result, error) {
	f, err := os.Open(c.File)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, geo.NewError(geo.NotFound,
			fmt.Sprintf("找不到文件 %s，请检查路径。", c.File),
			fmt.Sprintf("no such file: %s: check the path", c.File))
	case err != nil:
		return nil, err
	}
	defer f.Close()
	return table.ReadCSV(ctx, f, options)
}

func (c *importCSV) write(ctx context.Context, t *terminal, r *table.Result) error {
	if len(r.Places) == 0 {
		return geo.NewError(geo.Invalid,
			"表格里没有可导入的行，数据文件夹没有改动。",
			"the table has no rows to import, the data folder is unchanged")
	}
	stage, err := atlas.At(c.Data).Stage()
	if err != nil {
		return err
	}
	defer stage.Close()
	if err := refuseDemo(ctx, stage, c.Data); err != nil {
		return err
	}
	s, err := writePlaces(ctx, stage, r.Places[0].Source.Feed, r.Places, nil)
	if err != nil {
		return err
	}
	if err := stage.Commit(); err != nil {
		return err
	}
	var b strings.Builder
	saySaved(&b, t, s)
	_, err = t.Out.Write([]byte(b.String()))
	return err
}
