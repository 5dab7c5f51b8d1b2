package tiles

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func size(b []byte) int { return len(b) }

func TestCacheMakesOnce(t *testing.T) {
	c := NewCache(1<<20, size)
	var made atomic.Int32
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			v, err := c.Get(t.Context(), Key{Version: "1", Layer: "base"}, func() ([]byte, error) {
				made.Add(1)
				time.Sleep(20 * time.Millisecond)
				return []byte("tile"), nil
			})
			if err != nil || string(v) != "tile" {
				t.Errorf("%q, %v", v, err)
			}
		})
	}
	group.Wait()
	if st := c.Stats(); made.Load() != 1 || st.Hits != 19 || st.Misses != 1 || st.Entries != 1 {
		t.Errorf("made %d times, %+v", made.Load(), st)
	}
}

func TestCacheKeys(t *testing.T) {
	c := NewCache(1<<20, size)
	keys := []Key{
		{"1", "base", Tile{}}, {"2", "base", Tile{}}, {"1", "places", Tile{}},
		{"1", "base", Tile{1, 0, 0}}, {"1", "base", Tile{1, 1, 0}}, {"1", "base", Tile{1, 0, 1}},
	}
	for range 2 {
		for _, k := range keys {
			want := fmt.Sprint(k)
			v, err := c.Get(t.Context(), k, func() ([]byte, error) { return []byte(want), nil })
			if err != nil || string(v) != want {
				t.Errorf("%v: %q, %v", k, v, err)
			}
		}
	}
	if st := c.Stats(); st.Misses != uint64(len(keys)) || st.Hits != uint64(len(keys)) {
		t.Errorf("%+v", st)
	}
}

func TestCacheIsBounded(t *testing.T) {
	const limit = 1 << 20
	c := NewCache(limit, size)
	for i := range uint32(2000) {
		_, _ = c.Get(t.Context(), Key{Tile: Tile{20, i, 0}}, func() ([]byte, error) { return make([]byte, 4000), nil })
	}
	st := c.Stats()
	if st.Bytes > limit || st.Bytes < limit/2 || st.Evictions == 0 || st.Entries != 2000-int(st.Evictions) {
		t.Errorf("%+v", st)
	}
	if _, err := c.Get(t.Context(), Key{Layer: "huge"}, func() ([]byte, error) { return make([]byte, limit), nil }); err != nil {
		t.Error(err)
	}
	if after := c.Stats(); after.Entries != st.Entries {
		t.Errorf("a value larger than a shard is kept: %+v", after)
	}
}

// TestCacheKeepsTheUsed asks for one tile again and again between many others.
func TestCacheKeepsTheUsed(t *testing.T) {
	c := NewCache(1<<20, size)
	made := 0
	for i := range uint32(5000) {
		_, _ = c.Get(t.Context(), Key{Layer: "hot"}, func() ([]byte, error) { made++; return make([]byte, 2000), nil })
		_, _ = c.Get(t.Context(), Key{Tile: Tile{20, i, 0}}, func() ([]byte, error) { return make([]byte, 2000), nil })
	}
	if made != 1 {
		t.Errorf("the tile in use was made %d times", made)
	}
}

func TestCacheErrors(t *testing.T) {
	c := NewCache(1<<20, size)
	boom := errors.New("boom")
	for range 2 {
		if _, err := c.Get(t.Context(), Key{}, func() ([]byte, error) { return nil, boom }); !errors.Is(err, boom) {
			t.Errorf("error %v", err)
		}
	}
	func() {
		defer func() { _ = recover() }()
		_, _ = c.Get(t.Context(), Key{}, func() ([]byte, error) { panic("boom") })
	}()
	if v, err := c.Get(t.Context(), Key{}, func() ([]byte, error) { return []byte("x"), nil }); err != nil || string(v) != "x" {
		t.Errorf("after errors: %q, %v", v, err)
	}
}

func TestCacheWaitEnds(t *testing.T) {
	c := NewCache(1<<20, size)
	started, finish := make(chan struct{}), make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		_, _ = c.Get(context.Background(), Key{}, func() ([]byte, error) {
			close(started)
			<-finish
			return []byte("late"), nil
		})
	})
	<-started
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := c.Get(ctx, Key{}, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	close(finish)
	group.Wait()
}

func BenchmarkCacheHit(b *testing.B) {
	c := NewCache(1<<20, size)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			_, _ = c.Get(context.Background(), Key{Version: "0123456789abcdef", Layer: "base", Tile: Tile{14, 3, 4}}, func() ([]byte, error) {
				return make([]byte, 100), nil
			})
		}
	})
}
