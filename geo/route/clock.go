package route

import (
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/hours"
	"yizhan/geo/street"
)

// clock judges gates and ways at the minute that a journey comes to them.
type clock struct {
	mode   geo.Mode
	depart time.Time
	where  func(orb.Point) hours.Place
}

// meeting is what a journey meets at a rule. Delay holds the wait, if any.
type meeting struct {
	street.Passage
	wait uint32
}

// at returns the instant some milliseconds after departure.
func (c *clock) at(ms uint32) time.Time { return c.depart.Add(time.Duration(ms) * time.Millisecond) }

// meet judges a rule that stands at a point; what is closed and opens within
// the limit is waited for.
func (c *clock) meet(rule *street.Rule, m geo.Mode, point orb.Point, now uint32) meeting {
	where, t := c.where(point), c.at(now)
	p := rule.Pass(m, t, where)
	if p.Verdict != geo.Closed || !rule.Timed() {
		return meeting{Passage: p}
	}
	opens, ok := rule.Opens(m, t, where)
	if !ok || opens.Sub(t) > waitLimit {
		return meeting{Passage: p}
	}
	// Whole milliseconds, so that whoever waits does not come too early.
	wait := uint32((opens.Sub(t) + time.Millisecond - 1) / time.Millisecond)
	p = rule.Pass(m, t.Add(time.Duration(wait)*time.Millisecond), where)
	p.Delay += wait
	return meeting{p, wait}
}

// street judges a street whose rule changes with the hour.
func (c *clock) street(net *street.Network, edge, now uint32) meeting {
	from, _ := net.Ends(forward(edge))
	return c.meet(net.WayRule(edge), c.mode, net.Node(from), now)
}

// gate judges a barrier; the wait for it to open is part of the delay.
func (c *clock) gate(net *street.Network, barrier, now uint32) street.Passage {
	rule := net.BarrierRule(barrier)
	if !rule.Timed() {
		return rule.Pass(c.mode, time.Time{}, hours.Place{})
	}
	return c.meet(rule, c.mode, net.Node(net.Sides(barrier)[0].Node), now).Passage
}

// clear takes the hurdles of an inlet that is reached at ms and returns when
// the point is; false where one of them is shut.
func (c *clock) clear(in *inlet, ms uint32) (uint32, bool) {
	late := uint32(0)
	for i := range in.hurdles {
		h := &in.hurdles[i]
		now := ms + h.after + late
		p := c.meet(h.rule, h.mode, h.point, now)
		if p.Verdict == geo.Closed {
			return 0, false
		}
		if h.gate {
			late += p.Delay
		} else {
			late += p.wait
		}
	}
	return ms + in.ms + late, true
}
