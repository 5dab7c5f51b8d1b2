package route_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/route"
)

// TestMatrix: each row is what its start alone is told, however many work on
// it; a start far from any way has a row, and no cost.
func TestMatrix(t *testing.T) {
	n := extract(t, "bupt-beijing")
	r := route.New(n, where)
	nodes := publicNodes(n)
	var from, to []orb.Point
	for i := range 12 {
		from, to = append(from, n.Node(nodes[i*5])), append(to, n.Node(nodes[i*4+3]))
	}
	from = append(from, orb.Point{0, 0})
	m := r.Matrix(from, to, geo.Bicycle, at(12, 0))
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			if err := m.Work(context.Background(), nil); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	for i, row := range m.Costs() {
		want, err := r.Durations(context.Background(), from[i], geo.Bicycle, at(12, 0), to, 0)
		if geo.CodeOf(err) == geo.NotFound {
			want = make([]route.Cost, len(to))
		} else if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, row); diff != "" {
			t.Errorf("from %v:\n%s", from[i], diff)
		}
	}
	if last := m.Costs()[12]; last[0].OK {
		t.Errorf("%+v from the ocean", last[0])
	}
	// Who is told to stop begins no row, and an error ends the work of all.
	idle := r.Matrix(from, to, geo.Foot, at(12, 0))
	if err := idle.Work(context.Background(), func() bool { return false }); err != nil || idle.Costs()[0] != nil {
		t.Errorf("%v, %v", err, idle.Costs()[0])
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := idle.Work(ctx, nil); geo.CodeOf(err) != geo.Timeout {
		t.Errorf("%v", err)
	}
	if err := idle.Work(context.Background(), nil); err != nil || idle.Costs()[1] != nil {
		t.Errorf("%v: work went on after an error", err)
	}
}
