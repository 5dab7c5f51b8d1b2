package api

import (
	"fmt"
	"runtime"

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
	leave, err := r.search()
	if err != nil {
		return err
	}
	defer leave()
	costs, err := r.atlas.Router.Matrix(r.ctx, from, to, mode, depart)
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
	return r.send(answer{kind: typeJSON, cache: cacheNever, body: w.b, lent: true})
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

// search lets a bounded number of questions through that take many searches,
// so that they do not fill the memory; others are answered meanwhile.
func (r *call) search() (leave func(), err error) {
	if !r.s.searchers.enter(8 * runtime.GOMAXPROCS(0)) {
		return nil, &fault{kind: probUnavailable, detail: geo.Text{
			Zh: "同时计算的请求太多，请稍后再试。", En: "Too many such questions are being answered; try again shortly."}}
	}
	return r.s.searchers.leave, nil
}
