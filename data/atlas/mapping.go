package atlas

import (
	"os"
	"runtime"
	"runtime/debug"
	"sync/atomic"
)

const (
	// mappedMost is how many bytes of a mapping count as memory of this process
	// at most. The system has them all the same while it has room.
	mappedMost = 32 << 20
	// mappedStretch is what one touch makes count, which is what systems map
	// around the page that is asked for.
	mappedStretch = 64 << 10
)

// mapping is a file as memory, to be read only. It is safe for concurrent use
// and gone when nobody holds it.
type mapping struct {
	bytes []byte
	// touched is a bit for each stretch that was asked for since all were let
	// go, n how many these are.
	touched []atomic.Uint64
	n       atomic.Int64
}

// newMapping maps the first bytes of a file, which may be closed then.
func newMapping(f *os.File, size int) (*mapping, error) {
	b, err := mapFile(f, size)
	if err != nil {
		return nil, err
	}
	m := &mapping{bytes: b, touched: make([]atomic.Uint64, size/mappedStretch/64+1)}
	runtime.AddCleanup(m, unmap, b)
	return m, nil
}

// touch is called before bytes are asked for: it lets go of what was asked for
// before where that is much.
func (m *mapping) touch(from, until int) {
	for s := from / mappedStretch; s <= (until-1)/mappedStretch; s++ {
		word, bit := &m.touched[s/64], uint64(1)<<(s%64)
		if word.Load()&bit != 0 || word.Or(bit)&bit != 0 {
			continue
		}
		if m.n.Add(1) <= mappedMost/mappedStretch {
			continue
		}
		// Those who ask meanwhile may count twice or not at all, which does no harm.
		m.n.Store(0)
		for i := range m.touched {
			m.touched[i].Store(0)
		}
		letGo(m.bytes)
	}
}

// fearless runs what reads a mapping, and says whether it could: what a disk
// does not give up any more is a fault, which would end the process.
func fearless(read func()) (ok bool) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			if _, fault := p.(interface{ Addr() uintptr }); !fault {
				panic(p)
			}
			ok = false
		}
	}()
	read()
	return true
}
