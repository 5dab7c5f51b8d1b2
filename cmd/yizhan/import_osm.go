package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"yizhan/data/atlas"
	"yizhan/data/osm"
	"yizhan/geo"
)

// importOSM reads an OpenStreetMap extract.
type importOSM struct {
	File string `arg:"" help:"The extract, .osm.pbf." type:"path"`
	Data string `required:"" help:"Data folder to write; made where it is not there." type:"path" placeholder:"DIR" env:"YIZHAN_DATA"`
	// A large extract can have thousands of broken outlines.
	Verbose bool `short:"v" help:"Print more of the warnings, not only the first of each kind."`
}

// Run imports. The folder changes as a whole at the end; what came from
// spreadsheets stays.
func (c *importOSM) Run(ctx context.Context, t *terminal) error {
	began := time.Now()
	src, err := osm.File(c.File)
	if err != nil {
		return err
	}
	stage, err := atlas.At(c.Data).Stage()
	if err != nil {
		return err
	}
	defer stage.Close()
	if err := refuseDemo(ctx, stage, c.Data); err != nil {
		return err
	}
	line := newProgress(t)
	defer line.clear()
	base, ctx, err := newBaseCutter(ctx, stage)
	if err != nil {
		return err
	}
	defer base.stop()
	r, err := osm.Import(ctx, src, osm.Options{Canvas: base, Progress: func(p osm.Progress) {
		line.show(p.Phase.In(t.Lang), p.Done, p.Total)
	}})
	if err != nil {
		return base.because(err)
	}
	line.show(geo.Text{Zh: "写入数据文件夹", En: "writing the data folder"}.In(t.Lang), 0, 0)
	s, err := writePlaces(ctx, stage, geo.FeedOSM, r.Places, nil)
	if err == nil {
		err = writeStreets(stage, r)
	}
	if err != nil {
		return base.because(err)
	}
	if err := base.wait(); err != nil {
		return err
	}
	if err := stage.Commit(); err != nil {
		return err
	}
	line.clear()
	return reportOSM(t, &r.Report, s, time.Since(began), c.Verbose)
}

// refuseDemo keeps invented and real data apart.
func refuseDemo(ctx context.Context, stage *atlas.Stage, dir string) error {
	st, err := stage.Store(ctx)
	if err != nil {
		return err
	}
	demo, err := st.Meta(ctx, atlas.MetaDemo)
	if err != nil || demo != "true" {
		return err
	}
	return geo.NewError(geo.Invalid,
		fmt.Sprintf("%s 里是虚构的数据，不能与真实数据混在一起：请换一个文件夹。", dir),
		fmt.Sprintf("%s holds invented data, which must not mix with real ones: choose another folder", dir))
}

// warningsShown is how many warnings of each kind are printed.
const warningsShown = 5

// reportOSM prints what an import found, all its warnings where verbose.
func reportOSM(t *terminal, r *osm.Report, s saved, took time.Duration, verbose bool) error {
	var b strings.Builder
	say := func(zh, en string, args ...any) {
		fmt.Fprintf(&b, geo.Text{Zh: zh, En: en}.In(t.Lang)+"\n", args...)
	}
	say("读入 %d 个节点、%d 条路径、%d 个关系", "read %d nodes, %d ways, %d relations", r.Nodes, r.Ways, r.Relations)
	for _, info := range geo.Kinds() {
		if n := r.Kinds[info.Kind]; n > 0 {
			fmt.Fprintf(&b, "  %s %d\n", info.Name.In(t.Lang), n)
		}
	}
	say("路网：%d 条道路、%d 个小区或院落、%d 栋楼、%d 个楼门",
		"street network: %d streets, %d compounds, %d buildings, %d entrances", r.Streets, r.Compounds, r.Buildings, r.Entrances)
	shown := map[osm.WarningKind]int{}
	for _, w := range r.Warnings {
		if shown[w.Kind]++; shown[w.Kind] <= warningsShown || verbose {
			fmt.Fprintf(&b, "  %s %s\n", w.Element, w.Text.In(t.Lang))
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(r.Found)) {
		said := shown[kind]
		if !verbose {
			said = min(said, warningsShown)
		}
		if rest := r.Found[kind] - said; rest > 0 {
			say("  还有 %d 条同类提示（%s），加 --verbose 可看更多", "  %d more of the same kind (%s): see more with --verbose", rest, kind)
		}
	}
	saySaved(&b, t, s)
	say("用时 %.1f 秒", "took %.1f s", took.Seconds())
	_, err := t.Out.Write([]byte(b.String()))
	return err
}

// saySaved adds what became of the places in the data folder.
func saySaved(b *strings.Builder, t *terminal, s saved) {
	fmt.Fprintf(b, geo.Text{
		Zh: "地点：新增 %d，更改 %d，移除 %d，不变 %d",
		En: "places: %d added, %d changed, %d removed, %d unchanged",
	}.In(t.Lang)+"\n", s.added, s.changed, s.removed, s.unchanged)
	if s.kept > 0 {
		fmt.Fprintf(b, geo.Text{
			Zh: "其中 %d 个已由人录入，保留录入的内容",
			En: "%d of them were entered by people and stay as entered",
		}.In(t.Lang)+"\n", s.kept)
	}
}
