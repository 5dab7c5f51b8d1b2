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
			v, err := c.Get(t.Context(), Key{Layer: "base"}, nil, func() ([]byte, error) {
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
		{"base", Tile{}}, {"places", Tile{}}, {"base", Tile{1, 0, 0}}, {"base", Tile{1, 1, 0}}, {"base", Tile{1, 0, 1}},
	}
	for range 2 {
		for _, k := range keys {
			want := fmt.Sprint(k)
			v, err := c.Get(t.Context(), k, nil, func() ([]byte, error) { return []byte(want), nil })
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
		_, _ = c.Get(t.Context(), Key{Tile: Tile{20, i, 0}}, nil, func() ([]byte, error) { return make([]byte, 4000), nil })
	}
	st := c.Stats()
	if st.Bytes > limit || st.Bytes < limit/2 || st.Evictions == 0 || st.Entries != 2000-int(st.Evictions) {
		t.Errorf("%+v", st)
	}
	if _, err := c.Get(t.Context(), Key{Layer: "huge"}, nil, func() ([]byte, error) { return make([]byte, limit), nil }); err != nil {
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
		_, _ = c.Get(t.Context(), Key{Layer: "hot"}, nil, func() ([]byte, error) { made++; return make([]byte, 2000), nil })
		_, _ = c.Get(t.Context(), Key{Tile: Tile{20, i, 0}}, nil, func() ([]byte, error) { return make([]byte, 2000), nil })
	}
	if made != 1 {
		t.Errorf("the tile in use was made %d times", made)
	}
}

// TestCacheFresh asks for a value while data get older and younger: what is
// kept is used as long as it is fresh, and made again once where it is not.
func TestCacheFresh(t *testing.T) {
	c := NewCache(1<<20, func(int) int { return 1000 })
	data, made := 0, 0
	get := func() int {
		v, err := c.Get(t.Context(), Key{}, func(v int) bool { return v >= data }, func() (int, error) { made++; return data, nil })
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, step := range []struct{ data, want, made int }{{0, 0, 1}, {0, 0, 1}, {2, 2, 2}, {2, 2, 2}, {1, 2, 2}, {3, 3, 3}} {
		data = step.data
		if v := get(); v != step.want || made != step.made {
			t.Errorf("data %d: %d, made %d times, want %d and %d", data, v, made, step.want, step.made)
		}
	}
	if st := c.Stats(); st.Entries != 1 || st.Bytes != keyCost+1000 || st.Misses != 3 || st.Hits != 3 || st.Evictions != 0 {
		t.Errorf("%+v", st)
	}
}

// TestCacheFreshTogether lets many ask for what has become stale.
func TestCacheFreshTogether(t *testing.T) {
	c := NewCache(1<<20, func(int64) int { return 1 })
	var data, made atomic.Int64
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 2000 {
				least := data.Load()
				v, err := c.Get(t.Context(), Key{}, func(v int64) bool { return v >= least }, func() (int64, error) {
					made.Add(1)
					return data.Load(), nil
				})
				if err != nil || v < least {
					t.Errorf("%d, %v, want %d at least", v, err, least)
					return
				}
				if least%100 == 0 || made.Load()%7 == 0 {
					data.Add(1)
				}
			}
		})
	}
	group.Wait()
	if st := c.Stats(); st.Entries != 1 || st.Bytes != keyCost+1 {
		t.Errorf("%+v", st)
	}
}

// TestCacheWeighs lets values grow after they were made.
func TestCacheWeighs(t *testing.T) {
	const limit = 1 << 20
	grown := map[uint32]int{}
	c := NewCache(limit, func(i uint32) int { return 1000 + grown[i] })
	key := func(i uint32) Key { return Key{Tile: Tile{20, i, 0}} }
	for i := range uint32(200) {
		_, _ = c.Get(t.Context(), key(i), nil, func() (uint32, error) { return i, nil })
		grown[i] = 20_000
		c.Weigh(key(i))
	}
	c.Weigh(Key{Layer: "none"})
	st := c.Stats()
	if want := int64(st.Entries) * (keyCost + 21_000); st.Bytes != want || st.Bytes > limit || st.Evictions == 0 || st.Entries+int(st.Evictions) != 200 {
		t.Errorf("%+v, want %d bytes", st, want)
	}
}

func TestCacheErrors(t *testing.T) {
	c := NewCache(1<<20, size)
	boom := errors.New("boom")
	for range 2 {
		if _, err := c.Get(t.Context(), Key{}, nil, func() ([]byte, error) { return nil, boom }); !errors.Is(err, boom) {
			t.Errorf("error %v", err)
		}
	}
	func() {
		defer func() { _ = recover() }()
		_, _ = c.Get(t.Context(), Key{}, nil, func() ([]byte, error) { panic("boom") })
	}()
	if v, err := c.Get(t.Context(), Key{}, nil, func() ([]byte, error) { return []byte("x"), nil }); err != nil || string(v) != "x" {
		t.Errorf("after errors: %q, %v", v, err)
	}
}

func TestCacheWaitEnds(t *testing.T) {
	c := NewCache(1<<20, size)
	started, finish := make(chan struct{}), make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		_, _ = c.Get(context.Background(), Key{}, nil, func() ([]byte, error) {
			close(started)
			<-finish
			return []byte("late"), nil
		})
	})
	<-started
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := c.Get(ctx, Key{}, nil, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	close(finish)
	group.Wait()
}

func BenchmarkCacheHit(b *testing.B) {
	c := NewCache(1<<20, size)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			_, _ = c.Get(context.Background(), Key{Layer: "base", Tile: Tile{14, 3, 4}}, nil, func() ([]byte, error) {
				return make([]byte, 100), nil
			})
		}
	})
}
