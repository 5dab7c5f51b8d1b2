package osmpbf

import (
	"bytes"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"yizhan/geo"
)

// nulls are n varints of 0.
func nulls(n int) []byte { return make([]byte, n) }

// group wraps messages of one type into a block with an empty string.
func group(messages ...message) []byte {
	var g message
	for _, m := range messages {
		g = append(g, m...)
	}
	return message(nil).bytes(1, message(nil).bytes(1, nil)).bytes(2, g)
}

// dense returns n nodes at 0,0.
func dense(n int) []byte {
	return group(message(nil).bytes(2, message(nil).bytes(1, nulls(n)).bytes(8, nulls(n)).bytes(9, nulls(n))))
}

// TestCrowdedBlocks hands over blocks whose arrays would be many times as
// large as they are.
func TestCrowdedBlocks(t *testing.T) {
	many := func(n int, m message) message { return bytes.Repeat(m, n) }
	empty := func(num protowire.Number) message { return message(nil).bytes(num, nil) }
	strs, groups := many(maxStrings+1, empty(1)), many(maxGroups+1, empty(2))
	nodes, mixed := many(maxElements/2+1, empty(1).bytes(4, nil)), many(maxElements/2+1, empty(1).bytes(3, nil))
	for _, c := range []struct {
		name string
		raw  []byte
	}{
		{"strings", message(nil).bytes(1, strs)},
		{"groups", groups},
		{"dense nodes", dense(maxElements + 1)},
		{"nodes and relations", group(nodes)},
		{"nodes and ways in turn", group(mixed)},
		{"tags of a dense node", group(message(nil).bytes(2, message(nil).bytes(1, nulls(1)).bytes(8, nulls(1)).bytes(9, nulls(1)).
			bytes(10, append(bytes.Repeat([]byte{1, 1}, maxTags/2+1), 0))))},
		{"tags of a way", group(message(nil).bytes(3, message(nil).bytes(2, nulls(maxTags/2+1)).bytes(3, nulls(maxTags/2+1))))},
		{"references", group(message(nil).bytes(3, message(nil).bytes(8, nulls(maxRefs+1))))},
		{"members", group(message(nil).bytes(4, message(nil).bytes(8, nulls(maxMembers+1)).bytes(9, nulls(maxMembers+1)).bytes(10, nulls(maxMembers+1))))},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name == "tags of a dense node" {
				// The string that they name.
				c.raw = append(message(nil).bytes(1, message(nil).bytes(1, nil).bytes(1, nil)), c.raw[4:]...)
			}
			began := time.Now()
			_, err := decode(t, join(plainHeader(), framed("OSMData", packRaw(t, c.raw))))
			if !errors.Is(err, errCrowded) || geo.CodeOf(err) != geo.Invalid {
				t.Errorf("error %v, want %v", err, errCrowded)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
	full := join(plainHeader(), framed("OSMData", packRaw(t, dense(maxElements))))
	if s, err := Decode(t.Context(), bytes.NewReader(full), Handler{Node: func(*Node) error { return nil }}); err != nil || s.Nodes != maxElements {
		t.Errorf("a full block: %v", err)
	}
}

// TestBombs decodes small files that unpack to gigabytes, and watches the
// memory meanwhile.
func TestBombs(t *testing.T) {
	if testing.Short() {
		t.Skip("needs some hundred megabytes; not with -short")
	}
	padded := func(n int) []byte { return message(nil).bytes(3, nulls(n)) } // a field that nobody knows
	for _, c := range []struct {
		name   string
		block  []byte
		blocks int
	}{
		{"one that is nothing", padded(31 << 20), 40},
		{"many that are nothing", padded(1 << 20), 1200},
		{"nodes", dense(maxElements), 400},
		{"references", group(message(nil).bytes(3, message(nil).bytes(8, nulls(maxRefs)))), 60},
	} {
		t.Run(c.name, func(t *testing.T) {
			one := framed("OSMData", packZlib(t, c.block))
			file := append(plainHeader(), bytes.Repeat(one, c.blocks)...)
			peak := watchMemory(t)
			s, err := Decode(t.Context(), bytes.NewReader(file), Handler{
				Node: func(*Node) error { return nil }, Way: func(*Way) error { return nil }, Relation: func(*Relation) error { return nil },
			})
			if geo.CodeOf(err) != geo.TooLarge || !strings.Contains(err.Error(), "far more") {
				t.Errorf("error %v after %d nodes", err, s.Nodes)
			}
			if got := peak(); got > 768<<20 {
				t.Errorf("%d bytes of file took %d MB", len(file), got>>20)
			}
		})
	}
}

// watchMemory returns a function that ends the watch and returns the largest
// heap seen.
func watchMemory(t *testing.T) (peak func() uint64) {
	runtime.GC()
	var most atomic.Uint64
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most.Store(max(most.Load(), m.HeapAlloc))
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return func() uint64 { close(stop); <-done; return most.Load() }
}
