package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// What is asked while a million places are read anew.
const (
	// rebuildClients ask at half the rate that they can ask at the most.
	rebuildClients = 2
	rebuildPeak    = 2 * time.Second
	rebuildIdle    = 3 * time.Second
	rebuildRounds  = 2
	// noticed is how long it takes at the most until a server begins to read a
	// file that was replaced, and tidied how long after the swap it may still
	// tidy up: times of the first do not count, of the second do.
	noticed = 500 * time.Millisecond
	tidied  = 500 * time.Millisecond
	// backlog is how late a question may be.
	backlog = 100 * time.Millisecond
	// rebuildMost bounds one rebuild.
	rebuildMost = time.Minute
)

// The parts of a round.
const (
	unasked int32 = iota
	resting
	reading
)

// calm measures how much slower the nearest places are found while a server
// reads all its places anew: it asks for them at a steady rate. In between,
// places.gpkg is replaced by a copy of what it was before a place was added.
type calm struct {
	server *child
	dir    string
	part   atomic.Int32
	ended  atomic.Bool
	mu     sync.Mutex
	// took are the times from question to answer, waited from when the question
	// was due.
	took, waited [3]histogram
	slow         [3]time.Duration
	errs         []error
	spent        time.Duration // by the rebuilds
}

// rebuilt returns the figures of a folder, which stays as it is.
func rebuilt(ctx context.Context, w *workshop, from string) (map[string]float64, error) {
	dir, err := os.MkdirTemp(w.dir, "rebuild")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	m := &calm{dir: filepath.Join(dir, "data")}
	if err := os.CopyFS(m.dir, os.DirFS(from)); err != nil {
		return nil, err
	}
	if m.server, err = start(ctx, []string{"YIZHAN_TOKEN=" + soakToken}, w.bin, "serve", "--listen", "127.0.0.1:0", "--data", m.dir); err != nil {
		return nil, err
	}
	defer m.server.stop()
	town, err := look(m.server.addr)
	if err != nil {
		return nil, err
	}
	requests := town.nearest(questions["nearest"])
	top, err := newLoad(m.server, rebuildClients, 200, requests)
	if err != nil {
		return nil, err
	}
	defer top.close()
	peak, err := top.turn(ctx, rebuildPeak)
	if err != nil {
		return nil, err
	}
	rate := float64(len(peak.took)) / peak.spent.Seconds() / 2
	var asking sync.WaitGroup
	for i := range rebuildClients {
		asking.Go(func() { m.fail(m.ask(ctx, requests, i, rate/rebuildClients)) })
	}
	for range rebuildRounds {
		if err := m.round(ctx); err != nil {
			m.fail(err)
			break
		}
	}
	m.ended.Store(true)
	asking.Wait()
	at := func(part int32, q float64) float64 { return m.took[part].quantile(q).Seconds() }
	due := func(part int32, q float64) float64 { return m.waited[part].quantile(q).Seconds() }
	return map[string]float64{
		"asked": rate, "rebuild": m.spent.Seconds() / rebuildRounds, "rss": m.server.resident(),
		"idle p50": at(resting, 0.5), "idle p99": at(resting, 0.99), "idle most": m.slow[resting].Seconds(),
		"p50": at(reading, 0.5), "p99": at(reading, 0.99), "p99.9": at(reading, 0.999), "most": m.slow[reading].Seconds(),
		"idle due p99": due(resting, 0.99), "due p99": due(reading, 0.99),
	}, errors.Join(m.errs...)
}

func (m *calm) fail(err error) {
	if err != nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.errs = append(m.errs, err)
	}
}

// ask asks at a rate until all rounds are over. Questions that are late because
// the one before took long follow at once, but for those that are so late that
// the machine must be busy with something else.
func (m *calm) ask(ctx context.Context, requests [][]byte, i int, rate float64) error {
	c, err := dial(m.server.addr)
	if err != nil {
		return err
	}
	defer c.conn.Close()
	var took, waited [3]histogram
	var slow [3]time.Duration
	defer func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		for p := range took {
			m.took[p].merge(&took[p])
			m.waited[p].merge(&waited[p])
			m.slow[p] = max(m.slow[p], slow[p])
		}
	}()
	interval := time.Duration(float64(time.Second) / rate)
	due := time.Now().Add(interval * time.Duration(i) / rebuildClients)
	for n := i; !m.ended.Load() && ctx.Err() == nil; n += rebuildClients {
		time.Sleep(time.Until(due))
		asked := time.Now()
		c.conn.SetDeadline(time.Now().Add(askTime)) //nolint:errcheck // then the next read fails
		r, err := c.ask(requests[n%len(requests)], nil)
		if err == nil && r.status != 200 {
			err = fmt.Errorf("status %d", r.status)
		}
		if err != nil {
			return err
		}
		now, part := time.Now(), m.part.Load()
		took[part].add(now.Sub(asked))
		waited[part].add(now.Sub(due))
		slow[part] = max(slow[part], now.Sub(asked))
		if due = due.Add(interval); now.Sub(due) > backlog {
			due = now
		}
	}
	return ctx.Err()
}

// round asks for a while, and then has all places read anew.
func (m *calm) round(ctx context.Context) error {
	defer m.part.Store(unasked)
	places := filepath.Join(m.dir, "places.gpkg")
	before := places + ".before"
	if err := copyFile(before, places); err != nil {
		return err
	}
	c, err := dial(m.server.addr)
	if err != nil {
		return err
	}
	defer c.conn.Close()
	about, err := c.about()
	if err != nil {
		return err
	}
	const added = "/api/places/bench:1"
	body := fmt.Sprintf(`{"type":"Feature","geometry":{"type":"Point","coordinates":[%.6f,%.6f]},"properties":{"kind":"station","name":"临时"}}`, about.Center[0], about.Center[1])
	put := fmt.Appendf(nil, "PUT %s HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s", added, soakToken, len(body), body)
	if r, err := c.ask(put, nil); err != nil || r.status >= 300 {
		return fmt.Errorf("a place cannot be added: status %d: %w", r.status, err)
	}
	rest(ctx, time.Second)
	m.part.Store(resting)
	rest(ctx, rebuildIdle)
	m.part.Store(unasked)
	if err := os.Rename(before, places); err != nil {
		return err
	}
	rest(ctx, noticed)
	began := time.Now()
	m.part.Store(reading)
	for {
		if r, err := c.ask(get(added), nil); err != nil || r.status == 404 {
			m.spent += time.Since(began)
			rest(ctx, tidied)
			return errors.Join(err, ctx.Err())
		}
		if rest(ctx, noticed/10); time.Since(began) > rebuildMost || ctx.Err() != nil {
			return errors.Join(errors.New("the places are not read anew"), ctx.Err())
		}
	}
}

// rest waits, at most until ctx ends.
func rest(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

func copyFile(to, from string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o644)
}

// rebuildFigures measures a rebuild of a million places, as figures of
// "serve 1M/rebuild", and says what it saw.
func rebuildFigures(ctx context.Context, w *workshop) (figures, error) {
	from, err := w.folder(ctx, soakPlaces)
	if err != nil {
		return figures{}, err
	}
	f, err := rebuilt(ctx, w, from)
	if f == nil {
		return figures{}, err
	}
	const ms = 1e3
	fmt.Fprintf(os.Stderr, "rebuild    %.0f questions/s   idle p50 %.3f p99 %.3f most %.1f ms   in %.1f s of rebuild p50 %.3f p99 %.3f p99.9 %.1f most %.1f ms = %.1f×   since due %.3f and %.3f = %.1f×   %.0f MB\n",
		f["asked"], f["idle p50"]*ms, f["idle p99"]*ms, f["idle most"]*ms, f["rebuild"], f["p50"]*ms, f["p99"]*ms, f["p99.9"]*ms, f["most"]*ms, f["p99"]/f["idle p99"],
		f["idle due p99"]*ms, f["due p99"]*ms, f["due p99"]/f["idle due p99"], f["rss"]/1e6)
	return figures{"serve 1M/rebuild": f}, err
}
