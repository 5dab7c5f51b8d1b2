package street_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"yizhan/data/osm"
)

func TestExplore(t *testing.T) {
	f := os.Getenv("F")
	if f == "" {
		t.Skip()
	}
	src, err := osm.File("/work/shared/data/osm/" + f + ".osm.pbf")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	r, err := osm.Import(context.Background(), src, osm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	n := r.Network
	fmt.Println(time.Since(start), fmt.Sprintf("%+v", n.Stats()))
	if os.Getenv("V") == "" {
		return
	}
	for _, c := range n.Compounds() {
		fmt.Println("C", c.ID, c.Type, c.Name, "walled", c.Walled, "gated", c.Gated, len(c.Gates), c.Tags)
	}
	sides := map[string]string{}
	for i, b := range n.Barriers() {
		if b.Gate != ^uint32(0) {
			s := ""
			for _, x := range n.Sides(uint32(i)) {
				s += fmt.Sprint(x.Room, " ")
			}
			sides[n.Gates()[b.Gate].ID] = s
		}
	}
	for _, g := range n.Gates() {
		fmt.Println("G", g.ID, g.Gate.Barrier, g.Name, g.Gate.Compounds, g.Gate.Tags, "sides", sides[g.ID], fmt.Sprintf("%.6f,%.6f", g.Point[0], g.Point[1]))
	}
}
