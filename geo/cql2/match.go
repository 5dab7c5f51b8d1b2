package cql2

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Match says whether the filter is true for a record. It allocates nothing
// but what the record does, unless a geometry is no point or a text that is
// folded is long.
func (f *Filter) Match(r Record) bool { return f.root.truth(r) == yes }

// truth evaluates a condition.
func (n *node) truth(r Record) truth {
	switch n.op {
	case opAnd:
		all := yes
		for _, a := range n.args {
			if all = min(all, a.truth(r)); all == no {
				break
			}
		}
		return all
	case opOr:
		any := no
		for _, a := range n.args {
			if any = max(any, a.truth(r)); any == yes {
				break
			}
		}
		return any
	case opNot:
		return -n.args[0].truth(r)
	case opEqual, opNotEqual, opLess, opGreater, opLessEqual, opGreaterEqual:
		return holds(n.op, n.args[0], n.args[1], r)
	case opLike:
		return n.truthOfLike(r)
	case opBetween:
		return min(holds(opGreaterEqual, n.args[0], n.args[1], r), holds(opLessEqual, n.args[0], n.args[2], r))
	case opIn:
		return n.truthOfIn(r)
	case opIsNull:
		return truthOf(n.args[0].evaluate(r).kind == Null)
	case opIntersects, opEquals, opDisjoint, opTouches, opWithin, opOverlaps, opCrosses, opContains:
		return n.truthOfSpatial(r)
	case opArrayEquals, opArrayContains, opArrayContainedBy, opArrayOverlaps:
		return n.truthOfArray(r)
	}
	if v := n.evaluate(r); v.kind == Boolean {
		return truthOf(v.num != 0)
	}
	return unknown
}

// evaluate returns the value of an expression. Of CASEI and ACCENTI of a
// property it is the text before folding; pending says how to fold it.
func (n *node) evaluate(r Record) Value {
	switch {
	case n.op == opLiteral:
		return n.value
	case n.op == opProperty:
		if v, ok := r.Value(n.name); ok {
			return v
		}
		return Value{}
	case n.op == opShape:
		return Shape()
	case n.op.isFold():
		if n.value.kind == String {
			return n.value
		}
		if v := n.bottom().evaluate(r); v.kind == String {
			return v
		}
		return Value{}
	case n.op.isArithmetic():
		return n.calculate(r)
	}
	switch n.truth(r) {
	case yes:
		return Bool(true)
	case no:
		return Bool(false)
	}
	return Value{}
}

// pending is the folding that evaluate leaves to do.
func (n *node) pending() folding {
	if n.value.kind == String {
		return 0
	}
	return n.how
}

// calculate does the sum. What has no finite result is null.
func (n *node) calculate(r Record) Value {
	a, b := n.args[0].evaluate(r), n.args[1].evaluate(r)
	if a.kind != Number || b.kind != Number {
		return Value{}
	}
	var f float64
	switch n.op {
	case opAdd:
		f = a.num + b.num
	case opSub:
		f = a.num - b.num
	case opMul:
		f = a.num * b.num
	case opQuo:
		f = a.num / b.num
	case opMod:
		f = math.Mod(a.num, b.num)
	case opDiv:
		f = math.Trunc(a.num / b.num)
	case opPow:
		f = math.Pow(a.num, b.num)
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Value{}
	}
	return Num(f)
}

// operand is evaluate without copying a literal; room is for anything else.
func (n *node) operand(r Record, room *Value) *Value {
	if n.op == opLiteral {
		return &n.value
	}
	*room = n.evaluate(r)
	return room
}

// holds compares two expressions.
func holds(o op, a, b *node, r Record) truth {
	var ra, rb Value
	va, vb := a.operand(r, &ra), b.operand(r, &rb)
	if va.kind != vb.kind {
		if a.instant.kind != Null && isInstant(vb.kind) {
			va = &a.instant
		} else if b.instant.kind != Null && isInstant(va.kind) {
			vb = &b.instant
		}
	}
	var c int
	var ok bool
	if ha, hb := a.pending(), b.pending(); ha|hb != 0 {
		c, ok = compareFolded(va, vb, ha, hb)
	} else if o == opEqual && va.kind == String && vb.kind == String {
		return truthOf(va.str == vb.str) // most of what is asked
	} else {
		c, ok = compare(va, vb)
	}
	if !ok {
		return unknown
	}
	switch o {
	case opEqual:
		return truthOf(c == 0)
	case opNotEqual:
		return truthOf(c != 0)
	case opLess:
		return truthOf(c < 0)
	case opGreater:
		return truthOf(c > 0)
	case opLessEqual:
		return truthOf(c <= 0)
	}
	return truthOf(c >= 0)
}

func compareFolded(a, b *Value, ha, hb folding) (int, bool) {
	if a.kind != String || b.kind != String {
		return 0, false
	}
	var sa, sb scratch
	return cmp.Compare(folded(&sa, a.str, ha), folded(&sb, b.str, hb)), true
}

func (n *node) truthOfLike(r Record) truth {
	v := n.args[0].evaluate(r)
	if v.kind != String {
		return unknown
	}
	how := n.args[0].pending()
	if how == 0 {
		return truthOf(n.like.match(v.str))
	}
	var buf scratch
	return truthOf(n.like.match(folded(&buf, v.str, how)))
}

func (n *node) truthOfIn(r Record) truth {
	if n.texts == nil {
		return n.truthOfAny(r)
	}
	v := n.args[0].evaluate(r)
	if v.kind != String {
		return n.truthOfAny(r)
	}
	how := n.args[0].pending()
	if how == 0 {
		return truthOf(contains(n.texts, v.str))
	}
	var buf scratch
	return truthOf(contains(n.texts, folded(&buf, v.str, how)))
}

// truthOfAny compares with one operand of IN after the other.
func (n *node) truthOfAny(r Record) truth {
	any := no
	for _, item := range n.args[1:] {
		if any = max(any, holds(opEqual, n.args[0], item, r)); any == yes {
			break
		}
	}
	return any
}

func contains(sorted []string, s string) bool {
	_, ok := slices.BinarySearch(sorted, s)
	return ok
}

func (n *node) truthOfSpatial(r Record) truth {
	a, b, do := n.args[0], n.args[1], n.op
	if a.op == opShape && b.op == opShape {
		return n.fixed
	}
	g := r.Geometry()
	if g == nil {
		return unknown
	}
	if a.op == opShape {
		a, b, do = b, a, converse(do)
	}
	point, isPoint := g.(orb.Point)
	if b.op == opShape && isPoint {
		return truthOf(spatialPoint(do, point, &b.shape.flat))
	}
	var own flat
	own.add(g)
	own.close()
	if b.op != opShape {
		return truthOf(spatial(do, &own, &own))
	}
	if own.mixed() && do != opIntersects && do != opDisjoint {
		return unknown
	}
	return truthOf(spatial(do, &own, &b.shape.flat))
}

// truthOfArray compares two lists as sets.
func (n *node) truthOfArray(r Record) truth {
	a, b := n.args[0].evaluate(r), n.args[1].evaluate(r)
	if a.kind != StringList || b.kind != StringList {
		return unknown
	}
	as, bs := n.args[0].texts, n.args[1].texts
	switch n.op {
	case opArrayContains:
		return truthOf(subset(b.list, a.list, as))
	case opArrayContainedBy:
		return truthOf(subset(a.list, b.list, bs))
	case opArrayEquals:
		return truthOf(subset(a.list, b.list, bs) && subset(b.list, a.list, as))
	}
	if as != nil {
		a, b, bs = b, a, as
	}
	for _, item := range a.list {
		if hasItem(b.list, bs, item) {
			return yes
		}
	}
	return no
}

// subset says whether each item of a list is in another, of which sorted is
// the set where it is at hand.
func subset(items, list, sorted []string) bool {
	for _, item := range items {
		if !hasItem(list, sorted, item) {
			return false
		}
	}
	return true
}

func hasItem(list, sorted []string, item string) bool {
	if sorted != nil {
		return contains(sorted, item)
	}
	return slices.Contains(list, item)
}
