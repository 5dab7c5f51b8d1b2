package route

import (
	"slices"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/hours"
	"yizhan/geo/street"
)

// section is a stretch of an edge on a path: from and to are metres along it
// in the direction of ref; start and end are milliseconds after departure.
type section struct {
	ref        street.Ref
	from, to   float64
	start, end uint32
	mode       geo.Mode
}

// trace reads the path that a search found to a node. from is the stop that
// the search started from, nil where it started from nodes.
func (r *Router) trace(s *search, from *stop, node uint32) []section {
	var out []section
	for {
		l := &s.labels[node]
		if l.parent == noRef {
			break
		}
		prev, _ := r.net.Ends(l.parent)
		out = append(out, section{l.parent, 0, r.net.Length(l.parent.Edge()), s.timeAt(prev), l.time, s.mode})
		node = prev
	}
	if from != nil {
		out = append(out, r.first(s, *from, node))
	}
	slices.Reverse(out)
	return out
}

// first returns the stretch from a stop to the end of its edge that a search
// started by.
func (r *Router) first(s *search, from stop, node uint32) section {
	l := r.net.Length(from.Edge)
	a, b := r.net.Ends(forward(from.Edge))
	at := s.timeAt(node)
	best := section{start: unreached}
	for _, ref := range [2]street.Ref{forward(from.Edge), backward(from.Edge)} {
		end, metres := b, l-from.At
		if ref.Backward() {
			end, metres = a, from.At
		}
		t, ok := r.share(s.mode, ref, metres)
		if end != node || !ok || t > at || best.start != unreached && at-t < best.start {
			continue
		}
		best = section{ref, l - metres, l, at - t, at, s.mode}
	}
	return best
}

// traceTo reads the path that a search found to a stop.
func (r *Router) traceTo(s *search, from *stop, to stop, got arrival) []section {
	l := r.net.Length(to.Edge)
	along := to.At
	if got.ref.Backward() {
		along = l - to.At
	}
	end := got.ms - walkMillis(to.Distance)
	if got.direct {
		begin := from.At
		if got.ref.Backward() {
			begin = l - from.At
		}
		t, _ := r.share(s.mode, got.ref, along-begin)
		return []section{{got.ref, begin, along, end - t, end, s.mode}}
	}
	node, _ := r.net.Ends(got.ref)
	out := r.trace(s, from, node)
	return append(out, section{got.ref, 0, along, s.timeAt(node), end, s.mode})
}

// line returns the points of a section, in the room of line.
func (r *Router) line(line orb.LineString, sec section) orb.LineString {
	line = r.net.Coords(line[:0], sec.ref)
	if l := r.net.Length(sec.ref.Edge()); sec.from > 0 || sec.to < l {
		return part(line, sec.from, sec.to)
	}
	return slices.CompactFunc(line, func(a, b orb.Point) bool { return a == b })
}

// part returns the stretch of a line between two distances along it.
func part(pts orb.LineString, from, to float64) orb.LineString {
	var out orb.LineString
	sum := 0.0
	for i := 1; i < len(pts); i++ {
		l := geo.Distance(pts[i-1], pts[i])
		at := func(d float64) orb.Point {
			t := 0.0
			if l > 0 {
				t = min(1, max(0, (d-sum)/l))
			}
			return orb.Point{pts[i-1][0] + (pts[i][0]-pts[i-1][0])*t, pts[i-1][1] + (pts[i][1]-pts[i-1][1])*t}
		}
		if sum+l >= from && len(out) == 0 {
			out = append(out, at(from))
		}
		if len(out) > 0 {
			if sum+l >= to {
				return append(out, at(to))
			}
			out = append(out, pts[i])
		}
		sum += l
	}
	if len(out) == 0 {
		out = append(out, pts[len(pts)-1])
	}
	return out
}

// worst is the worst that a path meets.
type worst struct {
	verdict geo.Verdict
	reason  geo.Text
	opens   time.Time
	wait    float64
}

func (w *worst) meet(v geo.Verdict, reason geo.Text) {
	if v > w.verdict || w.reason.IsZero() {
		w.verdict, w.reason = v, reason
	}
}

// assess evaluates the gates and private ways of a path at the times it meets
// them.
func (r *Router) assess(depart time.Time, sections []section, w *worst) {
	for _, sec := range sections {
		if !r.net.Portal(sec.ref.Edge()) {
			r.assessStreet(depart, sec, w)
			continue
		}
		barrier := r.net.PortalBarrier(sec.ref)
		if barrier == street.None {
			continue
		}
		var met worst
		r.assessGate(barrier, sec.mode, depart.Add(time.Duration(sec.start)*time.Millisecond), &met)
		w.pass(met, r.onTheWay(barrier))
	}
}

// pass takes up what a gate on the way asks, which is another one than that of
// the approach: the reason says which.
func (w *worst) pass(met worst, gate geo.Text) {
	reason := geo.Text{Zh: gate.Zh + "：" + met.reason.Zh, En: gate.En + ": " + lower(met.reason.En)}
	switch {
	case met.wait > 0 && (w.wait > 0 || w.verdict > met.verdict):
		w.reason = geo.Text{Zh: w.reason.Zh + "；" + reason.Zh, En: w.reason.En + "; " + reason.En}
	case met.verdict > w.verdict, met.wait > 0:
		w.reason = reason
	}
	if met.verdict > w.verdict || met.wait > 0 {
		w.opens = met.opens
	}
	w.verdict = w.verdict.Worse(met.verdict)
	w.wait += met.wait
}

// assessStreet evaluates a street. That it is open goes without saying.
func (r *Router) assessStreet(depart time.Time, sec section, w *worst) {
	edge := sec.ref.Edge()
	rule := r.net.WayRule(edge)
	if rule == nil || !r.net.WayVaries(edge) {
		if r.net.ProfileOf(edge).Private[sec.mode] {
			w.meet(geo.Permit, geo.Text{Zh: "途经内部道路，可能须登记", En: "Uses private ways: you may have to register"})
		}
	}
	if rule == nil || sec.to-sec.from <= doorstep {
		return
	}
	node, _ := r.net.Ends(forward(edge))
	t := depart.Add(time.Duration(sec.start) * time.Millisecond)
	switch a := rule.At(sec.mode, t, r.where(r.net.Node(node))); {
	case a.Verdict == geo.Open:
	case a.Verdict != geo.Closed:
		w.meet(a.Verdict, a.Reason)
	case !a.Opens.IsZero() && r.waited(sec):
		w.await(rule, sec.mode, t, a, r.where(r.net.Node(node)))
	}
}

// waited says whether a section holds a wait before it. Who begins in the
// middle of a shut way just leaves it.
func (r *Router) waited(sec section) bool {
	t, _ := r.share(sec.mode, sec.ref, sec.to-sec.from)
	return sec.end-sec.start > t+1
}

// await notes the wait until something that is shut opens, and returns what is
// met then.
func (w *worst) await(rule *street.Rule, mode geo.Mode, t time.Time, shut street.Access, where hours.Place) street.Access {
	wait := shut.Opens.Sub(t).Seconds()
	later := rule.At(mode, shut.Opens, where)
	later.Opens, later.Delay = shut.Opens, later.Delay+wait
	w.wait += wait
	w.opens = shut.Opens
	later.Reason = waitReason(shut.Reason, max(1, int(wait+59)/60))
	if later.Verdict >= w.verdict {
		w.verdict, w.reason = later.Verdict, later.Reason
	}
	return later
}

// accessTo is what a caller meets at a barrier at an instant.
func (r *Router) accessTo(barrier uint32, mode geo.Mode, t time.Time) street.Access {
	return r.net.BarrierRule(barrier).At(mode, t, r.where(r.barrierPoint(barrier)))
}

// assessGate evaluates one barrier; a wait for it to open is noted.
func (r *Router) assessGate(barrier uint32, mode geo.Mode, t time.Time, w *worst) street.Access {
	rule := r.net.BarrierRule(barrier)
	where := r.where(r.barrierPoint(barrier))
	a := rule.At(mode, t, where)
	if a.Verdict == geo.Closed && !a.Opens.IsZero() && a.Opens.Sub(t) <= waitLimit {
		return w.await(rule, mode, t, a, where)
	}
	w.meet(a.Verdict, a.Reason)
	if a.Verdict == geo.Permit && w.reason == a.Reason && w.opens.IsZero() {
		w.opens = a.Opens
	}
	return a
}

// barrierPoint returns where a barrier stands.
func (r *Router) barrierPoint(barrier uint32) orb.Point {
	if sides := r.net.Sides(barrier); len(sides) > 0 {
		return r.net.Node(sides[0].Node)
	}
	if g := r.net.Barriers()[barrier].Gate; g != street.None {
		return r.net.Gates()[g].Point
	}
	return orb.Point{}
}
