package api

import "sync"

// room counts who is in it, up to a bound, and lets one wait until it is
// empty. Unlike a WaitGroup, one may enter while another waits.
type room struct {
	mu    sync.Mutex
	n     int
	empty *sync.Cond
}

// enter counts one more in, unless limit are in already.
func (r *room) enter(limit int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.n >= limit {
		return false
	}
	r.n++
	return true
}

// leave counts one out.
func (r *room) leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n--
	if r.n == 0 && r.empty != nil {
		r.empty.Broadcast()
	}
}

// count returns how many are in.
func (r *room) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.n
}

// wait returns when nobody is in.
func (r *room) wait() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.empty == nil {
		r.empty = sync.NewCond(&r.mu)
	}
	for r.n > 0 {
		r.empty.Wait()
	}
}
