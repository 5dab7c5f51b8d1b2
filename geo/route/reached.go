package route

import (
	"context"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/street"
)

// Reached is what somebody reaches from a point within a time: which streets,
// from which end, and when. It owns the scratch space of the run that filled
// it, and is good for any number of runs, one after the other.
type Reached struct {
	From   orb.Point
	Mode   geo.Mode
	Depart time.Time
	// Limit is the bound of the run in milliseconds.
	Limit uint32
	// Stretches are the streets reached, each from the end that it is entered
	// by, the earlier ones not always first. A street that is entered from
	// both ends stands there twice, but where the second would add nothing.
	Stretches []Stretch
}

// Stretch is a street that is reached: in the direction of Ref, from From
// metres after its beginning at Begin milliseconds after departure. All of the
// street in that direction takes Millis. How far one comes is for the reader
// to work out, who knows which minute is wanted.
type Stretch struct {
	Ref    street.Ref
	Begin  uint32
	Millis uint32
	From   float32
}

// Reach finds what somebody reaches from a point within some seconds.
func (r *Router) Reach(ctx context.Context, from orb.Point, mode geo.Mode, depart time.Time, maxSeconds float64) (*Reached, error) {
	into := new(Reached)
	return into, r.ReachInto(ctx, into, from, mode, depart, maxSeconds)
}

// ReachInto is Reach with a result that is used again.
func (r *Router) ReachInto(ctx context.Context, into *Reached, from orb.Point, mode geo.Mode, depart time.Time, maxSeconds float64) error {
	_, err := r.starts(from, mode)
	return err
}
