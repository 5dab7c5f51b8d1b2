package api

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

	"yizhan/geo"
	"yizhan/geo/route"
)

// Bounds of a matrix.
const (
	maxMatrixSide  = 1000
	maxMatrixCells = 100_000
)

// matrix answers how long and how far it is from each of some points to each
// of others.
func (s *Server) matrix(r *call) error {
	b, err := r.readBody(s.cfg.MaxBody, "from", "to", "by", "depart", "datum")
	if err != nil {
		return err
	}
	d := b.datum()
	from, to := b.points("from", d, maxMatrixSide), b.points("to", d, maxMatrixSide)
	if cells := len(from) * len(to); cells > maxMatrixCells {
		b.fail(badParam("to", fmt.Sprintf("from 与 to 相乘为 %d，上限 %d，请分几次问。", cells, maxMatrixCells),
			fmt.Sprintf("from times to is %d, more than %d: ask in several parts", cells, maxMatrixCells)))
	}
	mode := b.mode("by", geo.Foot)
	depart := r.now
	if raw, ok := b.members["depart"]; ok && string(raw) != `"now"` {
		depart = b.when("depart")
	}
	if err := b.err(); err != nil {
		return err
	}
	leave, err := r.search(runtime.GOMAXPROCS(0))
	if err != nil {
		return err
	}
	defer leave()
	costs, err := r.costs(from, to, mode, depart)
	if err != nil {
		return err
	}
	w := s.draft(d)
	defer s.done(w)
	w.raw(`{`)
	w.text("by", mode.String())
	w.instant("depart", depart)
	w.cells("durations_s", costs, func(c route.Cost) float64 { return c.Duration })
	w.cells("distances_m", costs, func(c route.Cost) float64 { return c.Distance })
	w.raw(`}`)
	return r.send(answer{kind: typeJSON, cache: cacheNever, draft: w})
}

// cells writes one number of each cell, null where there is no way.
func (w *jsonWriter) cells(name string, costs [][]route.Cost, number func(route.Cost) float64) {
	w.key(name)
	w.raw(`[`)
	for i, row := range costs {
		if i > 0 {
			w.raw(`,`)
		}
		w.raw(`[`)
		for j, c := range row {
			if j > 0 {
				w.raw(`,`)
			}
			if c.OK {
				w.decimal(number(c), 1)
			} else {
				w.raw(`null`)
			}
		}
		w.raw(`]`)
	}
	w.raw(`]`)
}

// search waits for the turn of a question that takes many searches. As many as Go
// runs threads are answered at a time, so that those under way end in time and
// memory does not fill; as many as waiting may wait, the rest are told to come
// again. The time of the answer begins with its turn.
func (r *call) search(waiting int) (leave func(), err error) {
	if !r.s.searchers.enter(r.ctx, waiting) {
		return nil, &fault{kind: probUnavailable, detail: geo.Text{
			Zh: "同时计算的请求太多，请稍后再试。", En: "Too many such questions are being answered; try again shortly."}}
	}
	ctx := within(r.s.base, r.s.cfg.Timeout)
	r.ctx = ctx
	return func() { ctx.end(); r.s.searchers.leave() }, nil
}

// shared is from how many cells on the rows of a matrix are shared among the
// processors that have nothing else to search.
const shared = 1000

// costs works out a matrix. The caller is in the lane of searchers.
func (r *call) costs(from, to []orb.Point, mode geo.Mode, depart time.Time) ([][]route.Cost, error) {
	m := r.atlas.Router.Matrix(from, to, mode, depart)
	group, ctx := errgroup.WithContext(r.ctx)
	idle := func() bool { return r.s.searchers.waiting.count() == 0 }
	for n := 1; n < len(from) && len(from)*len(to) >= shared && r.s.searchers.try(); n++ {
		group.Go(func() (err error) {
			defer r.s.searchers.leave()
			// In a goroutine of its own a panic would take the process down.
			defer func() {
				if p := recover(); p != nil {
					err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
				}
			}()
			return m.Work(ctx, idle)
		})
	}
	failed := m.Work(ctx, nil)
	// Where a helper failed, this goroutine was only told to stop.
	if err := group.Wait(); err != nil {
		failed = err
	}
	return m.Costs(), failed
}
