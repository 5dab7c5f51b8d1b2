package osmpbf

import (
	"time"

	"github.com/paulmach/orb"
	"google.golang.org/protobuf/encoding/protowire"
)

// supported are the required features that the decoder reads.
var supported = [...]string{"OsmSchema-V0.6", "DenseNodes"}

// parseHeader reads a HeaderBlock and refuses files that need more than is
// read here.
func parseHeader(b []byte) (*Header, error) {
	h := &Header{}
	for len(b) > 0 {
		f, rest, err := next(b)
		if err != nil {
			return nil, err
		}
		b = rest
		switch f.num {
		case 1:
			if f.typ == protowire.BytesType {
				if h.Bound, h.HasBound, err = parseBound(f.bytes); err != nil {
					return nil, err
				}
			}
		case 4:
			h.Required = append(h.Required, string(f.bytes))
		case 5:
			h.Optional = append(h.Optional, string(f.bytes))
		case 16:
			h.Program = string(f.bytes)
		case 17:
			h.Source = string(f.bytes)
		case 32:
			if s := int64(f.number); s > 0 && s < 1<<40 {
				h.Replication = time.Unix(s, 0).UTC()
			}
		}
	}
	for _, name := range h.Required {
		if name != supported[0] && name != supported[1] {
			return nil, feature(printable(name))
		}
	}
	return h, nil
}

// parseBound reads a HeaderBBox, in units of 1e-9 degrees.
func parseBound(b []byte) (orb.Bound, bool, error) {
	var side [5]int64
	var seen [5]bool
	for len(b) > 0 {
		f, rest, err := next(b)
		if err != nil {
			return orb.Bound{}, false, err
		}
		b = rest
		if f.num >= 1 && f.num <= 4 && f.typ == protowire.VarintType {
			side[f.num] = protowire.DecodeZigZag(f.number)
			seen[f.num] = true
		}
	}
	left, right, top, bottom := side[1], side[2], side[3], side[4]
	const lon, lat = 180_000_000_000, 90_000_000_000
	ok := seen[1] && seen[2] && seen[3] && seen[4] &&
		left >= -lon && left <= right && right <= lon && bottom >= -lat && bottom <= top && top <= lat
	if !ok {
		return orb.Bound{}, false, nil
	}
	return orb.Bound{
		Min: orb.Point{float64(left) / 1e9, float64(bottom) / 1e9},
		Max: orb.Point{float64(right) / 1e9, float64(top) / 1e9},
	}, true, nil
}

// printable bounds a name from the file for a message.
func printable(s string) string {
	if len(s) > 60 {
		s = s[:60] + "…"
	}
	return s
}
