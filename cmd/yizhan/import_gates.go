package main

import (
	"context"
	"fmt"
	"strings"

	"yizhan/data/atlas"
	"yizhan/data/table"
	"yizhan/geo"
	"yizhan/geo/street"
)

// speakers lists the gates that the staged folder will hold, where the table
// is one of gates: which of them routes obey depends on all.
func speakers(ctx context.Context, stage *atlas.Stage, r *table.Result) ([]*geo.Place, error) {
	if r.Report.Kind != geo.KindGate {
		return nil, nil
	}
	st, err := stage.Store(ctx)
	if err != nil {
		return nil, err
	}
	places, err := st.Places(ctx, func(error) {}) // what is unreadable was there before
	if err != nil {
		return nil, err
	}
	var gates []*geo.Place
	for _, p := range places {
		if p.Kind == geo.KindGate {
			gates = append(gates, p)
		}
	}
	return gates, nil
}

// sayGates tells of each gate of the table which gate of the street network it
// speaks for.
func (c *importCSV) sayGates(t *terminal, r *table.Result, gates []*geo.Place) error {
	if len(gates) == 0 {
		return nil
	}
	entered, ok, err := atlas.At(c.Data).Speakers(gates)
	if err != nil {
		return err
	}
	var b strings.Builder
	say := func(zh, en string, values ...any) {
		fmt.Fprintf(&b, geo.Text{Zh: zh, En: en}.In(t.Lang)+"\n", values...)
	}
	if !ok {
		say("还没有路网：先运行 yizhan import osm，这些出入口才能用于路线", "there are no streets yet: the gates count in routes once yizhan import osm has been run")
	}
	feed, heard := r.Feed, 0
	for _, g := range entered {
		if g.Place.Source.Feed != feed {
			continue
		}
		name := g.Place.Name
		if name == "" {
			name = g.Place.ID
		}
		switch {
		case g.SpeaksFor == "":
			say("  %s：30 米以内路网没有门，只显示在地图上", "  %s: no gate of the streets within 30 m, on the map only", name)
		case !g.Heard:
			say("  %s → %s，但没有写明谁何时可过，或另有登记为准，不影响路线", "  %s → %s, but says nothing of who may pass when, or another entry goes first: routes do not change", name, g.SpeaksFor)
		case street.HoursOnly(g.Place):
			heard++
			say("  %s → %s，只改开放时间：其余仍按地图，开放时间内视为不上锁", "  %s → %s, obeyed by routes for its hours only: the rest stays as mapped, and within the hours it counts as unlocked", name, g.SpeaksFor)
		default:
			heard++
			say("  %s → %s，路线按它说的通行", "  %s → %s, obeyed by routes", name, g.SpeaksFor)
		}
	}
	if ok {
		say("出入口：%d 个将影响路线", "gates: %d obeyed by routes", heard)
	}
	_, err = t.Out.Write([]byte(b.String()))
	return err
}
