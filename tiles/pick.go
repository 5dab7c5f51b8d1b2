package tiles

import (
	"encoding/binary"

	"yizhan/geo"
)

// Pick appends one layer of a tile to dst, nothing where the tile has no such
// layer. A tile is a list of layers, each of which knows its name, so nothing
// is encoded anew. A tile that cannot be read is an Internal error.
func Pick(dst, tile []byte, name string) ([]byte, error) {
	for len(tile) > 0 {
		field, n := readField(tile)
		if n == 0 {
			return dst, geo.NewError(geo.Internal, "瓦片损坏。", "the tile is damaged")
		}
		if field.number == 3 && field.body != nil && layerName(field.body) == name {
			dst = append(dst, tile[:n]...)
		}
		tile = tile[n:]
	}
	return dst, nil
}

// layerName returns the name of an encoded layer.
func layerName(layer []byte) string {
	for len(layer) > 0 {
		field, n := readField(layer)
		if n == 0 {
			return ""
		}
		if field.number == 1 && field.body != nil {
			return string(field.body)
		}
		layer = layer[n:]
	}
	return ""
}

// pbField is a field of a protocol buffer; body is nil where it is a number.
type pbField struct {
	number uint64
	body   []byte
}

// readField reads the field that b begins with, and its length, 0 where it
// cannot be read. Tiles hold numbers and bytes alone at these depths.
func readField(b []byte) (pbField, int) {
	key, n := binary.Uvarint(b)
	if n <= 0 {
		return pbField{}, 0
	}
	value, m := binary.Uvarint(b[n:])
	if m <= 0 {
		return pbField{}, 0
	}
	switch key & 7 {
	case 0:
		return pbField{number: key >> 3}, n + m
	case 2:
		rest := b[n+m:]
		if value > uint64(len(rest)) {
			return pbField{}, 0
		}
		body := rest[:value:value]
		if body == nil {
			body = []byte{}
		}
		return pbField{key >> 3, body}, n + m + int(value)
	}
	return pbField{}, 0
}
