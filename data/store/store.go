// Package store says what keeps the places at rest. Any store, embedded or a
// server's, behaves as written here and passes the suite in package storetest.
//
// A store knows nothing of answering questions: the server reads all places
// once and builds a snapshot of them (package atlas). What a store must be
// good at is reading everything, replacing one feed as a whole, and losing
// nothing.
package store

import (
	"context"

	"yizhan/geo"
)

// Store keeps places by their ID, each owned by the feed that its Source
// names. All methods may be called at the same time; each is one transaction:
// it happens as a whole or, where it returns an error, not at all. A cancelled
// context ends the work with the context's error.
//
// What is read back is what [Normal] makes of what was written, whichever
// store keeps it.
type Store interface {
	// Places returns every place, in no particular order, as they were at one
	// moment. Lists may be shared among them: a place is not changed.
	//
	// A place that cannot be read, because something else wrote into the
	// store's tables, is left out and bad is told why, with a *geo.Error that
	// names the row. With a nil bad the first such place ends the reading.
	Places(ctx context.Context, bad func(error)) ([]*geo.Place, error)

	// Each hands every place to fn, as Places does, but keeps none: a place is
	// fn's until it returns. What it points to, texts and lists, may be kept,
	// but holds more memory than its size. fn and bad are called by one
	// goroutine at a time, not always the caller's, and not after Each has
	// returned. The first error of fn ends the reading and is returned as it
	// is.
	Each(ctx context.Context, bad func(error), fn func(*geo.Place) error) error

	// Replace makes places all that the feed has: new ones are added, differing
	// ones changed, absent ones removed. An empty slice empties the feed. A
	// place without a feed is taken to be of this one; one of another feed, one
	// that Check refuses and an ID that comes twice are Invalid.
	//
	// Other feeds are never touched: where another feed already holds an ID,
	// its place stays and the ID is listed in Diff.Kept. This is how what
	// people entered outlives an import of the same thing.
	//
	// Source.Ref and Source.Time, where and when the source said it, are stored
	// and do not count as a difference: a row that moved within its table says
	// what it said before.
	Replace(ctx context.Context, feed string, places []geo.Place) (Diff, error)

	// Put adds places or changes those with the same ID, whichever feed they
	// were of; they then belong to the feed their Source names, or to
	// geo.FeedEntered where that is "".
	Put(ctx context.Context, places ...geo.Place) error

	// Delete removes places. An ID that is not there is no error.
	Delete(ctx context.Context, ids ...string) error

	// Meta returns a word kept beside the places, "" where there is none.
	Meta(ctx context.Context, key string) (string, error)

	// SetMeta keeps a word beside the places; "" removes it. Keys and values
	// are bounded like every other text.
	SetMeta(ctx context.Context, key, value string) error

	// Close releases the store. Nothing may be called after it but Close.
	Close() error
}

// Diff says what a Replace did, by ID. Each list is sorted.
type Diff struct {
	Added   []string
	Changed []string
	Removed []string
	// Kept are the IDs that the new places gave but another feed holds; their
	// places were left as they are.
	Kept []string
	// Unchanged is how many places were already there with the same content.
	Unchanged int
}

// Empty says whether the Replace left every place as it was.
func (d *Diff) Empty() bool {
	return len(d.Added) == 0 && len(d.Changed) == 0 && len(d.Removed) == 0
}
