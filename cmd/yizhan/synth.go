package main

import (
	"context"
	"fmt"
	"time"

	"yizhan/data/atlas"
	"yizhan/data/demo"
	"yizhan/data/osm"
	"yizhan/geo"
)

// synth writes an invented district.
type synth struct {
	Out    string `required:"" help:"Data folder to write." type:"path" placeholder:"DIR"`
	Seed   uint64 `help:"The same seed gives the same district." default:"1"`
	Places int    `help:"About how many places; 0 gives the demo district." default:"0"`
	TZ     string `name:"tz" help:"Zone of the dated service." default:"Asia/Shanghai" placeholder:"ZONE"`
}

// maxSynth bounds what is made in memory at once.
const maxSynth = 5_000_000

// Run makes a district and imports it.
func (c *synth) Run(ctx context.Context, t *terminal) error {
	if c.Places < 0 || c.Places > maxSynth {
		return geo.NewError(geo.Invalid,
			fmt.Sprintf("--places 应在 0 到 %d 之间。", maxSynth),
			fmt.Sprintf("--places must be between 0 and %d", maxSynth))
	}
	zone, err := zoneOf(c.TZ)
	if err != nil {
		return err
	}
	began := time.Now()
	line := newProgress(t)
	defer line.clear()
	line.show(geo.Text{Zh: "生成虚构街区", En: "making a district"}.In(t.Lang), 0, 0)
	d := demo.Generate(demo.Options{Seed: c.Seed, Places: c.Places, Now: began.In(zone)})
	r, err := osm.Import(ctx, d, osm.Options{Feed: demo.Feed, Time: began})
	if err != nil {
		return err
	}
	// The folder is taken for the writing alone: a server may be changing it.
	stage, err := atlas.At(c.Out).Stage()
	if err != nil {
		return err
	}
	defer stage.Close()
	if err := refuseReal(ctx, stage, c.Out); err != nil {
		return err
	}
	s, err := writeImport(ctx, stage, demo.Feed, r, d.Places, map[string]string{
		atlas.MetaDemo: "true", atlas.MetaAttribution: d.Attribution,
		atlas.MetaNameZh: d.Name.Zh, atlas.MetaNameEn: d.Name.En,
	})
	if err != nil {
		return err
	}
	line.clear()
	return reportOSM(t, &r.Report, s, time.Since(began), false)
}

// refuseReal keeps a data folder from being turned into an invented one.
func refuseReal(ctx context.Context, stage *atlas.Stage, dir string) error {
	st, err := stage.Store(ctx)
	if err != nil {
		return err
	}
	demo, err := st.Meta(ctx, atlas.MetaDemo)
	if err != nil || demo == "true" {
		return err
	}
	places, err := st.Places(ctx, func(error) {})
	if err != nil || len(places) == 0 {
		return err
	}
	return geo.NewError(geo.Invalid,
		fmt.Sprintf("%s 里有真实数据，不能用虚构的覆盖：请换一个文件夹。", dir),
		fmt.Sprintf("%s holds real data, which must not mix with invented ones: choose another folder", dir))
}
