package cql2

import "cmp"

// truth is a truth value of SQL: false < unknown < true, so that AND is the
// least and OR the greatest of its operands.
type truth int8

const (
	no      truth = -1
	unknown truth = 0
	yes     truth = 1
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// comparable says whether values of two types can be compared. A date and a
// timestamp can: by the day in UTC.
func comparable(a, b Type) bool {
	if a == b {
		return a >= String && a <= Date
	}
	return isInstant(a) && isInstant(b)
}

func isInstant(t Type) bool { return t == Timestamp || t == Date }

const daySeconds = 24 * 60 * 60

// compare orders two values, false where one is null or they do not compare.
// Texts are ordered by code point, false comes before true.
func compare(a, b *Value) (int, bool) {
	if !comparable(a.kind, b.kind) {
		return 0, false
	}
	switch a.kind {
	case String:
		return cmp.Compare(a.str, b.str), true
	case Number, Boolean:
		return cmp.Compare(a.num, b.num), true
	}
	if a.kind != b.kind {
		return cmp.Compare(floorDay(a.sec), floorDay(b.sec)), true
	}
	if c := cmp.Compare(a.sec, b.sec); c != 0 {
		return c, true
	}
	return cmp.Compare(a.nsec, b.nsec), true
}

func floorDay(sec int64) int64 {
	day := sec / daySeconds
	if sec%daySeconds < 0 {
		day--
	}
	return day
}

// String returns the word for the type in messages.
func (t Type) String() string {
	switch t {
	case String:
		return "text"
	case Number:
		return "number"
	case Boolean:
		return "boolean"
	case Timestamp:
		return "timestamp"
	case Date:
		return "date"
	case StringList:
		return "list of texts"
	case Geometry:
		return "geometry"
	}
	return "null"
}

func (t Type) chinese() string {
	switch t {
	case String:
		return "文本"
	case Number:
		return "数值"
	case Boolean:
		return "布尔值"
	case Timestamp:
		return "时间戳"
	case Date:
		return "日期"
	case StringList:
		return "文本列表"
	case Geometry:
		return "几何"
	}
	return "空值"
}
