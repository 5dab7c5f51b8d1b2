package tiles

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// Key names an answer in a Cache: a tile of a layer.
type Key struct {
	// Layer tells apart what is made of the same tile: base, places, a set
	// of kinds.
	Layer string
	Tile  Tile
}

// cacheShards is a power of two, so that shards are picked by masking.
const cacheShards = 16

// keyCost is what an entry takes beside its value, in bytes.
const keyCost = 256

// Cache keeps values by Key up to a number of bytes and drops those that nobody
// has asked for in a long time. It is safe for concurrent use; a value that several ask for at
// once is made once.
type Cache[V any] struct {
	size   func(V) int
	shards [cacheShards]cacheShard[V]

	hits, misses, evictions atomic.Uint64
}

type cacheShard[V any] struct {
	mu      sync.Mutex
	limit   int64
	bytes   int64
	entries map[Key]*cacheEntry[V]
	// turns holds the finished entries, the one whose turn it is to go at the back.
	turns *list.List
}

type cacheEntry[V any] struct {
	key   Key
	ready chan struct{}
	value V
	err   error
	cost  int64
	place *list.Element
	// again says that the entry was asked for since its turn was put off.
	again bool
}

// CacheStats counts what a Cache did and holds.
type CacheStats struct {
	// Hits were answered from the cache or by waiting for another's making.
	Hits, Misses, Evictions uint64
	Entries                 int
	Bytes                   int64
}

var errMakeFailed = errors.New("tiles: making the value did not return")

// NewCache returns a Cache of at most maxBytes, which is shared out among its
// shards: a value larger than a sixteenth of it is made and handed out, and
// not kept. size returns what a value takes in bytes.
func NewCache[V any](maxBytes int64, size func(V) int) *Cache[V] {
	c := &Cache[V]{size: size}
	for i := range c.shards {
		c.shards[i] = cacheShard[V]{limit: maxBytes / cacheShards, entries: map[Key]*cacheEntry[V]{}, turns: list.New()}
	}
	return c
}

// shard is where a key is kept. Those of neighbours are in different ones.
func (c *Cache[V]) shard(key Key) *cacheShard[V] {
	return &c.shards[(key.Tile.X+5*key.Tile.Y+3*uint32(key.Tile.Z))%cacheShards]
}

// Get returns the value of key, made by build where none is kept, or where the
// kept one is not fresh any more; a nil fresh takes every value for fresh. An
// error of build goes to all who wait for it and is not kept. A caller whose
// context ends stops waiting for the making of another.
func (c *Cache[V]) Get(ctx context.Context, key Key, fresh func(V) bool, build func() (V, error)) (V, error) {
	s := c.shard(key)
	for {
		e, mine := s.enter(key)
		if mine {
			c.misses.Add(1)
			return c.make(s, e, build)
		}
		select {
		case <-e.ready:
		default:
			select {
			case <-e.ready:
			case <-ctx.Done():
				var none V
				return none, ctx.Err()
			}
		}
		if e.err != nil {
			c.hits.Add(1)
			return e.value, e.err
		}
		if fresh == nil || fresh(e.value) {
			c.hits.Add(1)
			return e.value, nil
		}
		s.drop(e)
	}
}

// enter returns the entry of a key, or a new one that is the caller's to make.
func (s *cacheShard[V]) enter(key Key) (e *cacheEntry[V], mine bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.entries[key]; ok {
		e.again = true
		return e, false
	}
	e = &cacheEntry[V]{key: key, ready: make(chan struct{}), err: errMakeFailed}
	s.entries[key] = e
	return e, true
}

// drop forgets an entry that is finished, if it is still kept.
func (s *cacheShard[V]) drop(e *cacheEntry[V]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.entries[e.key] != e {
		return
	}
	delete(s.entries, e.key)
	s.turns.Remove(e.place)
	s.bytes -= e.cost
}

func (c *Cache[V]) make(s *cacheShard[V], e *cacheEntry[V], build func() (V, error)) (V, error) {
	// Also where build panics, or the waiting would wait for ever.
	defer c.settle(s, e)
	e.value, e.err = build()
	return e.value, e.err
}

// Weigh measures the value of a key again, which has grown since it was made.
func (c *Cache[V]) Weigh(key Key) {
	s := c.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.entries[key]
	if !ok || e.place == nil {
		return
	}
	s.bytes -= e.cost
	e.cost = keyCost + int64(c.size(e.value))
	s.bytes += e.cost
	c.shrink(s)
}

// settle keeps a made value and makes room for it.
func (c *Cache[V]) settle(s *cacheShard[V], e *cacheEntry[V]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer close(e.ready)
	e.cost = keyCost
	if e.err == nil {
		e.cost += int64(c.size(e.value))
	}
	if e.err != nil || e.cost > s.limit {
		delete(s.entries, e.key)
		return
	}
	e.place = s.turns.PushFront(e)
	s.bytes += e.cost
	c.shrink(s)
}

// shrink drops entries until the rest is within bounds: in turn, but for those
// that were asked for meanwhile, whose turn comes again after all others
// (F. J. Corbató, A Paging Experiment with the Multics System, 1968). A hit so
// touches its entry alone.
func (c *Cache[V]) shrink(s *cacheShard[V]) {
	for s.bytes > s.limit {
		back := s.turns.Back()
		if old := back.Value.(*cacheEntry[V]); old.again {
			old.again = false
			s.turns.MoveToFront(back)
			continue
		}
		old := s.turns.Remove(back).(*cacheEntry[V])
		delete(s.entries, old.key)
		s.bytes -= old.cost
		c.evictions.Add(1)
	}
}

// Stats returns the counters.
func (c *Cache[V]) Stats() CacheStats {
	st := CacheStats{Hits: c.hits.Load(), Misses: c.misses.Load(), Evictions: c.evictions.Load()}
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		st.Entries += s.turns.Len()
		st.Bytes += s.bytes
		s.mu.Unlock()
	}
	return st
}
