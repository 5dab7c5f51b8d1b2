package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
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
	File    string            `arg:"" help:"The table, UTF-8 or GB18030." type:"path"`
	Data    string            `help:"Data folder to write; made where it is not there. Not needed with --dry-run." type:"path" placeholder:"DIR" env:"YIZHAN_DATA"`
	Kind    string            `help:"Kind of the places: station, gate, charger, bus_stop, parking, shared_bike, or in Chinese, 驿站. Default: station; a column 'kind' says it row by row." placeholder:"KIND"`
	Datum   string            `help:"Datum of the coordinates: wgs84 (GPS), gcj02 (高德, 腾讯) or bd09 (百度). Default: what the headers say, else the file's name, else wgs84." placeholder:"DATUM"`
	Name    string            `help:"Name of the table: importing again under the same name replaces it. Default: the file's name." placeholder:"NAME"`
	Column  map[string]string `help:"Header of a field where the guess is wrong: --column name=站点 --column lon=X. '-' leaves a field out." placeholder:"FIELD=HEADER"`
	Header  int               `name:"header-row" help:"Row of the headers. Default: the one of the first ten that names the most fields." placeholder:"N"`
	Replace bool              `help:"Import even where most rows of the table imported before are gone."`
	DryRun  bool              `help:"Print the report alone and change nothing; with --data also what would change there."`
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
	stage, problem := c.open(r)
	if stage != nil {
		defer stage.Close()
		problem = recognise(ctx, stage, r)
	}
	// What can be said of the table is said even where the folder is amiss.
	if err := errors.Join(r.Report.WriteText(t.Out, t.Lang), problem); err != nil {
		return err
	}
	if c.DryRun {
		return c.preview(ctx, t, stage, r)
	}
	return c.write(ctx, t, stage, r)
}

// open opens the data folder to be changed, nil where it is not needed: there
// is nothing to import, or a dry run would have to make the folder.
func (c *importCSV) open(r *table.Result) (*atlas.Stage, error) {
	if c.Data == "" || len(r.Places) == 0 {
		return nil, nil
	}
	if c.DryRun {
		if _, err := os.Stat(c.Data); errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		} else if err != nil {
			return nil, err
		}
	}
	return atlas.At(c.Data).Stage()
}

// recognise finds the rows that are places of other feeds in the data folder.
func recognise(ctx context.Context, stage *atlas.Stage, r *table.Result) error {
	ids := r.OwnIDs()
	if len(ids) == 0 {
		return nil
	}
	st, err := stage.Store(ctx)
	if err != nil {
		return err
	}
	held := make(map[string]*geo.Place, len(ids))
	for _, id := range ids {
		held[id] = nil
	}
	bad := func(error) {} // what is unreadable was there before
	err = st.Each(ctx, bad, func(p *geo.Place) error {
		if _, asked := held[p.ID]; asked {
			place := *p
			held[p.ID] = &place
		}
		return nil
	})
	if err != nil {
		return err
	}
	maps.DeleteFunc(held, func(_ string, p *geo.Place) bool { return p == nil })
	r.Settle(held)
	return nil
}

func (c *importCSV) options() (table.Options, error) {
	var kind geo.Kind // the table says where it is the default
	var err error
	if c.Kind != "" {
		if kind, err = parseKind(c.Kind); err != nil {
			return table.Options{}, err
		}
	}
	if c.Header < 0 {
		return table.Options{}, geo.NewError(geo.Invalid,
			"--header-row 从 1 数起，请填表格软件里显示的行号。",
			"--header-row counts from 1: give the number that a spreadsheet shows")
	}
	options := table.Options{
		Kind: kind, Name: c.Name, File: filepath.Base(c.File), Columns: c.Column, HeaderRow: c.Header, Time: time.Now(),
	}
	if c.Datum != "" {
		if options.Datum, err = parseDatum(c.Datum); err != nil {
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

// kindWords are what people call kinds beside their words and names.
var kindWords = map[string]geo.Kind{
	"大门": geo.KindGate, "门": geo.KindGate, "小区大门": geo.KindGate, "充电桩": geo.KindCharger, "充电站": geo.KindCharger,
	"公交站点": geo.KindBusStop, "停车位": geo.KindParking, "停车": geo.KindParking, "单车": geo.KindSharedBike,
}

// parseKind reads the word of a kind, or what it is called in Chinese.
func parseKind(s string) (geo.Kind, error) {
	for _, info := range geo.Kinds() {
		if info.Name.Zh == s {
			return info.Kind, nil
		}
	}
	if kind, ok := kindWords[s]; ok {
		return kind, nil
	}
	return geo.ParseKind(s)
}

// parseDatum reads a datum, or whose map the coordinates were taken from.
func parseDatum(s string) (datum.Datum, error) {
	switch strings.ToLower(s) {
	case "高德", "腾讯", "火星", "高德地图", "腾讯地图", "amap", "tencent":
		return datum.GCJ02, nil
	case "百度", "百度地图", "baidu":
		return datum.BD09, nil
	case "gps", "天地图", "cgcs2000":
		return datum.WGS84, nil
	}
	return datum.Parse(s)
}

// write replaces the table in the data folder.
func (c *importCSV) write(ctx context.Context, t *terminal, stage *atlas.Stage, r *table.Result) error {
	if stage == nil {
		return geo.NewError(geo.Invalid,
			"表格里没有可导入的行，数据文件夹没有改动。",
			"the table has no rows to import, the data folder is unchanged")
	}
	s, err := c.stage(ctx, stage, r)
	if err != nil {
		return err
	}
	if lost := loss(r, s); lost != nil && !c.Replace {
		return lost
	}
	gates, err := speakers(ctx, stage, r)
	if err != nil {
		return err
	}
	if err := stage.Commit(); err != nil {
		return err
	}
	return errors.Join(c.say(t, r, s), c.sayGates(t, r, gates))
}

// preview says what an import would change in the data folder. What it stages
// is never committed.
func (c *importCSV) preview(ctx context.Context, t *terminal, stage *atlas.Stage, r *table.Result) error {
	if c.Data == "" || stage == nil && len(r.Places) == 0 {
		return nil
	}
	s := saved{added: len(r.Places)}
	var gates []*geo.Place
	if stage != nil {
		var err error
		if s, err = c.stage(ctx, stage, r); err != nil {
			return err
		}
		if gates, err = speakers(ctx, stage, r); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintln(t.Out, geo.Text{
		Zh: "试运行，数据文件夹没有改动。若导入：",
		En: "a dry run, the data folder is unchanged. An import would give:",
	}.In(t.Lang)); err != nil {
		return err
	}
	if err := errors.Join(c.say(t, r, s), c.sayGates(t, r, gates)); err != nil {
		return err
	}
	if lost := loss(r, s); lost != nil && !c.Replace {
		_, err := fmt.Fprintln(t.Out, lost.Message.In(t.Lang))
		return err
	}
	return nil
}

func (c *importCSV) stage(ctx context.Context, stage *atlas.Stage, r *table.Result) (saved, error) {
	if err := refuseDemo(ctx, stage, c.Data); err != nil {
		return saved{}, err
	}
	return writePlaces(ctx, stage, r.Feed, r.Places, nil)
}

// loss is the error for an import that would take away most of what the table
// held, nil where it would not: then it is another table of the same name, more
// likely than not.
func loss(r *table.Result, s saved) *geo.Error {
	before := s.removed + s.changed + s.unchanged
	if few := s.removed < 2 && len(r.Places) > 0; few || 2*s.removed <= before {
		return nil
	}
	return geo.NewError(geo.Invalid,
		fmt.Sprintf("此前以“%s”为名导入过一张表，它的 %d 行里有 %d 行在这张表里找不到，导入会移除它们：若是另一张表，请用 --name 另取名字；确要替换，请加 --replace。", r.Report.Name, before, s.removed),
		fmt.Sprintf("a table named %q was imported before, and %d of its %d rows are not in this one and would be removed: if this is another table, give it a name of its own with --name; to replace it all the same, add --replace", r.Report.Name, s.removed, before))
}

// say prints what became, or would become, of the table's places.
func (c *importCSV) say(t *terminal, r *table.Result, s saved) error {
	var b strings.Builder
	saySaved(&b, t, s)
	if s.removed > 0 {
		fmt.Fprintf(&b, geo.Text{
			Zh: "移除的 %d 个来自此前导入的同名表格“%s”；若这是另一张表，请用 --name 另取名字",
			En: "the %d removed came from the table %q imported before, which this one replaces; if this is another table, give it a name of its own with --name",
		}.In(t.Lang)+"\n", s.removed, r.Report.Name)
	}
	_, err := t.Out.Write([]byte(b.String()))
	return err
}
