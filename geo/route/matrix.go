package route

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// Matrix is the question for the costs from each of some points to each of
// others. Work answers it, from as many goroutines as the caller likes.
type Matrix struct {
	r      *Router
	from   []orb.Point
	set    *PinSet
	depart time.Time
	// rows are those that are done, next is the first that nobody works on.
	rows [][]Cost
	next atomic.Int64
}

// Matrix prepares a matrix in a mode, for a departure.
func (r *Router) Matrix(from, to []orb.Point, mode geo.Mode, depart time.Time) *Matrix {
	return &Matrix{r: r, from: from, set: r.PinAll(to, mode), depart: depart, rows: make([][]Cost, len(from))}
}

// Work works out rows until none is left, or until more, where not nil, says
// that there is something else to do. An error ends the work of all.
func (m *Matrix) Work(ctx context.Context, more func() bool) error {
	for more == nil || more() {
		i := int(m.next.Add(1)) - 1
		if i >= len(m.from) {
			return nil
		}
		row, err := m.r.DurationsToSet(ctx, m.from[i], m.depart, m.set, 0)
		if geo.CodeOf(err) == geo.NotFound { // far from any way
			row, err = make([]Cost, m.set.Len()), nil
		}
		if err != nil {
			m.next.Store(int64(len(m.from)))
			return err
		}
		m.rows[i] = row
	}
	return nil
}

// Costs returns a row for each start, once all Work is done; a start or a
// target that is far from any way has no OK cost.
func (m *Matrix) Costs() [][]Cost { return m.rows }
