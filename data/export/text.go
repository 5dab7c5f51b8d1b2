package export

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"yizhan/data/atlas"
)

// appendNumber writes the shortest decimal that reads back the same, never with
// an exponent.
func appendNumber(b []byte, v float64) []byte {
	if v == 0 {
		v = 0 // no sign
	}
	return strconv.AppendFloat(b, v, 'f', -1, 64)
}

// appendStrings writes a JSON list.
func appendStrings(b []byte, list []string) []byte {
	b = append(b, '[')
	for i, s := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = atlas.AppendString(b, s)
	}
	return append(b, ']')
}

// stringMap returns a JSON object, its keys in order, "" for an empty one.
func stringMap[M ~map[string]string](m M) string {
	if len(m) == 0 {
		return ""
	}
	b := []byte{'{'}
	for i, key := range slices.Sorted(maps.Keys(m)) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(atlas.AppendString(b, key), ':')
		b = atlas.AppendString(b, m[key])
	}
	return string(append(b, '}'))
}

// moment writes a time in a zone, "" for none.
func moment(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(time.RFC3339)
}
