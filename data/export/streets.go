package export

import (
	"strconv"

	"github.com/paulmach/orb"

	"yizhan/geo/street"
)

// stretch is a stretch of street between two junctions.
type stretch struct {
	edge uint32
	line orb.LineString
	way  street.WayInfo
	// length in metres.
	length float64
}

// id names a stretch within one import: the way it is part of and its number
// in the network.
func (s *stretch) id() string {
	return "street:" + strconv.FormatUint(uint64(s.edge), 10)
}

// wayID names the way in its source.
func (s *stretch) wayID() string { return "osm:w" + strconv.FormatInt(s.way.ID, 10) }

// streets calls do for each stretch of street, but for those that only the
// network has, to join gates with streets; the stretch is good until the next
// call.
func (j *job) streets(do func(s *stretch) error) error {
	n := j.a.Streets
	total := n.NumStreets()
	var s stretch
	for e := range total {
		if err := j.step(Streets, e+1, total); err != nil {
			return err
		}
		s = stretch{edge: uint32(e), line: n.Coords(s.line[:0], street.Ref(e)<<1), way: n.WayOf(uint32(e)), length: n.Length(uint32(e))}
		if s.way.Class == street.GateLink || !j.inside(s.line.Bound()) {
			continue
		}
		if err := do(&s); err != nil {
			return err
		}
	}
	return j.ctx.Err()
}
