package cql2

import (
	"github.com/paulmach/orb"
)

// Filter is a filter that was read. It may be used by several goroutines at
// once, except during Transform.
type Filter struct{ root *node }

type node struct{}

// ParseText reads a filter in CQL2 Text.
func ParseText(s string) (*Filter, error) { return &Filter{}, nil }

// ParseJSON reads a filter in CQL2 JSON.
func ParseJSON(b []byte) (*Filter, error) { return &Filter{}, nil }

// Check says whether the filter can be used on records of a schema.
func (f *Filter) Check(q Schema) error { return nil }

// Match says whether the filter is true for a record.
func (f *Filter) Match(r Record) bool { return true }

// Bound returns a box outside of which nothing matches, false where none follows.
func (f *Filter) Bound() (orb.Bound, bool) { return orb.Bound{}, false }

// Equals returns the texts that properties must equal.
func (f *Filter) Equals() map[string]string { return nil }

// Transform brings the geometries of the filter into lon,lat.
func (f *Filter) Transform(to func(orb.Point) orb.Point) {}

// AppendText appends the filter in CQL2 Text.
func (f *Filter) AppendText(dst []byte) []byte { return dst }

// AppendJSON appends the filter in CQL2 JSON.
func (f *Filter) AppendJSON(dst []byte) []byte { return dst }

// Conformance returns the identifiers of the conformance classes that the package holds.
func Conformance() []string { return nil }
