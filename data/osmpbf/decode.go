package osmpbf

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync"

	"yizhan/geo"
)

// inFlight bounds the bytes, packed, unpacked and parsed, of blobs that are
// read and not yet handed over. One blob may always be in flight, however
// large.
const inFlight = 256 << 20

// parsedFactor is how many bytes a byte of a block may become when parsed:
// arrays for the nodes or references of a byte or two each.
const parsedFactor = 8

// Blocks of OSM shrink to a third or so: positions are noise to a compressor.
// What shrinks a hundred times as well is made to fill the memory, so beyond
// packFree bytes no more than packRatio times what was read is unpacked, and
// beyond entriesFree there are no more nodes, references and the like than
// bytes of the file.
const (
	packFree    = 32 << 20
	packRatio   = 50
	entriesFree = 4 << 20
)

// maxKept is the largest block whose memory is used again.
const maxKept = 4 << 20

// Decode reads a PBF file from r to its end and hands its elements to h, in
// file order and in the calling goroutine, while GOMAXPROCS others inflate
// and parse. It needs some tens of megabytes however long the file is.
//
// Errors about the file are *geo.Error, with a message that says where it is
// damaged or what it is instead, and what to do. Where ctx ends first, its
// error is returned. No goroutine is left when Decode returns; it waits for a
// Read of r that is under way.
func Decode(ctx context.Context, r io.Reader, h Handler) (Stats, error) {
	ctx, cancel := context.WithCancel(ctx)
	workers := runtime.GOMAXPROCS(0)
	p := &pipeline{
		want:  want{h.Node != nil, h.Way != nil, h.Relation != nil},
		work:  make(chan *task),
		order: make(chan *task, 2*workers),
		free:  make(chan *task, 3*workers),
		room:  newBudget(inFlight),
	}
	var wg sync.WaitGroup
	defer func() {
		cancel()
		p.room.close()
		wg.Wait()
	}()
	wg.Go(func() { p.read(ctx, r) })
	for range workers {
		wg.Go(func() { p.parse(ctx) })
	}
	return p.deliver(ctx, &h)
}

// task is one blob on its way through the pipeline.
type task struct {
	blob
	block
	err  error
	done chan struct{} // one value when the task is parsed
	cost int64
}

type pipeline struct {
	want  want
	work  chan *task // to the parsers
	order chan *task // the same tasks in file order, to the handler
	free  chan *task // used tasks whose memory is used again
	room  *budget
}

// read cuts the file into tasks until its end or the first error, which
// travels as the last task.
func (p *pipeline) read(ctx context.Context, r io.Reader) {
	defer close(p.order)
	defer close(p.work)
	fr := &frameReader{r: r}
	unpacked := int64(0)
	for ctx.Err() == nil {
		t := p.task()
		t.err = nil
		buf := t.buf
		t.blob, t.err = fr.read(buf)
		if t.buf == nil {
			t.buf = buf
		}
		if t.err == io.EOF {
			return
		}
		skip := t.err == nil && t.index > 0 && t.kind != "OSMData" && t.kind != "OSMHeader"
		if t.err == nil && !skip {
			t.err = t.open()
		}
		if unpacked += int64(t.size); t.err == nil && unpacked > packFree && unpacked > packRatio*fr.pos {
			t.err = t.bomb()
		}
		last := t.err != nil
		t.cost = int64(len(t.buf)) + parsedFactor*int64(t.size)
		if !p.room.take(t.cost) {
			return
		}
		select {
		case p.order <- t:
		case <-ctx.Done():
			return
		}
		if last || skip {
			t.done <- struct{}{}
			if last {
				return
			}
			continue
		}
		select {
		case p.work <- t:
		case <-ctx.Done():
			return
		}
	}
}

// task returns a used task or a new one.
func (p *pipeline) task() *task {
	select {
	case t := <-p.free:
		return t
	default:
		return &task{done: make(chan struct{}, 1)}
	}
}

// parse unpacks and parses data blocks.
func (p *pipeline) parse(ctx context.Context) {
	var in inflater
	defer in.close()
	for t := range p.work {
		if ctx.Err() == nil {
			t.unpack(&in, p.want)
		}
		t.done <- struct{}{}
	}
}

func (t *task) unpack(in *inflater, w want) {
	t.reset()
	if t.raw, t.err = in.inflate(&t.blob, t.raw); t.err != nil {
		return
	}
	if t.kind == "OSMData" {
		if err := t.block.parse(w); err != nil {
			t.err = t.damaged("its contents cannot be read", err)
		}
	}
}

// deliver hands over the tasks in file order.
func (p *pipeline) deliver(ctx context.Context, h *Handler) (s Stats, err error) {
	entries := int64(0)
	for {
		var t *task
		select {
		case t = <-p.order:
		case <-ctx.Done():
			return s, ctx.Err()
		}
		if t == nil {
			return s, ctx.Err()
		}
		select {
		case <-t.done:
		case <-ctx.Done():
			return s, ctx.Err()
		}
		if t.err != nil {
			return s, t.err
		}
		if t.kind == "OSMData" {
			if entries += t.entries(); entries > entriesFree && entries > t.end {
				return s, t.bomb()
			}
		}
		if err := t.handOver(h, &s); err != nil {
			return s, err
		}
		s.Blocks++
		s.Bytes = t.end
		if h.Progress != nil {
			h.Progress(t.end)
		}
		if t.size > maxKept {
			*t = task{done: t.done, cost: t.cost}
		}
		p.room.give(t.cost)
		select {
		case p.free <- t:
		default:
		}
	}
}

// handOver checks the order of blob types and calls the handler.
func (t *task) handOver(h *Handler, s *Stats) error {
	switch {
	case t.index == 0 && t.kind != "OSMHeader":
		return foreign(nil)
	case t.index > 0 && t.kind == "OSMHeader":
		return geo.NewError(geo.Invalid,
			"PBF 文件中间又出现一个文件头：像是几个文件直接拼接而成。请用 osmium merge 合并后再导入。",
			"the PBF file has a second header inside, as when files are simply joined: merge them with osmium merge and import the result")
	case t.kind == "OSMHeader":
		header, err := parseHeader(t.raw)
		if err != nil {
			var shown *geo.Error
			if errors.As(err, &shown) {
				return err
			}
			return t.damaged("its header block cannot be read", err)
		}
		if h.Header != nil {
			return h.Header(header)
		}
		return nil
	case t.kind == "OSMData":
		return t.block.deliver(h, s)
	default:
		return nil // a kind of blob that a reader must skip
	}
}

// deliver calls the handler for every element of the block.
func (b *block) deliver(h *Handler, s *Stats) error {
	var d delivery
	for _, r := range b.runs {
		var err error
		switch r.kind {
		case runNodes:
			s.Nodes += int64(r.to - r.from)
			err = d.nodes(b, r, h.Node)
		case runWays:
			s.Ways += int64(r.to - r.from)
			err = d.ways(b, r, h.Way)
		case runRelations:
			s.Relations += int64(r.to - r.from)
			err = d.relations(b, r, h.Relation)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// delivery holds the element that is handed over and the memory of its tags.
type delivery struct {
	node     Node
	way      Way
	relation Relation
	tags     Tags
}

// fill returns the tags with the given indexes.
func (d *delivery) fill(b *block, index []uint32) Tags {
	d.tags = d.tags[:0]
	for i := 0; i+1 < len(index); i += 2 {
		d.tags = append(d.tags, Tag{b.strings[index[i]], b.strings[index[i+1]]})
	}
	return d.tags
}

// start returns where element i begins, given where the elements end.
func start(end []int32, i int) int32 {
	if i == 0 {
		return 0
	}
	return end[i-1]
}

func (d *delivery) nodes(b *block, r run, fn func(*Node) error) error {
	from := start(b.nodeTagEnd, r.from)
	for i := r.from; i < r.to; i++ {
		to := b.nodeTagEnd[i]
		d.node = Node{ID: b.nodeID[i], Lon: b.nodeLon[i], Lat: b.nodeLat[i]}
		if from < to {
			d.node.Tags = d.fill(b, b.nodeTags[from:to])
		}
		from = to
		if err := fn(&d.node); err != nil {
			return err
		}
	}
	return nil
}

func (d *delivery) ways(b *block, r run, fn func(*Way) error) error {
	tag, ref := start(b.wayTagEnd, r.from), start(b.refEnd, r.from)
	for i := r.from; i < r.to; i++ {
		tagEnd, refEnd := b.wayTagEnd[i], b.refEnd[i]
		d.way = Way{ID: b.wayID[i], Tags: d.fill(b, b.wayTags[tag:tagEnd]), Nodes: b.refs[ref:refEnd:refEnd]}
		tag, ref = tagEnd, refEnd
		if err := fn(&d.way); err != nil {
			return err
		}
	}
	return nil
}

func (d *delivery) relations(b *block, r run, fn func(*Relation) error) error {
	tag, mem := start(b.relTagEnd, r.from), start(b.memberEnd, r.from)
	for i := r.from; i < r.to; i++ {
		tagEnd, memEnd := b.relTagEnd[i], b.memberEnd[i]
		d.relation = Relation{ID: b.relID[i], Tags: d.fill(b, b.relTags[tag:tagEnd]), Members: b.members[mem:memEnd:memEnd]}
		tag, mem = tagEnd, memEnd
		if err := fn(&d.relation); err != nil {
			return err
		}
	}
	return nil
}

// budget is a counting semaphore in bytes with one taker: take waits until
// the bytes fit, or until nothing else is out.
type budget struct {
	mu     sync.Mutex
	freed  sync.Cond
	limit  int64
	used   int64
	closed bool
}

func newBudget(limit int64) *budget {
	b := &budget{limit: limit}
	b.freed.L = &b.mu
	return b
}

// take waits for room for n bytes; it returns false when the budget is closed.
func (b *budget) take(n int64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.used > 0 && b.used+n > b.limit && !b.closed {
		b.freed.Wait()
	}
	b.used += n
	return !b.closed
}

func (b *budget) give(n int64) {
	b.mu.Lock()
	b.used -= n
	b.mu.Unlock()
	b.freed.Signal()
}

func (b *budget) close() {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	b.freed.Broadcast()
}
