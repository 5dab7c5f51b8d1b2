package export

import (
	"context"
	"fmt"
	"strings"

	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/datum"
	"yizhan/geo/index"
)

// Collection is a kind of place, or compound, building or street.
type Collection string

// The collections that are no kinds of place.
const (
	Compounds Collection = atlas.LayerCompound
	Buildings Collection = atlas.LayerBuilding
	Streets   Collection = atlas.LayerStreet
)

// Collections returns all collections, the places first.
func Collections() []Collection {
	return append(Places(), Compounds, Buildings, Streets)
}

// Places returns the collections that are kinds of place.
func Places() []Collection {
	list := make([]Collection, 0, len(geo.Kinds())+3)
	for _, info := range geo.Kinds() {
		list = append(list, Collection(info.Kind))
	}
	return list
}

// Kind returns the kind of place that the collection holds, "" where it holds
// no places.
func (c Collection) Kind() geo.Kind {
	switch c {
	case Compounds, Buildings, Streets:
		return ""
	}
	return geo.Kind(c)
}

// Name is what the collection is called.
func (c Collection) Name() geo.Text {
	switch c {
	case Compounds:
		return geo.Text{Zh: "小区和院落", En: "Compounds"}
	case Buildings:
		return geo.Text{Zh: "楼栋", En: "Buildings"}
	case Streets:
		return geo.Text{Zh: "道路", En: "Streets"}
	}
	for _, info := range geo.Kinds() {
		if info.Kind == geo.Kind(c) {
			return info.Name
		}
	}
	return geo.Text{Zh: string(c), En: string(c)}
}

// Parse reads the word of a collection. The error is a *geo.Error.
func Parse(s string) (Collection, error) {
	all := Collections()
	words := make([]string, len(all))
	for i, c := range all {
		if string(c) == s {
			return c, nil
		}
		words[i] = string(c)
	}
	list := strings.Join(words, ", ")
	return "", geo.NewError(geo.Invalid,
		fmt.Sprintf("类别 %q 不认识，可用：%s。", s, list),
		fmt.Sprintf("unknown kind %q: use one of %s", s, list))
}

// Box is the area to export, in degrees of Options.Datum: West beyond East
// where it crosses the antimeridian.
type Box struct{ West, South, East, North float64 }

// has says whether a point lies in the box or on its edge.
func (b *Box) has(p orb.Point) bool {
	if p[1] < b.South || p[1] > b.North {
		return false
	}
	if b.West > b.East {
		return p[0] >= b.West || p[0] <= b.East
	}
	return p[0] >= b.West && p[0] <= b.East
}

// meets says whether a bound and the box have a point in common.
func (b *Box) meets(o orb.Bound) bool {
	if o.Max[1] < b.South || o.Min[1] > b.North {
		return false
	}
	if b.West > b.East {
		return o.Max[0] >= b.West || o.Min[0] <= b.East
	}
	return o.Max[0] >= b.West && o.Min[0] <= b.East
}

// Options say what to export. The zero value exports everything in WGS-84.
type Options struct {
	// Collections in the order in which they are written; nil is all that the
	// format takes.
	Collections []Collection
	// Box leaves out what does not meet it, and with that every place without a
	// position; nil exports from everywhere.
	Box *Box
	// Datum of the coordinates, WGS-84 where "". GeoPackage, FlatGeobuf and
	// PMTiles are WGS-84 always.
	Datum datum.Datum
	// Progress is told now and then how many of how many features of a
	// collection have been looked at; nil tells nobody. GeoPackage and PMTiles,
	// which take their time otherwise, do not tell.
	Progress func(c Collection, done, total int)
	// Dir is where temporary files are made, the system's folder for these
	// where "".
	Dir string
}

// Count says what was written of a collection.
type Count struct {
	Collection Collection
	// Features were written, of which Unplaced have no position.
	Features int
	Unplaced int
	// Left were left out because the format has no place for features without
	// a position or an extent.
	Left int
}

// Total adds counts up.
func Total(counts []Count) (sum Count) {
	for _, c := range counts {
		sum.Features, sum.Unplaced, sum.Left = sum.Features+c.Features, sum.Unplaced+c.Unplaced, sum.Left+c.Left
	}
	return sum
}

// job is one export at work.
type job struct {
	ctx context.Context
	a   *atlas.Atlas
	opt Options
}

func newJob(ctx context.Context, a *atlas.Atlas, opt Options, most []Collection) *job {
	if opt.Collections == nil {
		opt.Collections = most
	}
	if opt.Datum == "" {
		opt.Datum = datum.WGS84
	}
	return &job{ctx, a, opt}
}

// every is how often a job looks whether it is to stop and tells how far it is.
const every = 1024

// step says that a number of features of a collection have been looked at.
func (j *job) step(c Collection, done, total int) error {
	if done%every != 0 && done != total {
		return nil
	}
	if j.opt.Progress != nil {
		j.opt.Progress(c, done, total)
	}
	return j.ctx.Err()
}

// point puts a position into the datum of the export.
func (j *job) point(p orb.Point) orb.Point {
	if j.opt.Datum == datum.WGS84 {
		return p
	}
	return j.opt.Datum.FromWGS84(p)
}

// inside says whether a bound in WGS-84 meets the box.
func (j *job) inside(b orb.Bound) bool {
	if j.opt.Box == nil {
		return true
	}
	if j.opt.Datum != datum.WGS84 {
		// The shift is smooth: the corners bound what lies between them to
		// within centimetres.
		a, c := j.point(b.Min), j.point(b.Max)
		b = orb.Bound{Min: a, Max: c}
	}
	return j.opt.Box.meets(b)
}

// places calls do for the places of a kind in the order of their IDs: those in
// the box, or all.
func (j *job) places(kind geo.Kind, do func(s index.Slot) error) error {
	ix := j.a.Places
	total := ix.Len(kind)
	done := 0
	for s := range ix.ByID(kind, "") {
		done++
		if err := j.step(Collection(kind), done, max(total, done)); err != nil {
			return err
		}
		if b := j.opt.Box; b != nil && (!ix.Placed(s) || !b.has(j.point(ix.Point(s)))) {
			continue
		}
		if err := do(s); err != nil {
			return err
		}
	}
	return j.ctx.Err()
}

// compounds calls do for the compounds that have a perimeter.
func (j *job) compounds(do func(c *geo.Compound) error) error {
	all := j.a.Streets.Compounds()
	for i := range all {
		if err := j.step(Compounds, i+1, len(all)); err != nil {
			return err
		}
		if c := &all[i]; len(c.Perimeter) > 0 && j.inside(c.Perimeter.Bound()) {
			if err := do(c); err != nil {
				return err
			}
		}
	}
	return j.ctx.Err()
}

// buildings calls do for the buildings that have an outline.
func (j *job) buildings(do func(b *geo.Building) error) error {
	all := j.a.Streets.Buildings()
	for i := range all {
		if err := j.step(Buildings, i+1, len(all)); err != nil {
			return err
		}
		if b := &all[i]; len(b.Outline) > 0 && j.inside(b.Outline.Bound()) {
			if err := do(b); err != nil {
				return err
			}
		}
	}
	return j.ctx.Err()
}

// compoundName is the name of a compound, "" where it is not known.
func (j *job) compoundName(id string) string {
	if c, ok := j.a.Streets.Compound(id); ok {
		return c.Name
	}
	return ""
}
