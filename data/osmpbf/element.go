package osmpbf

import (
	"math"
	"time"

	"github.com/paulmach/orb"
)

// Tag is one key and its value, as the file has them: not cleaned, not
// necessarily valid UTF-8.
type Tag struct{ Key, Value string }

// Tags are the tags of one element in file order.
type Tags []Tag

// Get returns the value of the first tag with the key, "" where there is none.
func (t Tags) Get(key string) string {
	for i := range t {
		if t[i].Key == key {
			return t[i].Value
		}
	}
	return ""
}

// NoCoord in Node.Lon or Node.Lat says that the file gives no position that
// lies on Earth.
const NoCoord = math.MaxInt32

// Node is a point. Lon and Lat are WGS-84 in units of 1e-7 degrees, finer
// granularities being rounded; both are [NoCoord] where the position is out
// of range.
type Node struct {
	ID       int64
	Lon, Lat int32
	Tags     Tags
}

// Placed says whether the node has a position.
func (n *Node) Placed() bool { return n.Lon != NoCoord }

// Point returns the position in degrees; it means nothing unless n is placed.
func (n *Node) Point() orb.Point { return orb.Point{Degrees(n.Lon), Degrees(n.Lat)} }

// Degrees turns units of 1e-7 degrees into degrees. The division, not a
// multiplication by 1e-7, gives the float64 nearest to the decimal number.
func Degrees(v int32) float64 { return float64(v) / 1e7 }

// Way is a line through nodes, closed where the first is the last.
type Way struct {
	ID    int64
	Tags  Tags
	Nodes []int64
}

// MemberType is the type of element that a relation's member is.
type MemberType uint8

// The types of member, numbered as in the file format.
const (
	NodeMember MemberType = iota
	WayMember
	RelationMember
)

// Member is one member of a relation.
type Member struct {
	Type MemberType
	Ref  int64
	Role string
}

// Relation is an ordered list of members with roles.
type Relation struct {
	ID      int64
	Tags    Tags
	Members []Member
}

// Header is what a file says about itself.
type Header struct {
	// Bound is the bounding box in degrees; HasBound is false where the file
	// gives none, or none that is a box on Earth.
	Bound    orb.Bound
	HasBound bool
	// Required and Optional are the feature names of the file.
	Required, Optional []string
	// Program wrote the file, Source is where it says the data comes from.
	Program, Source string
	// Replication is the moment that the data stands at, zero where not given.
	Replication time.Time
}

// Handler receives the elements of a file. A nil function skips that type of
// element, which is then not even parsed. The functions are called one after
// another, in file order, in the goroutine that called [Decode]; the first
// error they return ends the reading and is returned as it is.
//
// The element and its slices (Tags, Nodes, Members) are valid only during the
// call: their memory is used again. Strings stay valid, but each is a piece of
// its block's whole string table: keep strings.Clone of it, not the string.
type Handler struct {
	Header   func(*Header) error
	Node     func(*Node) error
	Way      func(*Way) error
	Relation func(*Relation) error
	// Progress is told after each block how many bytes of the file are done.
	Progress func(done int64)
}

// Stats counts what was read. Elements of a type that the Handler skips are
// not counted.
type Stats struct {
	Nodes, Ways, Relations int64
	Blocks                 int
	Bytes                  int64
}

// MakeNode returns a node at a position in degrees.
func MakeNode(id int64, lon, lat float64, tags ...Tag) Node {
	n := Node{ID: id, Lon: NoCoord, Lat: NoCoord, Tags: tags}
	if math.Abs(lon) <= 180 && math.Abs(lat) <= 90 {
		n.Lon, n.Lat = int32(math.Round(lon*1e7)), int32(math.Round(lat*1e7))
	}
	return n
}
