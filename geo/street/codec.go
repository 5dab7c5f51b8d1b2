package street

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math"

	"yizhan/geo"
)

// The file is
//
//	"yizhanST"  magic, 8 bytes
//	version     uint32
//	size        uint64, bytes of the body
//	body        sections, each: tag uint32, size uint64, payload
//	checksum    uint32, CRC-32C of everything before it
//
// with all numbers little-endian. A section that holds an array is its
// elements in a row. Equal networks give equal files. A file of another
// version is refused: a network is compiled from its source in seconds.
// Version 3 added the order of the nodes.
const (
	magic   = "yizhanST"
	version = 3
	header  = len(magic) + 4 + 8
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// maxFile bounds what Read takes in: 4 GB.
const maxFile = 1 << 32

// arrays lists the flat arrays in the order of their sections.
func (g *graph) arrays() []any {
	return []any{
		&g.nodeLon, &g.nodeLat,
		&g.edgeA, &g.edgeB, &g.edgeWay, &g.edgeRoom, &g.edgeLength, &g.edgeShape,
		&g.shapeLon, &g.shapeLat,
		&g.portalBarrier, &g.portalSpoke,
		&g.wayID, &g.wayClass, &g.wayName, &g.wayProfile, &g.wayRule,
		&g.order,
	}
}

// recordsTag is the tag of the section that holds everything that is no flat
// array.
const recordsTag = 1000

// WriteTo writes the network as a file that Read understands.
func (n *Network) WriteTo(w io.Writer) (int64, error) {
	body := make([]byte, header, 1<<20)
	for i, array := range n.graph.arrays() {
		at := len(body)
		body = appendHead(body, uint32(i))
		body = appendArray(body, array)
		binary.LittleEndian.PutUint64(body[at+4:], uint64(len(body)-at-12))
	}
	at := len(body)
	body = appendHead(body, recordsTag)
	e := encoder{body}
	e.records(&n.records)
	body = e.buf
	binary.LittleEndian.PutUint64(body[at+4:], uint64(len(body)-at-12))

	copy(body, magic)
	binary.LittleEndian.PutUint32(body[len(magic):], version)
	binary.LittleEndian.PutUint64(body[len(magic)+4:], uint64(len(body)-header))
	body = binary.LittleEndian.AppendUint32(body, crc32.Checksum(body, castagnoli))
	written, err := w.Write(body)
	return int64(written), err
}

func appendHead(b []byte, tag uint32) []byte {
	b = binary.LittleEndian.AppendUint32(b, tag)
	return binary.LittleEndian.AppendUint64(b, 0)
}

func appendArray(b []byte, array any) []byte {
	switch a := array.(type) {
	case *[]int32:
		for _, v := range *a {
			b = binary.LittleEndian.AppendUint32(b, uint32(v))
		}
	case *[]uint32:
		for _, v := range *a {
			b = binary.LittleEndian.AppendUint32(b, v)
		}
	case *[]float32:
		for _, v := range *a {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
		}
	case *[]int64:
		for _, v := range *a {
			b = binary.LittleEndian.AppendUint64(b, uint64(v))
		}
	}
	return b
}

// damaged is the error of a file that cannot be used.
func damaged(zh, en string) *geo.Error {
	return geo.NewError(geo.Invalid,
		"路网文件"+zh+"。请重新导入：yizhan import osm 文件.osm.pbf --data 目录",
		"the street file "+en+": import again with yizhan import osm FILE.osm.pbf --data DIR")
}

// Read reads a network that WriteTo wrote. A file that is damaged, cut off, no
// street file or of another version gives a *geo.Error that says to import
// again.
func Read(r io.Reader) (*Network, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, damaged("读不出来", "cannot be read").Because(err)
	}
	return Decode(data)
}

// Decode reads a network from the bytes of its file; see Read. The network
// does not keep data.
func Decode(data []byte) (*Network, error) {
	if len(data) < len(magic) || string(data[:len(magic)]) != magic {
		return nil, damaged("不是 yizhan 的路网", "is no street network of yizhan")
	}
	if len(data) < header+4 {
		return nil, damaged("不完整", "is cut off")
	}
	if v := binary.LittleEndian.Uint32(data[len(magic):]); v != version {
		return nil, damaged(fmt.Sprintf("的版本是 %d，本程序需要 %d", v, version),
			fmt.Sprintf("has version %d, this program needs %d", v, version))
	}
	if size := binary.LittleEndian.Uint64(data[len(magic)+4:]); size != uint64(len(data)-header-4) {
		return nil, damaged("不完整", "is cut off")
	}
	body, sum := data[:len(data)-4], binary.LittleEndian.Uint32(data[len(data)-4:])
	if crc32.Checksum(body, castagnoli) != sum {
		return nil, damaged("已损坏", "is damaged")
	}
	n := new(Network)
	if err := n.decode(body[header:]); err != nil {
		return nil, damaged("已损坏", "is damaged").Because(err)
	}
	if err := n.derive(); err != nil {
		return nil, damaged("已损坏", "is damaged").Because(err)
	}
	return n, nil
}

// decode reads the sections and checks that every index points somewhere.
func (n *Network) decode(body []byte) error {
	arrays := n.graph.arrays()
	for i := 0; ; i++ {
		if len(body) < 12 {
			return fmt.Errorf("section %d has no head", i)
		}
		tag, size := binary.LittleEndian.Uint32(body), binary.LittleEndian.Uint64(body[4:])
		body = body[12:]
		if size > uint64(len(body)) {
			return fmt.Errorf("section %d claims %d bytes of %d", i, size, len(body))
		}
		payload := body[:size]
		body = body[size:]
		if i == len(arrays) {
			if tag != recordsTag || len(body) != 0 {
				return fmt.Errorf("section %d is not the last", i)
			}
			d := decoder{buf: payload}
			d.records(&n.records)
			if d.err != nil {
				return d.err
			}
			return n.check()
		}
		if tag != uint32(i) {
			return fmt.Errorf("section %d has tag %d", i, tag)
		}
		if err := readArray(payload, arrays[i]); err != nil {
			return fmt.Errorf("section %d: %w", i, err)
		}
	}
}

func readArray(b []byte, array any) error {
	size := 4
	if _, ok := array.(*[]int64); ok {
		size = 8
	}
	if len(b)%size != 0 {
		return fmt.Errorf("%d bytes are no whole elements", len(b))
	}
	count := len(b) / size
	switch a := array.(type) {
	case *[]int32:
		*a = make([]int32, count)
		for i := range *a {
			(*a)[i] = int32(binary.LittleEndian.Uint32(b[4*i:]))
		}
	case *[]uint32:
		*a = make([]uint32, count)
		for i := range *a {
			(*a)[i] = binary.LittleEndian.Uint32(b[4*i:])
		}
	case *[]float32:
		*a = make([]float32, count)
		for i := range *a {
			(*a)[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
		}
	case *[]int64:
		*a = make([]int64, count)
		for i := range *a {
			(*a)[i] = int64(binary.LittleEndian.Uint64(b[8*i:]))
		}
	}
	return nil
}

// check makes sure that no index of the file points outside its table, so
// that what is loaded cannot make a search panic.
func (n *Network) check() error {
	nodes, streets, portals := len(n.nodeLon), len(n.edgeWay), len(n.portalBarrier)
	ways := len(n.wayID)
	switch {
	case len(n.nodeLat) != nodes, len(n.edgeA) != streets+portals, len(n.edgeB) != streets+portals,
		len(n.edgeRoom) != streets, len(n.edgeLength) != streets, len(n.edgeShape) != streets+1,
		len(n.shapeLat) != len(n.shapeLon), len(n.portalSpoke) != portals,
		len(n.order) != nodes,
		len(n.wayClass) != ways, len(n.wayName) != ways, len(n.wayProfile) != ways, len(n.wayRule) != ways:
		return fmt.Errorf("the lengths of the arrays do not agree")
	case streets+portals >= 1<<31:
		return fmt.Errorf("%d edges are too many", streets+portals)
	}
	below := func(name string, list []uint32, limit int, orNone bool) error {
		for _, v := range list {
			if int64(v) >= int64(limit) && (!orNone || v != None) {
				return fmt.Errorf("%s %d of %d", name, v, limit)
			}
		}
		return nil
	}
	for _, c := range []struct {
		name   string
		list   []uint32
		limit  int
		orNone bool
	}{
		{"node", n.edgeA, nodes, false}, {"node", n.edgeB, nodes, false},
		{"way", n.edgeWay, ways, false}, {"room", n.edgeRoom, len(n.compounds) + 1, false},
		{"shape", n.edgeShape, len(n.shapeLon) + 1, false},
		{"barrier", n.portalBarrier, len(n.barriers), false},
		{"class", n.wayClass, int(numClasses), false}, {"name", n.wayName, len(n.names), false},
		{"profile", n.wayProfile, len(n.profiles), false}, {"rule", n.wayRule, len(n.ruleTags), true},
	} {
		if err := below(c.name, c.list, c.limit, c.orNone); err != nil {
			return err
		}
	}
	for i := 1; i < len(n.edgeShape); i++ {
		if n.edgeShape[i] < n.edgeShape[i-1] {
			return fmt.Errorf("shapes out of order at edge %d", i-1)
		}
	}
	if n.edgeShape[0] != 0 || int(n.edgeShape[streets]) != len(n.shapeLon) {
		return fmt.Errorf("shapes do not cover their points")
	}
	for e, l := range n.edgeLength {
		if !(l >= 0 && l < 1e8) {
			return fmt.Errorf("edge %d is %g m long", e, l)
		}
	}
	for _, r := range n.edgeRoom {
		if r != Public && !n.compounds[r-1].Gated {
			return fmt.Errorf("room %d is an open area", r)
		}
	}
	for i := range n.profiles {
		for m := range n.profiles[i].Speed {
			for _, v := range n.profiles[i].Speed[m] {
				if !(v >= 0 && v < 1e3) {
					return fmt.Errorf("profile %d has a speed of %g m/s", i, v)
				}
			}
		}
	}
	for _, b := range n.barriers {
		if b.Gate != None && int(b.Gate) >= len(n.gates) {
			return fmt.Errorf("gate %d of %d", b.Gate, len(n.gates))
		}
		if err := below("compound", b.Compounds, len(n.compounds), false); err != nil {
			return err
		}
	}
	for i := range n.gates {
		if n.gates[i].Gate == nil {
			return fmt.Errorf("place %d is no gate", i)
		}
	}
	return nil
}
