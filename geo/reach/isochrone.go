package reach

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/route"
	"yizhan/geo/street"
)

const (
	// MaxMinutes is the longest time that an isochrone is drawn for.
	MaxMinutes = 120
	// MaxLevels is how many isochrones are drawn from one run.
	MaxLevels = 8
)

// Query asks what is reached from a point within some minutes.
type Query struct {
	// From is WGS-84 lon,lat.
	From   orb.Point
	Mode   geo.Mode
	Depart time.Time
	// Minutes are 1 to MaxLevels times, each 1 to MaxMinutes.
	Minutes []int
	// Lines asks for the streets reached as well.
	Lines bool
}

// Isochrone is what is reached within a number of minutes.
//
// The area holds the streets that are reached and what lies within 50 m of
// them on foot, in the same compound or all outside compounds: nobody walks
// through a wall, and of a compound that no gate lets one into nothing is
// inside, whatever streets run beside it. It is drawn on a grid with cells of
// 12 m on foot and 25 m by bike, larger ones where it grows beyond half a
// million of them. Walls are kept to within half a cell, and where a street
// runs between walls that are closer to each other than that, to within one.
// Compounds are the walls that are known; a fence or water that lies in none
// is not. A compound without mapped ways is not entered.
type Isochrone struct {
	Minutes int
	// Area has the winding of RFC 7946: valid polygons with their holes, which
	// neither cross nor touch each other or themselves.
	Area orb.MultiPolygon
	// Lines are the streets reached, cut where the time is up; nil where they
	// were not asked for.
	Lines orb.MultiLineString
}

// Isochrones draws what is reached over one network. It is safe for concurrent
// use.
type Isochrones struct {
	router *route.Router
	net    *street.Network
	*stock
}

// stock is what does not depend on the rules of the day.
type stock struct {
	walls  func() *walls
	canvas sync.Pool
}

// NewIsochrones returns what draws isochrones over a network with its router.
// It is cheap: what it needs to know of the compounds it looks up when it is
// first asked.
func NewIsochrones(router *route.Router, net *street.Network) *Isochrones {
	s := &stock{walls: sync.OnceValue(func() *walls { return newWalls(net) })}
	s.canvas.New = func() any { return new(canvas) }
	return &Isochrones{router, net, s}
}

// With returns what draws isochrones over the same streets under other rules,
// such as a closure. It shares all that does not depend on them.
func (x *Isochrones) With(router *route.Router, net *street.Network) *Isochrones {
	return &Isochrones{router, net, x.stock}
}

// Draw returns an isochrone for each of the minutes, in rising order, each
// once. Each lies within the next.
//
// An error is a *geo.Error: Invalid for minutes out of bounds, NotFound where
// no street is near, Timeout when ctx is done.
func (x *Isochrones) Draw(ctx context.Context, q Query) ([]Isochrone, error) {
	minutes, err := levels(q.Minutes)
	if err != nil {
		return nil, err
	}
	c := x.canvas.Get().(*canvas)
	defer x.canvas.Put(c)
	last := minutes[len(minutes)-1]
	if err := x.router.ReachInto(ctx, &c.reached, q.From, q.Mode, q.Depart, 60*float64(last)); err != nil {
		return nil, err
	}
	c.draw(x.net, x.walls())
	c.trace.begin(len(c.marks))
	out := make([]Isochrone, len(minutes))
	for i, m := range minutes {
		if err := ctx.Err(); err != nil {
			return nil, tooLong(err)
		}
		out[i] = Isochrone{Minutes: m, Area: c.area(60 * m)}
		if q.Lines {
			out[i].Lines = c.lines(x.net, 60*m)
		}
	}
	return out, nil
}

func tooLong(cause error) error {
	return geo.NewError(geo.Timeout,
		"可达范围计算超时，请减少分钟数或稍后再试。",
		"what is within reach took too long: ask for fewer minutes, or try again later").Because(cause)
}

// levels checks the minutes asked for and puts them in order.
func levels(minutes []int) ([]int, error) {
	out := slices.Clone(minutes)
	slices.Sort(out)
	out = slices.Compact(out)
	if len(out) == 0 || len(out) > MaxLevels || out[0] < 1 || out[len(out)-1] > MaxMinutes {
		return nil, geo.NewError(geo.Invalid,
			fmt.Sprintf("分钟数须为 1 到 %d 之间的整数，最多 %d 个。", MaxMinutes, MaxLevels),
			fmt.Sprintf("minutes must be whole numbers from 1 to %d, at most %d of them", MaxMinutes, MaxLevels))
	}
	return out, nil
}
