package cql2

import (
	"fmt"
	"slices"
)

// op is what a node of the tree does.
type op uint8

const (
	opLiteral op = iota
	opProperty
	opShape

	opCasei
	opAccenti

	opAdd
	opSub
	opMul
	opQuo
	opMod
	opDiv
	opPow

	opAnd
	opOr
	opNot

	opEqual
	opNotEqual
	opLess
	opGreater
	opLessEqual
	opGreaterEqual

	opLike
	opBetween
	opIn
	opIsNull

	opIntersects
	opEquals
	opDisjoint
	opTouches
	opWithin
	opOverlaps
	opCrosses
	opContains

	opArrayEquals
	opArrayContains
	opArrayContainedBy
	opArrayOverlaps
)

// opNames are the names in CQL2 JSON. In CQL2 Text they stand in capitals.
var opNames = [...]string{
	opCasei: "casei", opAccenti: "accenti",
	opAdd: "+", opSub: "-", opMul: "*", opQuo: "/", opMod: "%", opDiv: "div", opPow: "^",
	opAnd: "and", opOr: "or", opNot: "not",
	opEqual: "=", opNotEqual: "<>", opLess: "<", opGreater: ">", opLessEqual: "<=", opGreaterEqual: ">=",
	opLike: "like", opBetween: "between", opIn: "in", opIsNull: "isNull",
	opIntersects: "s_intersects", opEquals: "s_equals", opDisjoint: "s_disjoint", opTouches: "s_touches",
	opWithin: "s_within", opOverlaps: "s_overlaps", opCrosses: "s_crosses", opContains: "s_contains",
	opArrayEquals: "a_equals", opArrayContains: "a_contains",
	opArrayContainedBy: "a_containedBy", opArrayOverlaps: "a_overlaps",
}

func (o op) isFold() bool       { return o == opCasei || o == opAccenti }
func (o op) isArithmetic() bool { return o >= opAdd && o <= opPow }
func (o op) isPredicate() bool  { return o >= opAnd }
func (o op) isComparison() bool { return o >= opEqual && o <= opGreaterEqual }
func (o op) isSpatial() bool    { return o >= opIntersects && o <= opContains }
func (o op) isArray() bool      { return o >= opArrayEquals }

// node is one operation, property or literal of a filter. What its operands
// may be is seen to when it is made, so that evaluation need not ask.
type node struct {
	op   op
	args []*node
	name string // of a property
	// value is that of a literal; of CASEI and ACCENTI of a literal, the text
	// as it is compared.
	value Value
	// instant is the date or timestamp that a text literal can be read as, for
	// comparing it with one: the standard's tests do.
	instant Value
	how     folding  // of CASEI and ACCENTI, with those inside
	like    *pattern // of LIKE
	shape   *shape   // of a geometry
	fixed   truth    // of a spatial function of two literals
	// texts are the operands of IN as they are compared, or the items of a
	// list, sorted, where all are literals.
	texts  []string
	height int
}

// problem is why operands cannot be used; the parser adds where they are.
type problem struct{ zh, en string }

// kind returns the type of the node's value, Null where only a schema tells.
func (n *node) kind() Type {
	switch {
	case n.op == opLiteral:
		return n.value.kind
	case n.op == opShape:
		return Geometry
	case n.op.isFold():
		return String
	case n.op.isArithmetic():
		return Number
	case n.op.isPredicate():
		return Boolean
	}
	return Null
}

func literal(v Value) *node {
	n := &node{op: opLiteral, value: v, height: 1}
	switch v.kind {
	case StringList:
		n.texts = sortedSet(v.list)
	case String:
		n.instant, _ = parseDate(v.str)
		if n.instant.kind == Null {
			n.instant, _ = parseTimestamp(v.str)
		}
	}
	return n
}

func property(name string) *node { return &node{op: opProperty, name: name, height: 1} }

func geometry(s *shape) *node { return &node{op: opShape, shape: s, height: 1} }

// combine makes the node of an operation.
func combine(o op, args ...*node) (*node, *problem) {
	n := &node{op: o, args: args}
	for _, a := range args {
		n.height = max(n.height, a.height)
	}
	if n.height++; n.height > maxDepth {
		return nil, tooDeep()
	}
	return n, n.complete()
}

func tooDeep() *problem {
	return &problem{
		fmt.Sprintf("嵌套超过 %d 层，请化简。", maxDepth),
		fmt.Sprintf("it is nested deeper than %d levels; simplify it", maxDepth),
	}
}

// complete looks at the operands and works out what they have in store.
func (n *node) complete() *problem {
	switch {
	case n.op.isFold():
		return n.completeFold()
	case n.op.isArithmetic():
		return n.want(Number)
	case n.op <= opNot:
		return n.wantPredicates()
	case n.op.isComparison():
		return n.wantComparable(n.args[0], n.args[1])
	case n.op == opLike:
		return n.completeLike()
	case n.op == opBetween:
		return n.wantBetween()
	case n.op == opIn:
		return n.completeIn()
	case n.op.isSpatial():
		return n.completeSpatial()
	case n.op.isArray():
		return n.want(StringList)
	}
	return nil // IS NULL takes anything
}

// want asks that each operand be of a type, or a property.
func (n *node) want(t Type) *problem {
	for _, a := range n.args {
		if k := a.kind(); k != Null && k != t {
			return clash(n.op, t, k)
		}
	}
	return nil
}

func clash(o op, want, have Type) *problem {
	return &problem{
		fmt.Sprintf("%s 需要%s，这里却是%s。", opText(o), want.chinese(), have.chinese()),
		fmt.Sprintf("%s takes a %s, but this is a %s", opText(o), want, have),
	}
}

func (n *node) wantPredicates() *problem {
	for _, a := range n.args {
		if a.kind() != Boolean {
			return &problem{
				fmt.Sprintf("%s 需要条件，例如 name = 'x'；布尔属性请写成 属性 = TRUE。", opText(n.op)),
				fmt.Sprintf("%s takes conditions, such as name = 'x'; compare a boolean property: property = TRUE", opText(n.op)),
			}
		}
	}
	return nil
}

func (n *node) wantComparable(a, b *node) *problem {
	ka, kb := cast(a, b, a.kind(), b.kind())
	return comparableTypes(n.op, ka, kb)
}

// cast returns the types in which two operands of known types are compared: a
// text literal that reads as a date or timestamp is one beside another one.
func cast(a, b *node, ka, kb Type) (Type, Type) {
	if a.instant.kind != Null && isInstant(kb) {
		ka = a.instant.kind
	} else if b.instant.kind != Null && isInstant(ka) {
		kb = b.instant.kind
	}
	return ka, kb
}

// comparableTypes says what is wrong with comparing values of two types, Null
// being one that is not known.
func comparableTypes(o op, a, b Type) *problem {
	for _, t := range [2]Type{a, b} {
		if t == Geometry {
			return &problem{
				fmt.Sprintf("%s 不能比较几何，请用 S_EQUALS 或 S_INTERSECTS。", opText(o)),
				fmt.Sprintf("%s does not compare geometries; use S_EQUALS or S_INTERSECTS", opText(o)),
			}
		}
		if t == StringList {
			return &problem{
				fmt.Sprintf("%s 不能比较列表，请用 A_CONTAINS 或 A_EQUALS。", opText(o)),
				fmt.Sprintf("%s does not compare lists; use A_CONTAINS or A_EQUALS", opText(o)),
			}
		}
	}
	if a == Null || b == Null || comparable(a, b) {
		return nil
	}
	return &problem{
		fmt.Sprintf("%s 两边的类型不同：%s与%s。", opText(o), a.chinese(), b.chinese()),
		fmt.Sprintf("%s compares a %s with a %s; both sides must be of one type", opText(o), a, b),
	}
}

func (n *node) completeFold() *problem {
	a := n.args[0]
	n.how = a.how
	if n.op == opCasei {
		n.how |= foldCase
	} else {
		n.how |= foldAccent
	}
	if a.op.isFold() {
		a = a.bottom()
	}
	if a.op == opLiteral && a.value.kind == String {
		n.value = Text(string(appendFolded(nil, a.value.str, n.how)))
	}
	return n.want(String)
}

// bottom is what CASEI and ACCENTI are applied to.
func (n *node) bottom() *node {
	for n.op.isFold() {
		n = n.args[0]
	}
	return n
}

func (n *node) completeLike() *problem {
	if p := n.want(String); p != nil {
		return p
	}
	text := n.args[1].bottom()
	if text.op != opLiteral {
		return &problem{"LIKE 之后需要文本字面量，例如 'x%'。", "LIKE takes a literal pattern, such as 'x%'"}
	}
	like, ok := parseLike(text.value.str, n.args[1].how)
	if !ok {
		return &problem{`LIKE 模式末尾的 \ 之后缺少字符；要匹配 \ 本身请写 \\。`, `the pattern of LIKE ends with \; write \\ for a \ itself`}
	}
	n.like = like
	return nil
}

func (n *node) wantBetween() *problem {
	for _, a := range n.args {
		switch k := a.kind(); k {
		case Null, Number, Timestamp, Date:
		default:
			if a.instant.kind == Null {
				return clash(opBetween, Number, k)
			}
		}
		if p := n.wantComparable(n.args[0], a); p != nil {
			return p
		}
	}
	return n.wantComparable(n.args[1], n.args[2])
}

func (n *node) completeIn() *problem {
	var texts []string
	for _, a := range n.args[1:] {
		if p := n.wantComparable(n.args[0], a); p != nil {
			return p
		}
		if a.value.kind == String {
			texts = append(texts, a.value.str)
		}
	}
	if len(texts) == len(n.args)-1 {
		n.texts = sortedSet(texts)
	}
	return nil
}

func sortedSet(texts []string) []string {
	set := slices.Clone(texts)
	slices.Sort(set)
	return slices.Compact(set)
}

func (n *node) completeSpatial() *problem {
	for _, a := range n.args {
		if a.op != opShape || n.op == opIntersects || n.op == opDisjoint {
			continue
		}
		if a.shape.flat.size() > maxRelated {
			return tooManyToRelate(n.op)
		}
		if a.shape.flat.mixed() {
			return &problem{
				fmt.Sprintf("%s 不支持混合点、线、面的 GEOMETRYCOLLECTION；可改用 S_INTERSECTS，或拆成几个条件。", opText(n.op)),
				fmt.Sprintf("%s does not take a GEOMETRYCOLLECTION that mixes points, lines and areas; use S_INTERSECTS or several conditions", opText(n.op)),
			}
		}
	}
	if p := n.want(Geometry); p != nil {
		return p
	}
	return n.relateLiterals()
}

// relateLiterals works out what two literals have to do with each other, once.
func (n *node) relateLiterals() *problem {
	a, b := n.args[0].shape, n.args[1].shape
	if a == nil || b == nil {
		return nil
	}
	if n.op != opIntersects && n.op != opDisjoint && a.flat.size()*b.flat.size() > maxRelatedPairs {
		return tooManyToRelate(n.op)
	}
	n.fixed = truthOf(spatial(n.op, &a.flat, &b.flat))
	return nil
}

func tooManyToRelate(o op) *problem {
	return &problem{
		fmt.Sprintf("%s 的几何坐标太多，请简化（至多 %d 个），或改用 S_INTERSECTS。", opText(o), maxRelated),
		fmt.Sprintf("the geometries of %s have too many coordinates; simplify them (to at most %d) or use S_INTERSECTS", opText(o), maxRelated),
	}
}
