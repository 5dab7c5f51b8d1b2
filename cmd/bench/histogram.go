package main

import (
	"math/bits"
	"time"
)

// histogram counts times in buckets a sixteenth apart or less, however many
// there are.
type histogram struct {
	buckets [64 << 4]uint64
	n       uint64
}

// bucketOf numbers the bucket of a time: by its highest bit and the four below.
func bucketOf(d time.Duration) int {
	v := uint64(max(d, 0)) | 16
	shift := bits.Len64(v) - 5
	return shift<<4 | int(v>>shift&15)
}

func (h *histogram) add(d time.Duration) {
	h.buckets[bucketOf(d)]++
	h.n++
}

func (h *histogram) merge(o *histogram) {
	for i, n := range o.buckets {
		h.buckets[i] += n
	}
	h.n += o.n
}

// quantile returns the least time that such a part of all are not above, as
// near as the buckets tell.
func (h *histogram) quantile(part float64) time.Duration {
	left := uint64(part * float64(h.n))
	for i, n := range h.buckets {
		if n > left {
			return time.Duration(uint64(i&15|16) << (i >> 4))
		}
		left -= n
	}
	return 0
}
