package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// What a soak does beside its questions.
const (
	soakPlaces = 1_000_000
	// soakToken lets the soak change places.
	soakToken = "the-token-of-a-soak-test"
	// editsEvery is how often a place is changed, soakEdited how many different
	// ones are.
	editsEvery = time.Second
	soakEdited = 100
	// importedRows is how many places the import in the middle adds; the others
	// it changes.
	importedRows = 5000
	importTries  = 20
	// peakTime is for how long the peak is measured.
	peakTime = 5 * time.Second
	// memoryEvery is how often the memory is looked at.
	memoryEvery = 2 * time.Second
	// growth is how much of the memory after the import there may be more at the
	// end: what the collector of garbage leaves differs by that much.
	growth = 1.05
)

// phase is a part of a soak.
type phase int32

const (
	idle phase = iota
	rebuilding
	settled
)

func (p phase) String() string {
	return [...]string{"before the import", "during import and rebuild", "afterwards"}[p]
}

// soaking is a soak under way.
type soaking struct {
	server *child
	bin    string
	dir    string
	mix    [][]byte
	phase  atomic.Int32
	mu     sync.Mutex
	errs   []error
	took   [3]histogram
	edits  histogram
	// refused are the changes that were not made because of the import.
	refused int
	memory  []sample
}

type sample struct {
	at    time.Duration
	bytes float64
	phase phase
}

// soak asks a server half of what it can answer for a while, changes a place
// each second and imports all places anew after a third of it. It fails where a question
// fails, or memory keeps growing.
func soak(ctx context.Context, out io.Writer, d time.Duration) (ok bool, err error) {
	w, err := openWorkshop(ctx)
	if err != nil {
		return false, err
	}
	from, err := w.folder(ctx, soakPlaces)
	if err != nil {
		return false, err
	}
	dir, err := os.MkdirTemp(w.dir, "soak")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	s := &soaking{bin: w.bin, dir: filepath.Join(dir, "data")}
	if err := os.CopyFS(s.dir, os.DirFS(from)); err != nil {
		return false, err
	}
	if s.server, err = start(ctx, []string{"YIZHAN_TOKEN=" + soakToken}, w.bin, "serve", "--listen", "127.0.0.1:0", "--data", s.dir); err != nil {
		return false, err
	}
	defer s.server.stop()
	if s.mix, err = mixture(s.server.addr); err != nil {
		return false, err
	}
	peak, err := s.peak(ctx)
	if err != nil {
		return false, err
	}
	fmt.Fprintf(out, "peak %.0f answers/s; asking %.0f/s for %s\n", peak, peak/2, d)
	s.run(ctx, peak/2, d)
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	return s.report(out), nil
}

// mixture are requests of every kind, each tried once.
func mixture(addr string) ([][]byte, error) {
	v, err := look(addr)
	if err != nil {
		return nil, err
	}
	c, err := dial(addr)
	if err != nil {
		return nil, err
	}
	defer c.conn.Close()
	at := func() string { lon, lat := v.spot(); return fmt.Sprintf("%.6f,%.6f", lon, lat) }
	box := func() string {
		lon, lat := v.spot()
		return fmt.Sprintf("%.6f,%.6f,%.6f,%.6f", lon-0.005, lat-0.005, lon+0.005, lat+0.005)
	}
	about, err := c.about()
	if err != nil {
		return nil, err
	}
	near := func() string {
		return fmt.Sprintf("%.6f,%.6f", about.Center[0]+0.006*(2*v.rng.Float64()-1), about.Center[1]+0.006*(2*v.rng.Float64()-1))
	}
	makers := []func() string{
		func() string { return "/api/nearest?limit=10&at=" + at() },
		func() string { return "/api/nearest?limit=10&facility=fridge&at=" + at() },
		func() string { return "/api/nearest?open=now&kind=station&kind=charger&at=" + at() },
		func() string {
			return "/api/nearest?q=" + url.QueryEscape(fmt.Sprint("驿站", v.rng.IntN(1000))) + "&at=" + at()
		},
		func() string { return "/layers/charger.geojson?limit=500&bbox=" + box() },
		func() string {
			z := 8 + v.rng.IntN(9)
			lon, lat := v.spot()
			x, y := tileAt(lon, lat, z)
			return fmt.Sprintf("/tiles/places/%d/%d/%d.mvt", z, x, y)
		},
		func() string {
			return "/api/search?q=" + url.QueryEscape(fmt.Sprint("示例驿站", v.rng.IntN(1_000_000)))
		},
		func() string { return "/api/route?by=ebike&from=" + near() + "&to=" + near() },
		func() string { return "" }, // one of the others again, with its ETag
	}
	const each = 300
	var all [][]byte
	last, tag := "", ""
	for i := range each * len(makers) {
		target, header := makers[i%len(makers)](), []string(nil)
		if target == "" {
			target, header = last, []string{"If-None-Match: " + tag}
		}
		r, err := c.ask(get(target, header...), nil)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", target, err)
		}
		if r.status >= 300 && r.status != 304 {
			continue // no way leads there
		}
		all = append(all, get(target, header...))
		if value, ok := r.header("\r\nEtag: "); ok {
			last, tag = target, string(value)
		}
	}
	if len(all) < each*len(makers)*3/4 {
		return nil, fmt.Errorf("only %d of %d questions have an answer", len(all), each*len(makers))
	}
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all, nil
}

// ask asks a question of the mixture. What a change made differs may be
// answered anew.
func (s *soaking) ask(c *client, request []byte) error {
	c.conn.SetDeadline(time.Now().Add(askTime)) //nolint:errcheck // then the next read fails
	r, err := c.ask(request, nil)
	if err == nil && (r.status >= 300 && r.status != 304 || r.status < 200) {
		err = fmt.Errorf("status %d", r.status)
	}
	if err != nil {
		line, _, _ := bytes.Cut(request, []byte("\r\n"))
		return fmt.Errorf("%s: %w", line, err)
	}
	return nil
}

func (s *soaking) fail(err error) {
	if err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.errs = append(s.errs, err)
	}
}

// each runs something on so many connections at once.
func (s *soaking) each(do func(i int, c *client) error) {
	var wg sync.WaitGroup
	for i := range connections {
		wg.Go(func() {
			c, err := dial(s.server.addr)
			if err == nil {
				err = do(i, c)
				c.conn.Close()
			}
			s.fail(err)
		})
	}
	wg.Wait()
}

// peak is how many questions a second are answered at the most.
func (s *soaking) peak(ctx context.Context) (float64, error) {
	var answered atomic.Int64
	began := time.Now()
	s.each(func(i int, c *client) error {
		for n := i; time.Since(began) < peakTime && ctx.Err() == nil; n += connections {
			if err := s.ask(c, s.mix[n%len(s.mix)]); err != nil {
				return err
			}
			answered.Add(1)
		}
		return nil
	})
	return float64(answered.Load()) / time.Since(began).Seconds(), errors.Join(append(s.errs, ctx.Err())...)
}

// run asks at a rate for a while.
func (s *soaking) run(ctx context.Context, rate float64, d time.Duration) {
	began := time.Now()
	var beside sync.WaitGroup
	beside.Go(func() { s.edit(ctx, began, d) })
	beside.Go(func() { s.watch(ctx, began, d) })
	beside.Go(func() {
		select {
		case <-time.After(d / 3):
			s.fail(s.enter(ctx))
		case <-ctx.Done():
		}
	})
	interval := time.Duration(float64(connections) / rate * float64(time.Second))
	s.each(func(i int, c *client) error {
		var took [3]histogram
		defer func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			for p := range took {
				s.took[p].merge(&took[p])
			}
		}()
		// A question that comes late because the one before took long has waited
		// since it was due.
		due := began.Add(interval * time.Duration(i) / connections)
		for n := i; due.Sub(began) < d && ctx.Err() == nil; n += connections {
			time.Sleep(time.Until(due))
			if err := s.ask(c, s.mix[n%len(s.mix)]); err != nil {
				return err
			}
			took[s.phase.Load()].add(time.Since(due))
			due = due.Add(interval)
		}
		return nil
	})
	beside.Wait()
}

// edit changes a place each second, over a connection of its own.
func (s *soaking) edit(ctx context.Context, began time.Time, d time.Duration) {
	c, err := dial(s.server.addr)
	if err != nil {
		s.fail(err)
		return
	}
	defer c.conn.Close()
	about, err := c.about()
	if err != nil {
		s.fail(err)
		return
	}
	for n := 0; time.Since(began) < d && ctx.Err() == nil; n++ {
		body := fmt.Sprintf(`{"type":"Feature","geometry":{"type":"Point","coordinates":[%.6f,%.6f]},"properties":{"kind":"station","name":"改动%d"}}`,
			about.Center[0]+float64(n%7)*1e-4, about.Center[1]+float64(n%11)*1e-4, n)
		importing := phase(s.phase.Load()) == rebuilding
		request := fmt.Appendf(nil, "PUT /api/places/soak:%d HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s",
			n%soakEdited, soakToken, len(body), body)
		asked := time.Now()
		r, err := changePlace(c, request)
		switch {
		case err != nil:
			s.fail(err)
			return
		case r.status == 503 && (importing || phase(s.phase.Load()) == rebuilding):
			s.refused++ // while an import writes, and says so
		case r.status >= 300:
			s.fail(fmt.Errorf("a change of a place: status %d", r.status))
		default:
			s.edits.add(time.Since(asked))
		}
		time.Sleep(time.Until(asked.Add(editsEvery)))
	}
}

// changePlace asks for a change, and waits longer than the server lets it wait
// for an import.
func changePlace(c *client, request []byte) (reply, error) {
	c.conn.SetDeadline(time.Now().Add(7 * askTime)) //nolint:errcheck // then the next read fails
	return c.ask(request, nil)
}

// watch notes how much memory the server has.
func (s *soaking) watch(ctx context.Context, began time.Time, d time.Duration) {
	for time.Since(began) < d && ctx.Err() == nil {
		s.memory = append(s.memory, sample{time.Since(began), s.server.resident(), phase(s.phase.Load())})
		time.Sleep(memoryEvery)
	}
}

// enter imports the invented places anew with some more, which moves all of
// them, and waits until there are as many.
func (s *soaking) enter(ctx context.Context) error {
	s.phase.Store(int32(rebuilding))
	defer s.phase.Store(int32(settled))
	// A change of a place may be at work in the folder: then the import says so,
	// and is tried again.
	for tries := 0; ; tries++ {
		out, err := exec.CommandContext(ctx, s.bin, "synth", "--places", fmt.Sprint(soakPlaces+importedRows), "--out", s.dir).CombinedOutput()
		if err == nil {
			break
		}
		if tries == importTries || ctx.Err() != nil {
			return fmt.Errorf("import: %w\n%s", err, out)
		}
		time.Sleep(editsEvery / 5)
	}
	// Not before: a connection that is not used is closed.
	c, err := dial(s.server.addr)
	if err != nil {
		return err
	}
	defer c.conn.Close()
	for range 600 {
		about, err := c.about()
		if err != nil {
			return err
		}
		places := 0
		for _, kind := range about.Kinds {
			places += kind.Count
		}
		if places > soakPlaces+importedRows/2 { // changes add a few as well
			return nil
		}
		rest(ctx, 100*time.Millisecond)
	}
	return errors.New("what was imported is not found within a minute")
}

// report prints what was seen, and says whether all is well.
func (s *soaking) report(out io.Writer) bool {
	for p := range s.took {
		h := &s.took[p]
		fmt.Fprintf(out, "%-26s %9d answers   p50 %6.2f ms   p99 %6.2f ms   p99.9 %6.2f ms\n", phase(p), h.n,
			h.quantile(0.5).Seconds()*1e3, h.quantile(0.99).Seconds()*1e3, h.quantile(0.999).Seconds()*1e3)
	}
	fmt.Fprintf(out, "%-26s %9d           p50 %6.2f ms   p99 %6.2f ms   %d refused during the import\n", "changes of a place", s.edits.n,
		s.edits.quantile(0.5).Seconds()*1e3, s.edits.quantile(0.99).Seconds()*1e3, s.refused)
	for i := 0; i < len(s.memory); i += max(len(s.memory)/20, 1) {
		fmt.Fprintf(out, "%6.0f s %8.0f MB  %s\n", s.memory[i].at.Seconds(), s.memory[i].bytes/1e6, s.memory[i].phase)
	}
	for _, err := range s.errs[:min(len(s.errs), 10)] {
		fmt.Fprintln(out, "error:", err)
	}
	fmt.Fprintf(out, "%d errors\n", len(s.errs))
	before, after, known := s.grown()
	switch {
	case !known:
		fmt.Fprintln(out, "too short to tell whether memory grows")
	case after > growth*before:
		fmt.Fprintf(out, "memory GROWS: %.0f MB after the import, %.0f MB at the end\n", before/1e6, after/1e6)
	default:
		fmt.Fprintf(out, "memory is steady: %.0f MB after the import, %.0f MB at the end\n", before/1e6, after/1e6)
	}
	return len(s.errs) == 0 && !(known && after > growth*before)
}

// grown returns the most memory in the second third of the time after the
// import, and in the last: in the first the garbage of the import is let go.
func (s *soaking) grown() (before, after float64, known bool) {
	var late []float64
	for _, m := range s.memory {
		if m.phase == settled && m.bytes > 0 {
			late = append(late, m.bytes)
		}
	}
	third := len(late) / 3
	if third < 5 {
		return 0, 0, false
	}
	return slices.Max(late[third : 2*third]), slices.Max(late[2*third:]), true
}
