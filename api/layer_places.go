package api

import (
	"context"
	"net"
	"runtime"

	"yizhan/geo"
	"yizhan/geo/index"
)

const (
	// streamBatch is how many places are written at once of an answer that is
	// handed on chunk by chunk: about a bulkChunk.
	streamBatch = 256
	// lendFrom is from how many places on their features are lent instead of
	// copied: those of an answer that is counted.
	lendFrom = 200
)

// places writes those of a kind.
func (l *layerWriter) places(ctx context.Context, kind geo.Kind) error {
	b := placeBatch{l: l, ctx: ctx, runs: l.loan.runs[:0]}
	defer func() { l.loan.runs = b.runs }()
	if l.box != nil {
		take := b.take
		if !l.box.exact() {
			take = b.sift
		}
		l.atlas.Places.WithinRuns(l.box.around(), []geo.Kind{kind}, take)
		return b.end()
	}
	for s := range l.atlas.Places.All(kind) {
		if !b.take(index.Run{From: s, Until: s + 1}) {
			break
		}
	}
	return b.end()
}

// placeBatch writes places of a layer, many at once.
type placeBatch struct {
	l    *layerWriter
	ctx  context.Context
	runs []index.Run // that wait for being written
	n    int         // places in them
	err  error
}

// take takes places that are in the layer, and says whether to go on.
func (b *placeBatch) take(r index.Run) bool {
	l := b.l
	for r.Len() > 0 {
		room := streamBatch - b.n
		if l.out == nil {
			room = bulkFeatures - l.n
		}
		if l.limit > 0 {
			if l.n == l.limit {
				return false
			}
			room = min(room, l.limit-l.n)
		}
		if room == 0 {
			b.err = errMany
			return false
		}
		part := index.Run{From: r.From, Until: min(r.Until, r.From+index.Slot(room))}
		r.From = part.Until
		l.n += part.Len()
		b.n += part.Len()
		if last := len(b.runs) - 1; last >= 0 && b.runs[last].Until == part.From {
			b.runs[last].Until = part.Until
		} else {
			b.runs = append(b.runs, part)
		}
		if l.out != nil && b.n == streamBatch {
			if b.write(); b.err != nil {
				return false
			}
		}
	}
	return true
}

// sift takes those that are in the layer's box.
func (b *placeBatch) sift(r index.Run) bool {
	for s := r.From; s < r.Until; s++ {
		if b.l.box.has(b.l.atlas.Places.Point(s)) && !b.take(index.Run{From: s, Until: s + 1}) {
			return false
		}
	}
	return true
}

func (b *placeBatch) write() {
	l := b.l
	if b.err = b.ctx.Err(); b.err == nil {
		b.err = l.flush(bulkChunk)
	}
	if b.err != nil {
		return
	}
	if l.n > b.n {
		l.raw(",")
	}
	if l.lend && l.out == nil && b.n >= lendFrom {
		l.lent(b.runs)
	} else {
		l.b = l.atlas.AppendFeatures(l.b, b.runs, l.datum)
	}
	b.runs, b.n = b.runs[:0], 0
}

// end writes what is left.
func (b *placeBatch) end() error {
	if b.err == nil && b.n > 0 {
		b.write()
	}
	return b.err
}

// lent adds the features of runs to the pieces.
func (l *layerWriter) lent(runs []index.Run) {
	for _, r := range runs {
		for r.Len() > 0 {
			text, n := l.atlas.ReadyFeatures(r, l.datum)
			part := index.Run{From: r.From, Until: r.From + index.Slot(n)}
			if r.From = part.Until; text != nil {
				l.piece(text)
			} else {
				l.b = append(l.atlas.AppendFeatures(l.b, []index.Run{part}, l.datum), ',')
			}
		}
	}
	// The last comma is one too many.
	if len(l.b) > l.cut {
		l.b = l.b[:len(l.b)-1]
	} else {
		last := &l.loan.pieces[len(l.loan.pieces)-1]
		*last = (*last)[:len(*last)-1]
	}
	runtime.KeepAlive(l.atlas)
}

// piece adds what was written since the last one to the pieces, then another.
func (l *layerWriter) piece(text []byte) {
	if l.cut < len(l.b) {
		l.loan.pieces = append(l.loan.pieces, l.b[l.cut:len(l.b):len(l.b)])
		l.cut = len(l.b)
	}
	if text != nil {
		l.loan.pieces = append(l.loan.pieces, text)
	}
}

// loan is a body in pieces, most of which the Atlas lends. Its room is kept for
// other answers.
type loan struct {
	runs   []index.Run
	pieces [][]byte
	turn   net.Buffers
}

func (s *Server) borrow() *loan {
	l, ok := s.loans.Get().(*loan)
	if !ok {
		l = new(loan)
	}
	return l
}

// giveBack takes a loan whose pieces were sent, or are not needed.
func (s *Server) giveBack(l *loan) {
	clear(l.pieces)
	l.pieces = l.pieces[:0]
	s.loans.Put(l)
}
