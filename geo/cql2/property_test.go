package cql2

import (
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// The properties of the records that are drawn.
var drawnSchema = Schema{
	"s": String, "名": String, "n": Number, "m": Number, "b": Boolean, "t": Timestamp, "d": Date, "l": StringList, "k": StringList, "geometry": Geometry,
}

var (
	drawnTexts    = []string{"", "a", "A", "á", "ab", "aB%", "_", `b\`, `x\'y`, "ss", "ß", "驿站", "it's", "\"q\"", "a\nb", "\\\r"}
	drawnPatterns = []string{"%", "a%", "%b", "_", "__", "%a%", `%\%`, `\_`, `_\\`, "ß", "驿_", "%S", "á", "", `%\\%`}
	drawnTimes    = []time.Time{
		time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC), time.Date(2024, 5, 1, 23, 59, 59, 999_999_999, time.UTC),
		time.Date(1969, 12, 31, 12, 0, 0, 0, time.UTC), time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 1, 2, 3, 4000, time.UTC),
	}
	drawnNumbers = []float64{-2, -1, 0, 0.5, 1, 2, 3, 1e21, -1e-7}
)

func of[T any](t *rapid.T, from []T) T { return rapid.SampledFrom(from).Draw(t, "of") }

func must(n *node, p *problem) *node {
	if p != nil {
		panic(p.en)
	}
	return n
}

// drawTyped draws an expression with a value of a type.
func drawTyped(t *rapid.T, kind Type, depth int) *node {
	if rapid.Bool().Draw(t, "property") {
		var names []string
		for name, k := range drawnSchema {
			if k == kind {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		return property(of(t, names))
	}
	switch kind {
	case String:
		if depth > 0 && rapid.IntRange(0, 2).Draw(t, "fold") == 0 {
			return must(combine(of(t, []op{opCasei, opAccenti}), drawTyped(t, String, depth-1)))
		}
		return literal(Text(of(t, drawnTexts)))
	case Number:
		if depth > 0 && rapid.IntRange(0, 2).Draw(t, "sum") == 0 {
			o := op(rapid.IntRange(int(opAdd), int(opPow)).Draw(t, "operator"))
			return must(combine(o, drawTyped(t, Number, depth-1), drawTyped(t, Number, depth-1)))
		}
		return literal(Num(of(t, drawnNumbers)))
	case Boolean:
		return literal(Bool(rapid.Bool().Draw(t, "boolean")))
	case Timestamp:
		return literal(At(of(t, drawnTimes)))
	case Date:
		return literal(Day(of(t, drawnTimes)))
	case StringList:
		items := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 3).Draw(t, "items")
		return literal(List(items))
	}
	return drawGeometry(t)
}

func drawGeometry(t *rapid.T) *node {
	if rapid.Bool().Draw(t, "box") {
		x, y := rapid.IntRange(-4, 4).Draw(t, "x"), rapid.IntRange(-4, 4).Draw(t, "y")
		return geometry(newBox([4]float64{float64(x), float64(y), float64(x + rapid.IntRange(-2, 4).Draw(t, "w")), float64(y + rapid.IntRange(0, 4).Draw(t, "h"))}))
	}
	return geometry(newShape(drawModelled(t, "shape").geometry))
}

// drawCondition draws a condition.
func drawCondition(t *rapid.T, depth int) *node {
	if depth > 0 && rapid.IntRange(0, 2).Draw(t, "logic") > 0 {
		o := of(t, []op{opAnd, opAnd, opOr, opNot})
		count := 1
		if o != opNot {
			count = rapid.IntRange(2, 3).Draw(t, "count")
		}
		args := make([]*node, count)
		for i := range args {
			args[i] = drawCondition(t, depth-1)
		}
		return must(combine(o, args...))
	}
	scalar := of(t, []Type{String, String, String, Number, Boolean, Timestamp, Date})
	other := scalar
	if isInstant(scalar) {
		other = of(t, []Type{Timestamp, Date})
	}
	switch rapid.IntRange(0, 8).Draw(t, "predicate") {
	case 0:
		fold := func(n *node) *node { return n }
		if rapid.Bool().Draw(t, "casei") {
			fold = func(n *node) *node { return must(combine(opCasei, n)) }
		}
		return must(combine(opLike, fold(drawTyped(t, String, 1)), fold(literal(Text(of(t, drawnPatterns))))))
	case 1:
		return must(combine(opBetween, drawTyped(t, Number, 1), drawTyped(t, Number, 1), drawTyped(t, Number, 0)))
	case 2:
		args := []*node{drawTyped(t, scalar, 1)}
		for range rapid.IntRange(1, 3).Draw(t, "items") {
			args = append(args, drawTyped(t, other, 1))
		}
		return must(combine(opIn, args...))
	case 3:
		if rapid.Bool().Draw(t, "list") {
			return must(combine(opIsNull, property("l")))
		}
		return must(combine(opIsNull, drawTyped(t, of(t, []Type{scalar, Geometry}), 1)))
	case 4, 5:
		o := op(rapid.IntRange(int(opIntersects), int(opContains)).Draw(t, "spatial"))
		return must(combine(o, property("geometry"), drawGeometry(t)))
	case 6:
		o := op(rapid.IntRange(int(opArrayEquals), int(opArrayOverlaps)).Draw(t, "array"))
		return must(combine(o, drawTyped(t, StringList, 0), drawTyped(t, StringList, 0)))
	}
	o := op(rapid.IntRange(int(opEqual), int(opGreaterEqual)).Draw(t, "comparison"))
	return must(combine(o, drawTyped(t, scalar, 2), drawTyped(t, other, 2)))
}

func drawRecord(t *rapid.T) record {
	r := record{values: map[string]Value{}}
	put := func(name string, v Value) {
		if rapid.IntRange(0, 4).Draw(t, "null") > 0 {
			r.values[name] = v
		}
	}
	put("s", Text(of(t, drawnTexts)))
	put("名", Text(of(t, drawnTexts)))
	put("n", Num(of(t, drawnNumbers)))
	put("m", Num(of(t, drawnNumbers)))
	put("b", Bool(rapid.Bool().Draw(t, "b")))
	put("t", At(of(t, drawnTimes)))
	put("d", Day(of(t, drawnTimes)))
	put("l", List(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 3).Draw(t, "l")))
	put("k", List(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 3).Draw(t, "k")))
	if rapid.IntRange(0, 4).Draw(t, "nowhere") > 0 {
		r.shape = drawModelled(t, "where").geometry
		if rapid.Bool().Draw(t, "point") {
			r.shape = orb.Point{float64(rapid.IntRange(-4, 8).Draw(t, "px")), float64(rapid.IntRange(-4, 8).Draw(t, "py"))}
		}
	}
	return r
}

// TestPrintingAndReading: what is printed reads back as the same tree.
func TestPrintingAndReading(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := &Filter{root: drawCondition(t, 3)}
		j, err := ParseJSON(f.AppendJSON(nil))
		if err != nil {
			t.Fatalf("%s: %v", f.AppendJSON(nil), err)
		}
		if !reflect.DeepEqual(f, j) {
			t.Fatalf("%s reads as %s", f.AppendJSON(nil), j.AppendJSON(nil))
		}
		text := f.String()
		p, err := ParseText(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if !reflect.DeepEqual(f, p) {
			t.Fatalf("%s reads as %s", text, p)
		}
	})
}

// TestMatchIsThatOfTheModel holds evaluation and what narrows a search against
// the model.
func TestMatchIsThatOfTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := &Filter{root: drawCondition(t, 3)}
		bound, bounded := f.Bound()
		equals := f.Equals()
		if err := f.Check(drawnSchema); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		for range 8 {
			r := drawRecord(t)
			want := model(f.root, r)
			if got := f.Match(r); got != (want == true) {
				t.Fatalf("%s for %v is %v, want %v", f, r, got, want)
			}
			if want != true {
				continue
			}
			if bounded && (r.shape == nil || !bound.Intersects(r.shape.Bound())) {
				t.Fatalf("%s matches %v outside of %v", f, r, bound)
			}
			for name, text := range equals {
				if v, ok := r.Value(name); !ok || v.str != text {
					t.Fatalf("%s matches %v, where %s is not %q", f, r, name, text)
				}
			}
		}
	})
}

// model evaluates a node the plain way: nil is null, else string, float64,
// bool, time.Time, day, []string.
func model(n *node, r record) any {
	switch n.op {
	case opLiteral:
		return plain(n.value)
	case opShape:
		return n.shape
	case opProperty:
		v, ok := r.Value(n.name)
		if !ok {
			return nil
		}
		return plain(v)
	case opAnd, opOr:
		stop := n.op == opOr
		var result any = !stop
		for _, a := range n.args {
			switch model(a, r) {
			case stop:
				return stop
			case nil:
				result = nil
			}
		}
		return result
	case opIsNull:
		return model(n.args[0], r) == nil
	}
	if n.op.isSpatial() {
		if r.shape == nil {
			return nil
		}
		return spatial(n.op, &newShape(r.shape).flat, &n.args[1].shape.flat)
	}
	if n.op == opIn {
		var any any = false
		for _, item := range n.args[1:] {
			switch modelCompare(opEqual, model(n.args[0], r), model(item, r)) {
			case true:
				return true
			case nil:
				any = nil
			}
		}
		return any
	}
	args := make([]any, len(n.args))
	for i, a := range n.args {
		args[i] = model(a, r)
	}
	if n.op == opBetween {
		low, high := modelCompare(opGreaterEqual, args[0], args[1]), modelCompare(opLessEqual, args[0], args[2])
		if low == false || high == false {
			return false
		}
		if low == nil || high == nil {
			return nil
		}
		return true
	}
	if slices.Contains(args, nil) {
		return nil
	}
	return modelOf(n.op, args)
}

func plain(v Value) any {
	switch v.kind {
	case String:
		return v.str
	case Number:
		return v.num
	case Boolean:
		return v.num != 0
	case Timestamp:
		return time.Unix(v.sec, int64(v.nsec)).UTC()
	case Date:
		return day(time.Unix(v.sec, 0).UTC().Format(time.DateOnly))
	case StringList:
		return &v.list
	}
	return v.kind
}

// day is a date as it is written.
type day string

func modelCompare(o op, a, b any) any {
	if a == nil || b == nil {
		return nil
	}
	return modelOf(o, []any{a, b})
}

// modelOf does what an operation does to values that are not null.
func modelOf(o op, args []any) any {
	a, b := args[0], args[len(args)-1]
	switch {
	case o == opNot:
		return !a.(bool)
	case o == opCasei:
		return cases.Fold().String(a.(string))
	case o == opAccenti:
		return regexp.MustCompile(`\p{Mn}`).ReplaceAllString(norm.NFD.String(a.(string)), "")
	case o == opLike:
		return likeRegexp(b.(string)).MatchString(a.(string))
	case o.isArithmetic():
		return modelSum(o, a.(float64), b.(float64))
	case o.isArray():
		as, bs := *a.(*[]string), *b.(*[]string)
		in := func(list []string) func(string) bool {
			return func(s string) bool { return slices.Contains(list, s) }
		}
		not := func(f func(string) bool) func(string) bool { return func(s string) bool { return !f(s) } }
		contains := !slices.ContainsFunc(bs, not(in(as)))
		contained := !slices.ContainsFunc(as, not(in(bs)))
		return map[op]bool{opArrayContains: contains, opArrayContainedBy: contained,
			opArrayEquals: contains && contained, opArrayOverlaps: slices.ContainsFunc(as, in(bs))}[o]
	}
	less, more := modelLess(a, b), modelLess(b, a)
	return map[op]bool{opEqual: !less && !more, opNotEqual: less || more, opLess: less,
		opGreater: more, opLessEqual: !more, opGreaterEqual: !less}[o]
}

func modelLess(a, b any) bool {
	if at, ok := a.(time.Time); ok {
		if bt, ok := b.(time.Time); ok {
			return at.Before(bt)
		}
		return at.Format(time.DateOnly) < string(b.(day))
	}
	switch a := a.(type) {
	case string:
		return a < b.(string)
	case float64:
		return a < b.(float64)
	case bool:
		return !a && b.(bool)
	}
	if bt, ok := b.(time.Time); ok {
		return string(a.(day)) < bt.Format(time.DateOnly)
	}
	return a.(day) < b.(day)
}

func modelSum(o op, a, b float64) any {
	f := map[op]float64{opAdd: a + b, opSub: a - b, opMul: a * b, opQuo: a / b, opMod: math.Mod(a, b), opDiv: math.Trunc(a / b), opPow: math.Pow(a, b)}[o]
	if math.IsNaN(f - f) {
		return nil
	}
	return f
}

// likeRegexp writes a LIKE pattern as an expression of another language.
func likeRegexp(p string) *regexp.Regexp {
	var b strings.Builder
	escaped := false
	for _, r := range p {
		switch {
		case escaped:
			b.WriteString(regexp.QuoteMeta(string(r)))
			escaped = false
		case r == '\\':
			escaped = true
		case r == '%':
			b.WriteString(".*")
		case r == '_':
			b.WriteString(".")
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	return regexp.MustCompile(`(?s)\A` + b.String() + `\z`)
}

// TestLikeIsThatOfTheModel compares patterns over few letters, so that many
// match.
func TestLikeIsThatOfTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		letters := of(t, []string{"ab", "驿站", "ab驿"})
		text := rapid.StringOfN(rapid.SampledFrom([]rune(letters)), 0, 12, -1).Draw(t, "text")
		raw := rapid.StringOfN(rapid.SampledFrom([]rune(letters+"%_%_")), 0, 8, -1).Draw(t, "pattern")
		p, ok := parseLike(raw, 0)
		if !ok {
			t.Fatalf("%q is no pattern", raw)
		}
		if want := likeRegexp(raw).MatchString(text); p.match(text) != want {
			t.Fatalf("%q LIKE %q is not %v", text, raw, want)
		}
	})
}

func FuzzParseText(f *testing.F) {
	for _, c := range both {
		f.Add(c.text)
	}
	f.Add(`a = 'x\'`)
	f.Add(`S_INTERSECTS(g, POINT Z (1 2 3)) AND NOT (a IS NULL)`)
	f.Fuzz(func(t *testing.T, s string) {
		filter, err := ParseText(s)
		if err != nil {
			return
		}
		roundTrip(t, filter)
	})
}

func FuzzParseJSON(f *testing.F) {
	for _, c := range both {
		f.Add([]byte(c.json))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		filter, err := ParseJSON(b)
		if err != nil {
			return
		}
		roundTrip(t, filter)
	})
}

// roundTrip uses a filter in every way; none may fail.
func roundTrip(t *testing.T, f *Filter) {
	filterBound, ok := f.Bound()
	r := sample()
	if f.Match(r) && ok && !filterBound.Intersects(r.shape.Bound()) {
		t.Errorf("%s matches outside of %v", f, filterBound)
	}
	r.shape = orb.LineString{{0, 0}, {10, 10}, {7, 49}}
	f.Match(r)
	_ = f.Check(Schema{"name": String, "geometry": Geometry})
	f.Equals()
	if text := f.String(); len(text) <= MaxText {
		again, err := ParseText(text)
		if err != nil && !strings.Contains(err.Error(), "nested deeper") {
			t.Fatalf("%s: %v", text, err)
		}
		if err == nil && !reflect.DeepEqual(f, again) {
			t.Fatalf("%s reads as %s", text, again)
		}
	}
	json := f.AppendJSON(nil)
	if len(json) <= MaxJSON {
		again, err := ParseJSON(json)
		if err != nil {
			t.Fatalf("%s: %v", json, err)
		}
		if !reflect.DeepEqual(f, again) {
			t.Fatalf("%s reads as %s", json, again.AppendJSON(nil))
		}
	}
	f.Transform(func(p orb.Point) orb.Point { return orb.Point{p[1], p[0]} })
	f.Match(r)
}
