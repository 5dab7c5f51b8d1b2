package osm

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"yizhan/geo"
)

// stopRank ranks what may stand for one bus stop: where a pole is mapped, the
// platform and the stopping point of the same stop are not stops of their own.
type stopRank uint8

const (
	stopNone stopRank = iota
	stopPole
	stopPlatform
	stopStation
	stopPosition
)

// How far apart, in metres, two elements of the same name may be and yet be
// one stop. A stopping point lies on the road, beside its pole; a platform is
// where its pole is. Poles are never merged: one across the street has the
// same name.
const (
	reachPosition = 45
	reachPlatform = 20
)

// stop is a bus stop before merging.
type stop struct {
	place *geo.Place
	rank  stopRank
}

// mergeStops drops the stops that stand for the same stop as a better ranked
// one near by, which takes over their lines, and returns the others by ID.
func mergeStops(stops []stop) []*geo.Place {
	slices.SortFunc(stops, func(a, b stop) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.place.ID, b.place.ID))
	})
	grid := map[[2]int32][]*geo.Place{}
	const cell = 0.001 // degrees: more than any reach up to 60° of latitude
	at := func(p *geo.Place) [2]int32 {
		return [2]int32{int32(math.Floor(p.Point[0] / (2 * cell))), int32(math.Floor(p.Point[1] / cell))}
	}
	var out []*geo.Place
	for _, s := range stops {
		reach := 0.0
		switch s.rank {
		case stopPosition:
			reach = reachPosition
		case stopPlatform:
			reach = reachPlatform
		}
		c := at(s.place)
		var best *geo.Place
		for dx := int32(-1); dx <= 1 && reach > 0; dx++ {
			for dy := int32(-1); dy <= 1; dy++ {
				for _, p := range grid[[2]int32{c[0] + dx, c[1] + dy}] {
					if d := geo.Distance(p.Point, s.place.Point); d <= reach && sameName(p.Name, s.place.Name) {
						best, reach = p, d
					}
				}
			}
		}
		if best == nil {
			out = append(out, s.place)
			grid[c] = append(grid[c], s.place)
			continue
		}
		if best.Name == "" {
			best.Name, best.Names = s.place.Name, s.place.Names
		}
		best.BusStop.Lines = append(best.BusStop.Lines, s.place.BusStop.Lines...)
		best.BusStop.Shelter = best.BusStop.Shelter || s.place.BusStop.Shelter
		best.BusStop.Bench = best.BusStop.Bench || s.place.BusStop.Bench
	}
	for _, p := range out {
		p.BusStop.Lines = lines(p.BusStop.Lines)
	}
	slices.SortFunc(out, func(a, b *geo.Place) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

func sameName(a, b string) bool { return a == b || a == "" || b == "" }

// lines orders the names of lines as people read them, 9 before 10, and drops
// repetitions.
func lines(in []string) []string {
	slices.SortFunc(in, func(a, b string) int {
		return cmp.Or(cmp.Compare(leadingNumber(a), leadingNumber(b)), cmp.Compare(a, b))
	})
	return slices.Compact(in)
}

// leadingNumber returns the number a text begins with, a large one where it
// begins with none.
func leadingNumber(s string) int {
	n, i := 0, 0
	for ; i < len(s) && i < 9 && s[i] >= '0' && s[i] <= '9'; i++ {
		n = 10*n + int(s[i]-'0')
	}
	if i == 0 {
		return math.MaxInt
	}
	return n
}

// splitLines reads the lines of route_ref=* and lines=*.
func splitLines(s string) []string {
	var out []string
	for _, one := range strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == ',' || r == '、' || r == '，' || r == '；' }) {
		if one = clean(one); one != "" && len(out) < maxLines {
			out = append(out, one)
		}
	}
	return out
}

// maxLines bounds the lines of one stop.
const maxLines = 100

// calls lists the lines by the element that they call at.
type calls map[member][]string

// busCalls reads the bus routes' members. What a member's role says differs
// from mapper to mapper, so every node, and every way or relation whose role
// speaks of a platform, counts.
func (e *elements) busCalls(m *mapping) calls {
	out := calls{}
	var buf Tags
	for i := range e.relations {
		r := &e.relations[i]
		buf = e.tagsOf(r.tags, buf)
		if buf.Get("type") != "route" || m.buses.first(buf, nil) == nil {
			continue
		}
		line := get(buf, "ref", "name", "name:zh", "name:en")
		if line == "" {
			continue
		}
		for _, mem := range e.members[r.members.from:r.members.to] {
			role := e.pool.words[mem.role]
			if mem.typ != NodeMember && !strings.Contains(role, "platform") && !strings.Contains(role, "stop") {
				continue
			}
			key := member{ref: mem.ref, typ: mem.typ}
			if len(out[key]) < maxLines {
				out[key] = append(out[key], line)
			}
		}
	}
	return out
}
