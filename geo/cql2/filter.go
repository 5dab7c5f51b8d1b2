package cql2

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"yizhan/geo"

	"github.com/paulmach/orb"
)

// Filter is a filter that was read. It may be used by several goroutines at
// once, except during Transform.
type Filter struct{ root *node }

// Conformance returns the identifiers of the conformance classes of CQL2 that
// the package holds, given records whose properties are of the types that
// there are.
//
// Of spatial-functions it leaves out one case, which it refuses: a
// GeometryCollection that mixes dimensions, in functions other than
// S_INTERSECTS and S_DISJOINT. The standard's tests have none.
func Conformance() []string {
	const base = "http://www.opengis.net/spec/cql2/1.0/conf/"
	classes := []string{
		"cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators",
		"case-insensitive-comparison", "accent-insensitive-comparison",
		"basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions",
		"array-functions", "property-property", "arithmetic",
	}
	for i, class := range classes {
		classes[i] = base + class
	}
	return classes
}

// Check says whether the filter can be used on records of a schema: each
// property is known and of a type that its use asks for, and each geometry is
// on the globe in lon,lat (after Transform, where the filter has coordinates
// of another system).
func (f *Filter) Check(q Schema) error {
	if _, p := f.root.check(q); p != nil {
		return geo.NewError(geo.Invalid, "过滤条件："+p.zh, "the filter: "+p.en)
	}
	return nil
}

// check returns the type of the node's value.
func (n *node) check(q Schema) (Type, *problem) {
	switch n.op {
	case opProperty:
		t, ok := q[n.name]
		if !ok {
			return Null, unknownProperty(n.name, q)
		}
		return t, nil
	case opShape:
		if !n.shape.valid() {
			return Null, &problem{
				"几何的坐标超出范围：经度应在 ±180 之内，纬度在 ±90 之内，边界框的南边不在北边之北。",
				"a geometry has invalid coordinates: longitudes must be within ±180, latitudes within ±90, and the south of a box not north of its north",
			}
		}
	}
	kinds := make([]Type, len(n.args))
	for i, a := range n.args {
		var p *problem
		if kinds[i], p = a.check(q); p != nil {
			return Null, p
		}
	}
	return n.kind(), n.checkKinds(kinds)
}

// checkKinds says whether the operands may be of the types that the schema
// gives them.
func (n *node) checkKinds(kinds []Type) *problem {
	want := Null
	switch {
	case n.op.isFold(), n.op == opLike:
		want = String
	case n.op.isArithmetic():
		want = Number
	case n.op.isSpatial():
		want = Geometry
	case n.op.isArray():
		want = StringList
	case n.op.isComparison(), n.op == opIn, n.op == opBetween:
		for i, k := range kinds[1:] {
			ka, kb := cast(n.args[0], n.args[i+1], kinds[0], k)
			if p := comparableTypes(n.op, ka, kb); p != nil {
				return p.about(n)
			}
		}
		if k := kinds[0]; n.op == opBetween && k != Number && !isInstant(k) && n.args[0].instant.kind == Null {
			return clash(n.op, Number, k).about(n)
		}
	}
	for _, k := range kinds {
		if want != Null && k != want {
			return clash(n.op, want, k).about(n)
		}
	}
	return nil
}

// about adds to a problem which condition has it.
func (p *problem) about(n *node) *problem {
	text := shorten(string(n.appendText(nil, 0)))
	return &problem{text + "：" + p.zh, text + ": " + p.en}
}

func unknownProperty(name string, q Schema) *problem {
	list := strings.Join(slices.Sorted(maps.Keys(q)), ", ")
	name = shorten(name)
	return &problem{
		fmt.Sprintf("没有属性 %q，可用：%s。", name, list),
		fmt.Sprintf("there is no property %q: use one of %s", name, list),
	}
}

// Bound returns a box outside of which no geometry matches, false where none
// follows from the filter. A geometry that reaches into the box may match.
func (f *Filter) Bound() (orb.Bound, bool) { return f.root.bound() }

func (n *node) bound() (orb.Bound, bool) {
	switch {
	case n.op == opAnd:
		return n.boundOfAll()
	case n.op == opOr:
		return n.boundOfAny()
	case n.op == opDisjoint || !n.op.isSpatial():
		return orb.Bound{}, false
	}
	a, b := n.args[0], n.args[1]
	if a.op == opShape {
		a, b = b, a
	}
	if a.op != opProperty || b.op != opShape || b.shape.flat.empty() {
		return orb.Bound{}, false
	}
	return b.shape.flat.bound, true
}

// boundOfAll is where all the boxes of the operands overlap. Where none do
// nothing matches, and any of the boxes will do.
func (n *node) boundOfAll() (bound orb.Bound, some bool) {
	for _, a := range n.args {
		b, ok := a.bound()
		switch {
		case !ok:
		case !some:
			bound, some = b, true
		case bound.Intersects(b):
			bound = orb.Bound{
				Min: orb.Point{max(bound.Min[0], b.Min[0]), max(bound.Min[1], b.Min[1])},
				Max: orb.Point{min(bound.Max[0], b.Max[0]), min(bound.Max[1], b.Max[1])},
			}
		}
	}
	return bound, some
}

func (n *node) boundOfAny() (bound orb.Bound, some bool) {
	for i, a := range n.args {
		b, ok := a.bound()
		if !ok {
			return orb.Bound{}, false
		}
		if i > 0 {
			b = bound.Union(b)
		}
		bound = b
	}
	return bound, true
}

// Equals returns the texts that properties must equal in whatever matches:
// those that are compared with = to a literal in every case, a literal that
// reads as a date or timestamp apart. The map is the caller's.
func (f *Filter) Equals() map[string]string {
	all := map[string]string{}
	f.root.equals(all)
	return all
}

func (n *node) equals(all map[string]string) {
	switch n.op {
	case opAnd:
		for _, a := range n.args {
			a.equals(all)
		}
	case opEqual:
		a, b := n.args[0], n.args[1]
		if a.op != opProperty {
			a, b = b, a
		}
		if a.op != opProperty || b.op != opLiteral || b.value.kind != String || b.instant.kind != Null {
			return // what reads as a date may be compared as one
		}
		if _, already := all[a.name]; !already {
			all[a.name] = b.value.str
		}
	}
}

// Transform moves the geometries of the filter with a function that takes
// coordinates as they were written to lon,lat. A box stays one where its sides
// stay upright, else its sides become chains of edges; other edges stay
// straight between their ends.
func (f *Filter) Transform(to func(orb.Point) orb.Point) { f.root.transform(to) }

func (n *node) transform(to func(orb.Point) orb.Point) {
	if n.op == opShape {
		n.shape.transform(to)
	}
	for _, a := range n.args {
		a.transform(to)
	}
	if n.op.isSpatial() {
		n.fixTransformed()
	}
}

// fixTransformed works out again what two literals have to do with each other.
// A box may have got more corners than are taken, and two pairs of sides in
// all cost little.
func (n *node) fixTransformed() {
	if a, b := n.args[0].shape, n.args[1].shape; a != nil && b != nil {
		n.fixed = truthOf(spatial(n.op, &a.flat, &b.flat))
	}
}

// Properties returns the names of the properties that the filter uses,
// ascending and each once.
func (f *Filter) Properties() []string {
	names := map[string]bool{}
	f.root.properties(names)
	return slices.Sorted(maps.Keys(names))
}

func (n *node) properties(names map[string]bool) {
	if n.op == opProperty {
		names[n.name] = true
	}
	for _, a := range n.args {
		a.properties(names)
	}
}

// Cost is about how much work it is to ask one record: the conditions and
// operands of the filter, and of each spatial function what its geometry adds.
// A unit is some tens of nanoseconds.
func (f *Filter) Cost() int { return f.root.cost() }

func (n *node) cost() int {
	sum := 1
	if n.op.isSpatial() {
		sum += 40 // a record's geometry has to be taken apart
	}
	if n.op == opShape {
		sum += n.shape.flat.size() / 4
	}
	for _, a := range n.args {
		sum += a.cost()
	}
	return sum
}
