package atlas

import "runtime"

// quietly does something that takes seconds of one processor, beside a server
// that answers questions meanwhile: on a thread of its own that, where the
// system lets it, the others go before. Go alone would let it have its
// processor for 10 ms at a stretch, and the system no less. It returns when it
// is done.
//
// What do begins on goroutines of its own has the usual priority. Where Go has
// one processor only, the thread is a usual one too: while it waits for the
// system it would keep that processor from all others.
func quietly(do func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if runtime.GOMAXPROCS(0) > 1 {
			// It is never unlocked: the thread ends with the goroutine, as the
			// system may not let it have its priority back.
			runtime.LockOSThread()
			yieldToOthers()
		}
		do()
	}()
	<-done
}
