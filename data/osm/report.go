package osm

import (
	"fmt"
	"time"

	"yizhan/geo"
)

// Progress says how far an import is. Phase is for people; Total is 0 where
// the end is not known. In the first phase Done and Total count bytes.
type Progress struct {
	Phase       geo.Text
	Done, Total int64
}

// Report says what an import found and what it could not use.
type Report struct {
	// Nodes, Ways and Relations are what the source held.
	Nodes, Ways, Relations int
	// Kinds counts the places by kind, gates of the network included.
	Kinds map[geo.Kind]int
	// Compounds, Buildings, Entrances, Streets and Walls count what went into
	// the street network.
	Compounds, Buildings, Entrances, Streets, Walls int
	// Features counts the base map's features by layer.
	Features map[geo.MapLayer]int
	// Warnings are the things that could not be used as they are, at most
	// maxWarnings of each kind; Found counts all of them.
	Warnings []Warning
	Found    map[WarningKind]int
	// Data is the moment the data stands at, zero where the source does not
	// say.
	Data time.Time
	// Took is how long the import ran.
	Took time.Duration
}

// WarningKind groups warnings.
type WarningKind string

// The kinds of warning.
const (
	// BrokenArea is a multipolygon or outline that does not close; it is left
	// out.
	BrokenArea WarningKind = "broken_area"
	// MissingNodes is a street that refers to nodes which the file does not
	// have; the part that is there is used.
	MissingNodes WarningKind = "missing_nodes"
	// Hours are opening hours that cannot be read; they are kept as text.
	Hours WarningKind = "hours"
	// Quarter is a named area that is too large or too public to be a
	// compound.
	Quarter WarningKind = "quarter"
	// BrokenCoast is a coastline that ends inside the map; the sea is left
	// out.
	BrokenCoast WarningKind = "broken_coast"
	// Network is something that the street network says.
	Network WarningKind = "network"
)

// Warning is one thing that could not be used as it is.
type Warning struct {
	Kind WarningKind
	// Element is the OSM element: "n123", "w45", "r6"; "" where none.
	Element string
	Text    geo.Text
}

// maxWarnings bounds the warnings of one kind that are kept.
const maxWarnings = 200

// warn adds a warning.
func (r *Report) warn(kind WarningKind, element string, text geo.Text) {
	if r.Found == nil {
		r.Found = map[WarningKind]int{}
	}
	if r.Found[kind]++; r.Found[kind] <= maxWarnings {
		r.Warnings = append(r.Warnings, Warning{kind, element, text})
	}
}

func (r *Report) warnArea(element string, why geo.Text) {
	r.warn(BrokenArea, element, geo.Text{
		Zh: fmt.Sprintf("区域无法使用：%s", why.Zh),
		En: fmt.Sprintf("area left out: %s", why.En),
	})
}
