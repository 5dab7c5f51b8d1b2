package route

import (
	"math"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/street"
)

// teller puts stages into legs and steps.
type teller struct {
	r    *Router
	legs []Leg
	leg  *Leg
	step *Step
	// now is the time told so far in milliseconds after departure.
	now uint32
	// last is the way of the step, and bearing the direction it ends in.
	last    street.WayInfo
	walking bool
	bearing float64
	moved   bool
	// unled says that the step leads to the first way over ground without one.
	unled bool
	// mute tells no turns, blind follows no geometry either.
	mute, blind bool
	// pts is scratch space.
	pts orb.LineString
}

// approach puts the stages of a trip into words.
func (r *Router) approach(t *trip, gate *gateTry, stages []stage, w worst) Approach {
	a := Approach{Verdict: w.verdict, Reason: w.reason, Wait: w.wait, Opens: w.opens}
	if gate != nil {
		a.Gate = gate.gate
	}
	tell := teller{r: r, mute: t.q.NoSteps, blind: t.q.NoSteps && t.q.NoLines}
	for i := range stages {
		st := &stages[i]
		if tell.leg == nil || tell.leg.Mode != st.mode {
			tell.startLeg(st.mode)
		}
		if i == 0 {
			if t.from.Distance > unmappedStretch {
				tell.say("depart", toStreetText(t.from.Distance), t.from.point, "")
				tell.unled = true
			}
			tell.off(t.from.point, t.from.Point, t.from.Distance)
		}
		if st.start != nil {
			tell.off(st.start.point, st.start.Point, st.start.Distance)
		}
		if st.gate != nil {
			tell.enter(st, t)
		}
		if st.fetch {
			tell.say("park", geo.Text{Zh: "到门外取车", En: "Fetch your bike outside the gate"}, tell.here(), "")
			tell.spend(parkMillis)
		}
		for _, sec := range st.sections {
			tell.section(sec)
		}
		if st.end != nil {
			if st.end.Distance > unmappedStretch && st.park == nil {
				tell.say("straight", fromStreetText(st.end.Distance), st.end.Point, "")
			}
			tell.off(st.end.Point, st.end.point, st.end.Distance)
		}
		if st.straight != nil {
			tell.straight(st.straight)
		}
		if st.park != nil {
			tell.say("park", geo.Text{Zh: "把车停在" + st.park.Zh + "旁", En: "Park by " + st.park.En}, tell.here(), "")
			tell.spend(parkMillis)
		}
	}
	if t.q.Mode != geo.Foot && tell.leg.Mode == t.q.Mode && t.goal.doors() {
		tell.say("park", geo.Text{Zh: "停车", En: "Park the bike"}, t.goal.point, "")
		tell.spend(parkMillis)
	}
	tell.arrive(t)
	a.Legs = tell.legs
	for i := range a.Legs {
		a.Distance += a.Legs[i].Distance
		a.Duration += a.Legs[i].Duration
		if t.q.NoSteps {
			a.Legs[i].Steps = nil
		}
		if t.q.NoLines {
			a.Legs[i].Line = nil
		}
	}
	a.Arrive = t.q.Depart.Add(time.Duration(a.Duration * float64(time.Second))).Round(time.Second)
	return a
}

// doors says whether the destination lies behind a gate or in a building, so
// that the bike is left there.
func (g *goal) doors() bool { return len(g.rooms) > 0 && len(g.points) > 0 }

func (t *teller) startLeg(m geo.Mode) {
	t.legs = append(t.legs, Leg{Mode: m})
	t.leg = &t.legs[len(t.legs)-1]
	t.step, t.moved = nil, false
	t.walking = m == geo.Foot
	t.last = street.WayInfo{}
	if n := len(t.legs); n > 1 {
		if before := t.legs[n-2].Line; len(before) > 0 {
			t.leg.Line = orb.LineString{before[len(before)-1]}
		}
	}
}

// here is where the last leg has come to.
func (t *teller) here() orb.Point {
	if n := len(t.leg.Line); n > 0 {
		return t.leg.Line[n-1]
	}
	return orb.Point{}
}

// say begins a step.
func (t *teller) say(turn string, text geo.Text, at orb.Point, name string) {
	t.leg.Steps = append(t.leg.Steps, Step{Text: text, Point: at, Turn: turn, Street: name})
	t.step = &t.leg.Steps[len(t.leg.Steps)-1]
}

// spend adds time to the step and the leg.
func (t *teller) spend(ms uint32) {
	s := float64(ms) / 1000
	t.leg.Duration += s
	if t.step != nil {
		t.step.Duration += s
	}
	t.now += ms
}

// go adds distance and points.
func (t *teller) add(metres float64, pts orb.LineString) {
	t.leg.Distance += metres
	if t.step != nil {
		t.step.Distance += metres
	}
	for _, p := range pts {
		if n := len(t.leg.Line); n == 0 || t.leg.Line[n-1] != p {
			t.leg.Line = append(t.leg.Line, p)
		}
	}
	if len(pts) > 1 {
		if b, ok := bearingOf(pts[len(pts)-2], pts[len(pts)-1]); ok {
			t.bearing, t.moved = b, true
		}
	}
}

// off walks the few metres between a point and its way.
func (t *teller) off(from, to orb.Point, metres float64) {
	if metres < 0.5 {
		t.spend(walkMillis(metres))
		t.leg.Distance += metres
		t.leg.Line = append(t.leg.Line, from)
		return
	}
	moved := t.moved
	t.spend(walkMillis(metres))
	t.add(metres, orb.LineString{from, to})
	if !moved {
		t.moved = false // the first way is headed for, not turned into
	}
}

func (t *teller) straight(line orb.LineString) {
	d := geo.Distance(line[0], line[len(line)-1])
	t.say("straight", straightText(d), line[0], "")
	t.add(d, line)
	t.spend(walkMillis(d))
}

// enter tells of the gate that leads in.
func (t *teller) enter(st *stage, trip *trip) {
	ms := st.begin - min(st.begin, t.now)
	name := t.r.gateText(st.gate.gate)
	into := t.r.net.RoomCompound(trip.enter[len(trip.enter)-1])
	text := enterText(name, nameIn(into.Name, into.Names))
	if ms > longAtGate {
		text = waitText(text, ms)
	}
	t.say("enter", text, st.gate.point, "")
	t.add(0, orb.LineString{st.gate.point})
	t.spend(ms)
	t.last = street.WayInfo{}
}

// tooShort is the length in metres below which a stretch is not spoken of: the
// point asked for lay at the end of its way.
const tooShort = 1.0

// section tells of one stretch of a way or a gate on it.
func (t *teller) section(sec section) {
	ms := sec.end - sec.start
	if t.r.net.Portal(sec.ref.Edge()) {
		t.gate(sec, ms)
		return
	}
	if t.blind {
		t.leg.Distance += sec.to - sec.from
		t.spend(ms)
		return
	}
	t.pts = t.r.line(t.pts[:0], sec)
	pts := t.pts
	if t.mute {
		t.add(sec.to-sec.from, pts)
		t.spend(ms)
		return
	}
	edge := sec.ref.Edge()
	way := t.r.net.WayOf(edge)
	dir := 0
	if sec.ref.Backward() {
		dir = 1
	}
	pushing := sec.mode != geo.Foot && t.r.net.ProfileOf(edge).Walk[sec.mode][dir]
	if bearing, moved := t.bearing, t.moved; sec.to-sec.from < tooShort {
		t.add(sec.to-sec.from, pts)
		t.bearing, t.moved = bearing, moved
		t.spend(ms)
		return
	}
	if len(pts) > 1 {
		heading, _ := bearingOf(pts[0], pts[1])
		t.turnInto(way, heading, pts[0], pushing)
	}
	t.add(sec.to-sec.from, pts)
	t.spend(ms)
}

// turnInto begins a step where the way changes or bends enough to say so.
func (t *teller) turnInto(way street.WayInfo, heading float64, at orb.Point, pushing bool) {
	first := t.step == nil || t.step.Turn == "enter" || t.step.Turn == "gate"
	turn, angle := "straight", 0.0
	if t.moved {
		angle = normalize(heading - t.bearing)
		turn = turnOf(angle)
	}
	same := way.Name == t.last.Name && (way.Name != "" || way.Class == t.last.Class || math.Abs(angle) < 30)
	pushChange := pushing != t.walking && t.leg.Mode != geo.Foot
	switch {
	case t.step == nil || t.unled:
		text, word := departText(way, heading), "depart"
		if t.unled {
			word = "straight"
		}
		if pushing {
			text = pushText(text)
		}
		t.say(word, text, at, way.Name)
		t.unled = false
	case same && math.Abs(angle) < 45 && !pushChange && t.last.ID != 0:
		t.last = way
		return
	case first && t.last.ID == 0 && math.Abs(angle) < 30 && !pushChange:
		// Straight on behind the gate goes without saying.
		t.step.Street = way.Name
	default:
		text := turnText(turn, way, same)
		switch {
		case pushChange && pushing:
			text = pushText(text)
		case pushChange:
			text = rideText(text)
		}
		t.say(turn, text, at, way.Name)
	}
	t.last, t.walking = way, pushing || t.leg.Mode == geo.Foot
}

// longAtGate is the time at a gate, in milliseconds, that is a wait for it to
// open: nobody asks for so long.
const longAtGate = 90_000

// oneGate is the distance in metres within which a second barrier without a
// name is part of the gate before it.
const oneGate = 15.0

// gate tells of a barrier on the way: out of a compound, into another one, or
// across a way.
func (t *teller) gate(sec section, ms uint32) {
	barrier := t.r.net.PortalBarrier(sec.ref)
	if barrier == street.None {
		t.spend(ms)
		return
	}
	bar := &t.r.net.Barriers()[barrier]
	if bar.Gate == street.None {
		t.spend(ms) // a bollard is not worth a word
		return
	}
	place := &t.r.net.Gates()[bar.Gate]
	if place.Name == "" && t.step != nil && (t.step.Turn == "enter" || t.step.Turn == "gate") && t.step.Distance < oneGate {
		t.spend(ms) // the boom behind the gate
		return
	}
	from, to := t.r.sides(barrier, sec.ref)
	text := t.r.passText(place, from, to)
	if ms > longAtGate {
		text = waitText(text, ms)
	}
	t.say("gate", text, place.Point, "")
	t.spend(ms)
	t.last = street.WayInfo{}
}

// sides returns the rooms before and behind a portal; those of a hub are
// those of the spoke.
func (r *Router) sides(barrier uint32, ref street.Ref) (from, to uint32) {
	a, b := r.net.Ends(ref)
	for _, s := range r.net.Sides(barrier) {
		if s.Node == a {
			from = s.Room
		}
		if s.Node == b {
			to = s.Room
		}
	}
	return from, to
}

// arrive ends the last leg.
func (t *teller) arrive(trip *trip) {
	at := trip.goal.point
	if n := len(t.leg.Line); n > 0 {
		at = t.leg.Line[n-1]
	}
	t.say("arrive", arriveText(trip.goal.name), at, "")
	if len(t.leg.Line) == 1 {
		t.leg.Line = append(t.leg.Line, t.leg.Line[0]) // a line has two points
	}
}

// bearingOf returns the direction from a to b in degrees from north,
// clockwise; ok is false where they are one point.
func bearingOf(a, b orb.Point) (deg float64, ok bool) {
	dx := (b[0] - a[0]) * math.Cos((a[1]+b[1])/2*math.Pi/180)
	dy := b[1] - a[1]
	if dx == 0 && dy == 0 {
		return 0, false
	}
	return math.Mod(math.Atan2(dx, dy)*180/math.Pi+360, 360), true
}

// normalize brings an angle into (-180, 180].
func normalize(deg float64) float64 {
	deg = math.Mod(deg, 360)
	switch {
	case deg > 180:
		return deg - 360
	case deg <= -180:
		return deg + 360
	}
	return deg
}

// turnOf names a change of direction; positive angles are to the right.
func turnOf(deg float64) string {
	side := "right"
	if deg < 0 {
		side = "left"
	}
	switch a := math.Abs(deg); {
	case a < 20:
		return "straight"
	case a < 45:
		return "slight_" + side
	case a < 120:
		return side
	case a < 165:
		return "sharp_" + side
	}
	return "uturn"
}
