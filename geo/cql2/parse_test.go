package cql2

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"yizhan/geo"
)

// both are filters in the two encodings, which must become one tree. The text
// is as AppendText writes it; other is another text for the same.
var both = []struct{ name, text, other, json string }{
	{"text", `city = 'Toronto'`, `city='Toronto'`, `{"op":"=","args":[{"property":"city"},"Toronto"]}`},
	{"quote in text", `s = 'Via dell''Avvento'`, `s = 'Via dell\'Avvento'`, `{"op":"=","args":[{"property":"s"},"Via dell'Avvento"]}`},
	{"backslash and quote", `s = 'a\\''b'`, `s = 'a\\\'b'`, `{"op":"=","args":[{"property":"s"},"a\\'b"]}`},
	{"backslash", `s = 'a\c\\a\\\%\\'`, `s = 'a\\c\\a\\\\%\\'`, `{"op":"=","args":[{"property":"s"},"a\\c\\a\\\\%\\"]}`},
	{"control", `s = '\a\b\t\n\v\f\r'`, "s = '\a\b\t\n\v\f\r'", `{"op":"=","args":[{"property":"s"},"\u0007\b\t\n\u000b\f\r"]}`},
	{"unicode", `名称 <> '驿站 ☕'`, `"名称"<>'驿站 ☕'`, `{"op":"<>","args":[{"property":"名称"},"驿站 ☕"]}`},
	{"number", `n < -100`, `n<-100.0`, `{"op":"<","args":[{"property":"n"},-100]}`},
	{"fraction", `n > 3.14159`, `n>314159E-5`, `{"op":">","args":[{"property":"n"},3.14159]}`},
	{"half", `n >= 0.5`, `n >= +.5`, `{"op":">=","args":[{"property":"n"},0.5]}`},
	{"large", `n <= 1e+21`, `n<=1000000000000000000000`, `{"op":"<=","args":[{"property":"n"},1e21]}`},
	{"boolean", `open = TRUE`, `open=true`, `{"op":"=","args":[{"property":"open"},true]}`},
	{"true alone", `TRUE`, `true`, `true`},
	{"false alone", `FALSE`, `(False)`, `false`},
	{"timestamp", `t = TIMESTAMP('1969-07-20T20:17:40Z')`, `t=timestamp('1969-07-20T22:17:40+02:00')`,
		`{"op":"=","args":[{"property":"t"},{"timestamp":"1969-07-20T20:17:40Z"}]}`},
	{"fraction of a second", `t = TIMESTAMP('2022-04-14T14:48:46.123Z')`, `t=TIMESTAMP('2022-04-14T14:48:46.1230Z')`,
		`{"op":"=","args":[{"property":"t"},{"timestamp":"2022-04-14T14:48:46.123Z"}]}`},
	{"date", `"date " = DATE('2022-04-16')`, ``, `{"op":"=","args":[{"property":"date "},{"date":"2022-04-16"}]}`},
	{"property called date", `date = DATE('2022-04-16')`, `"date"=date('2022-04-16')`, `{"op":"=","args":[{"property":"date"},{"date":"2022-04-16"}]}`},
	{"property called point", `point IS NULL`, `"point" is null`, `{"op":"isNull","args":[{"property":"point"}]}`},
	{"keyword in quotes", `"and" = 1 AND "NOT" = 2`, ``, `{"op":"and","args":[{"op":"=","args":[{"property":"and"},1]},{"op":"=","args":[{"property":"NOT"},2]}]}`},
	{"is not null", `NOT geometry IS NULL`, `geometry IS NOT NULL`, `{"op":"not","args":[{"op":"isNull","args":[{"property":"geometry"}]}]}`},
	{"precedence", `a = 1 OR b = 2 AND NOT c = 3`, `(a=1) or ((b=2) and (not (c=3)))`,
		`{"op":"or","args":[{"op":"=","args":[{"property":"a"},1]},{"op":"and","args":[{"op":"=","args":[{"property":"b"},2]},{"op":"not","args":[{"op":"=","args":[{"property":"c"},3]}]}]}]}`},
	{"brackets", `(a = 1 OR b = 2) AND c = 3`, ``,
		`{"op":"and","args":[{"op":"or","args":[{"op":"=","args":[{"property":"a"},1]},{"op":"=","args":[{"property":"b"},2]}]},{"op":"=","args":[{"property":"c"},3]}]}`},
	{"three of one", `a = 1 AND b = 2 AND c = 3`, ``,
		`{"op":"and","args":[{"op":"=","args":[{"property":"a"},1]},{"op":"=","args":[{"property":"b"},2]},{"op":"=","args":[{"property":"c"},3]}]}`},
	{"one in one", `(a = 1 AND b = 2) AND c = 3`, ``,
		`{"op":"and","args":[{"op":"and","args":[{"op":"=","args":[{"property":"a"},1]},{"op":"=","args":[{"property":"b"},2]}]},{"op":"=","args":[{"property":"c"},3]}]}`},
	{"double not", `NOT (NOT a = 1)`, `not not a = 1`, `{"op":"not","args":[{"op":"not","args":[{"op":"=","args":[{"property":"a"},1]}]}]}`},
	{"like", `name LIKE 'Smith%'`, `name like 'Smith%'`, `{"op":"like","args":[{"property":"name"},"Smith%"]}`},
	{"not like", `NOT name LIKE '100\%'`, `name NOT LIKE '100\%'`, `{"op":"not","args":[{"op":"like","args":[{"property":"name"},"100\\%"]}]}`},
	{"like casei", `CASEI(name) LIKE CASEI('foo%')`, `casei(name) LIKE casei('foo%')`,
		`{"op":"like","args":[{"op":"casei","args":[{"property":"name"}]},{"op":"casei","args":["foo%"]}]}`},
	{"between", `depth BETWEEN 100 AND 150`, `depth between 100.0 and 150.0`, `{"op":"between","args":[{"property":"depth"},100,150]}`},
	{"not between", `NOT depth BETWEEN -1 AND 1 AND a = 1`, `(depth NOT BETWEEN -1 AND 1) AND a = 1`,
		`{"op":"and","args":[{"op":"not","args":[{"op":"between","args":[{"property":"depth"},-1,1]}]},{"op":"=","args":[{"property":"a"},1]}]}`},
	{"in", `city IN ('Toronto', 'Frankfurt')`, `city in ('Toronto','Frankfurt')`, `{"op":"in","args":[{"property":"city"},["Toronto","Frankfurt"]]}`},
	{"not in", `NOT category IN (1, 2)`, `category NOT IN (1,2)`, `{"op":"not","args":[{"op":"in","args":[{"property":"category"},[1,2]]}]}`},
	{"casei in", `CASEI(road_class) IN (CASEI('Οδος'), CASEI('Straße'))`, ``,
		`{"op":"in","args":[{"op":"casei","args":[{"property":"road_class"}]},[{"op":"casei","args":["Οδος"]},{"op":"casei","args":["Straße"]}]]}`},
	{"accenti", `ACCENTI(etat_vol) = ACCENTI('débárquér')`, ``,
		`{"op":"=","args":[{"op":"accenti","args":[{"property":"etat_vol"}]},{"op":"accenti","args":["débárquér"]}]}`},
	{"arithmetic", `vehicle_height > bridge_clearance - 1`, `vehicle_height > (bridge_clearance-1)`,
		`{"op":">","args":[{"property":"vehicle_height"},{"op":"-","args":[{"property":"bridge_clearance"},1]}]}`},
	{"precedence of sums", `a + b * c ^ 2 = (a + b) * c div 2 % 3`, ``,
		`{"op":"=","args":[{"op":"+","args":[{"property":"a"},{"op":"*","args":[{"property":"b"},{"op":"^","args":[{"property":"c"},2]}]}]},{"op":"%","args":[{"op":"div","args":[{"op":"*","args":[{"op":"+","args":[{"property":"a"},{"property":"b"}]},{"property":"c"}]},2]},3]}]}`},
	{"left and right", `a - (b - c) = a ^ b ^ c`, `a-(b-c)=a^(b^c)`,
		`{"op":"=","args":[{"op":"-","args":[{"property":"a"},{"op":"-","args":[{"property":"b"},{"property":"c"}]}]},{"op":"^","args":[{"property":"a"},{"op":"^","args":[{"property":"b"},{"property":"c"}]}]}]}`},
	{"minus", `-1 * a = 5 - -5`, `-a = 5 - -5`, `{"op":"=","args":[{"op":"*","args":[-1,{"property":"a"}]},{"op":"-","args":[5,-5]}]}`},
	{"condition as a value", `(a = 1) IS NULL`, ``, `{"op":"isNull","args":[{"op":"=","args":[{"property":"a"},1]}]}`},
	{"point", `S_INTERSECTS(geometry, POINT(36.319836 32.288087))`, `s_intersects(geometry,Point Z (36.319836 32.288087 12))`,
		`{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[36.319836,32.288087]}]}`},
	{"box", `S_INTERSECTS(geometry, BBOX(160.6, -55.95, -170, -25.89))`, `S_INTERSECTS(geometry,BBOX(160.6,-55.95,0,-170,-25.89,1e5))`,
		`{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[160.6,-55.95,-170,-25.89]}]}`},
	{"line", `S_CROSSES(LINESTRING(7 50, 10 51), geometry)`, ``, `{"op":"s_crosses","args":[{"type":"LineString","coordinates":[[7,50],[10,51]]},{"property":"geometry"}]}`},
	{"polygon", `S_WITHIN(geometry, POLYGON((0 0, 4 0, 4 4, 0 0), (2 1, 3 1, 3 2, 2 1)))`, ``,
		`{"op":"s_within","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,0]],[[2,1],[3,1],[3,2],[2,1]]]}]}`},
	{"points", `S_EQUALS(geometry, MULTIPOINT((7 50), (10 51)))`, `S_EQUALS(geometry, MULTIPOINT(7 50, 10 51))`, `{"op":"s_equals","args":[{"property":"geometry"},{"type":"MultiPoint","coordinates":[[7,50],[10,51]]}]}`},
	{"lines", `S_DISJOINT(geometry, MULTILINESTRING((-180 -45, 0 -45), (0 45, 180 45)))`, ``,
		`{"op":"s_disjoint","args":[{"property":"geometry"},{"type":"MultiLineString","coordinates":[[[-180,-45],[0,-45]],[[0,45],[180,45]]]}]}`},
	{"polygons", `S_TOUCHES(geometry, MULTIPOLYGON(((0 0, 4 0, 4 4, 0 0)), ((9 9, 10 9, 9 10, 9 9))))`, ``,
		`{"op":"s_touches","args":[{"property":"geometry"},{"type":"MultiPolygon","coordinates":[[[[0,0],[4,0],[4,4],[0,0]]],[[[9,9],[10,9],[9,10],[9,9]]]]}]}`},
	{"collection", `S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(0 0, 1 1)))`, ``,
		`{"op":"s_intersects","args":[{"property":"geometry"},{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},{"type":"LineString","coordinates":[[0,0],[1,1]]}]}]}`},
	{"list", `A_CONTAINS(facilities, ('hot_water'))`, `a_contains(facilities,('hot_water'))`, `{"op":"a_contains","args":[{"property":"facilities"},["hot_water"]]}`},
	{"lists", `A_CONTAINEDBY(facilities, ('a', 'b')) OR A_EQUALS(facilities, ()) OR A_OVERLAPS(x, y)`, ``,
		`{"op":"or","args":[{"op":"a_containedBy","args":[{"property":"facilities"},["a","b"]]},{"op":"a_equals","args":[{"property":"facilities"},[]]},{"op":"a_overlaps","args":[{"property":"x"},{"property":"y"}]}]}`},
}

func mustText(t testing.TB, s string) *Filter {
	t.Helper()
	f, err := ParseText(s)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return f
}

func TestTextAndJSONAreOneTree(t *testing.T) {
	for _, c := range both {
		t.Run(c.name, func(t *testing.T) {
			f := mustText(t, c.text)
			if got := f.String(); !strings.EqualFold(got, c.text) {
				t.Errorf("AppendText = %s\nwant %s", got, c.text)
			}
			if got := string(f.AppendJSON(nil)); !sameJSON(t, got, c.json) {
				t.Errorf("AppendJSON = %s\nwant %s", got, c.json)
			}
			j, err := ParseJSON([]byte(c.json))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(f, j) {
				t.Errorf("JSON reads as %s", j)
			}
			if c.other != "" && !reflect.DeepEqual(f, mustText(t, c.other)) {
				t.Errorf("%s reads as %s", c.other, mustText(t, c.other))
			}
		})
	}
}

func TestTextErrorsSayWhereAndWhat(t *testing.T) {
	deep := strings.Repeat("(", maxDepth+1) + "a=1" + strings.Repeat(")", maxDepth+1)
	for _, c := range []struct{ text, want string }{
		{``, "character 1: expected a property, a value or (, but the filter ends"},
		{`a`, "character 2: expected a comparison, but the filter ends"},
		{`a = `, "character 5: expected a property"},
		{`a = 1 b`, `character 7: expected AND, OR or the end, found "b"`},
		{`a = 1 = 2`, `character 7: expected AND`},
		{`名称 = '驿站' 且`, `character 11: expected AND, OR or the end, found "且"`},
		{`a = 'x\'`, "no closing quote"},
		{`a = 'x`, "character 5: the text has no closing quote"},
		{`"a = 1`, "character 1: the name has no closing quote"},
		{`"" = 1`, "must not be empty"},
		{`a = 1 AND`, "character 10: expected"},
		{`AND`, `character 1: expected a property or a value, found "AND"`},
		{`a NOT = 1`, `character 7: expected LIKE, BETWEEN or IN, found "="`},
		{`a IS 1`, `character 6: expected NULL, found "1"`},
		{`a BETWEEN 1 OR 2`, `character 13: expected AND, found "OR"`},
		{`a IN ()`, `character 7: expected`},
		{`a IN (1,)`, `character 9: expected`},
		{`a LIKE b`, "character 8: LIKE takes a literal pattern"},
		{`a LIKE 'x\\'`, `ends with \`},
		{`a LIKE 5`, `LIKE takes a text, but this is a number`},
		{`a = 1e999`, "character 5: the number 1e999 is out of range"},
		{`a = DATE('2022-02-30')`, "character 10: expected a date"},
		{`a = DATE(5)`, "character 10: expected a time in quotes"},
		{`a = TIMESTAMP('2022-04-14')`, "character 15: expected a timestamp"},
		{`a = TIMESTAMP('2022-04-14T24:00:00Z')`, "expected a timestamp"},
		{`a = TIMESTAMP('2022-04-14T10:00:00')`, "expected a timestamp"},
		{`a = TIMESTAMP('2022-04-14T10:00:00,5Z')`, "expected a timestamp"},
		{`a = TIMESTAMP('2022-04-14T10:00:00.1234567890Z')`, "expected a timestamp"},
		{`'5' > 4`, "compares a text with a number"},
		{`a AND b = 1`, "AND takes conditions"},
		{`NOT a`, "NOT takes conditions"},
		{`CASEI(1) = 'x'`, "CASEI takes a text"},
		{`1 + 'x' = 2`, "+ takes a number"},
		{`POINT(1 2) = geometry`, "does not compare geometries"},
		{`S_INTERSECTS(geometry)`, `character 22: expected ,`},
		{`S_INTERSECTS(geometry, 1)`, "takes a geometry"},
		{`S_BUFFER(geometry, 1)`, `character 1: there is no function "S_BUFFER"`},
		{`T_AFTER(a, b)`, "there is no function"},
		{`S_INTERSECTS(g, POINT(1))`, `character 24: expected a number of a coordinate, found ")"`},
		{`S_INTERSECTS(g, POINT(1 2 3 4))`, "expected )"},
		{`S_INTERSECTS(g, POINT(1e10 2))`, "character 23: the coordinate is out of range"},
		{`S_INTERSECTS(g, LINESTRING(1 2))`, "a line needs at least two"},
		{`S_INTERSECTS(g, POLYGON((0 0, 1 0, 0 1)))`, "character 25: a ring of a polygon needs at least four"},
		{`S_INTERSECTS(g, POLYGON((0 0, 1 0, 0 1, 5 5)))`, "the last one like the first"},
		{`S_INTERSECTS(g, BBOX(1, 2, 3))`, "a box takes four or six numbers"},
		{`S_WITHIN(g, GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(0 0, 1 1)))`, "does not take a GEOMETRYCOLLECTION that mixes"},
		{`S_WITHIN(g, MULTIPOINT(` + strings.Repeat("1 1,", 1000) + `1 1))`, "too many coordinates"},
		{`S_CROSSES(LINESTRING(` + strings.Repeat("1 1,", 300) + `2 2), LINESTRING(` + strings.Repeat("1 1,", 300) + `2 2))`, "too many coordinates"},
		{`A_CONTAINS(facilities, (1))`, "expected a text in single quotes"},
		{`A_CONTAINS(facilities, 'a')`, "A_CONTAINS takes a list of texts"},
		{"a = '\x01'", "control character"},
		{"a = 1 ; b", "character 7: there is a character that means nothing here"},
		{"a = '\xff'", "not valid UTF-8"},
		{deep, "nested deeper than 32 levels"},
		{strings.Repeat("NOT ", 40) + "a=1", "nested deeper"},
		{strings.Repeat("CASEI(", 4000/3), "nested deeper"},
		{"a = " + strings.Repeat("1+", 100) + "1", "nested deeper"},
		{"a = " + strings.Repeat("1^", 100) + "1", "nested deeper"},
		{"S_INTERSECTS(g," + strings.Repeat("GEOMETRYCOLLECTION(", 40), "nested deeper"},
		{strings.Repeat(" ", MaxText) + "a=1", "longer than 8192 bytes"},
	} {
		_, err := ParseText(c.text)
		checkError(t, c.text, err, c.want)
	}
}

func TestJSONErrorsSayWhereAndWhat(t *testing.T) {
	for _, c := range []struct{ json, want string }{
		{``, "not valid JSON"},
		{`{`, "not valid JSON"},
		{`{"op":"="`, "not valid JSON"},
		{`{"op":"=","args":[{"property":"a"},1]} x`, "character 40: there is more after the JSON value"},
		{`{"op":"=","op":"<","args":[]}`, "the member op is there twice"},
		{`null`, "expected a property, a value or an operation"},
		{`[]`, "expected a property"},
		{`{}`, "the object needs a member op"},
		{`"x"`, "expected a condition"},
		{`{"property":"a"}`, "expected a condition"},
		{`{"op":"~","args":[1,2]}`, `character 9: there is no operation "~"`},
		{`{"op":5,"args":[1,2]}`, `there is no operation ""`},
		{`{"op":"="}`, "needs an array args"},
		{`{"op":"=","args":[1]}`, "= does not take 1 operands"},
		{`{"op":"and","args":[true]}`, "and does not take 1 operands"},
		{`{"op":"in","args":[{"property":"a"},[]]}`, "not empty"},
		{`{"op":"in","args":[{"property":"a"},1]}`, "not empty"},
		{`{"op":"=","args":[{"property":5},1]}`, "property must be a name"},
		{`{"op":"=","args":[{"property":""},1]}`, "must not be empty"},
		{`{"op":"=","args":[{"property":"a"},1e999]}`, "out of range"},
		{`{"op":"=","args":[{"property":"a"},{"date":"yesterday"}]}`, "expected a date"},
		{`{"op":"=","args":[{"property":"a"},{"timestamp":1}]}`, "expected a timestamp"},
		{`{"op":"=","args":[{"property":"a"},"\u0000"]}`, "control character"},
		{`{"op":"like","args":[{"property":"a"},{"property":"b"}]}`, "literal pattern"},
		{`{"op":"s_intersects","args":[{"property":"g"},{"type":"Circle"}]}`, "type must be Point"},
		{`{"op":"s_intersects","args":[{"property":"g"},{"type":"Point","coordinates":[1]}]}`, "two or three numbers"},
		{`{"op":"s_intersects","args":[{"property":"g"},{"type":"Point","coordinates":[1,"2"]}]}`, "expected a number"},
		{`{"op":"s_intersects","args":[{"property":"g"},{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0]]]}]}`, "at least four"},
		{`{"op":"s_intersects","args":[{"property":"g"},{"type":"Polygon","coordinates":[]}]}`, "not empty"},
		{`{"op":"s_intersects","args":[{"property":"g"},{"bbox":[1,2,3]}]}`, "four or six"},
		{`{"op":"a_contains","args":[{"property":"f"},[1]]}`, "a list may only hold texts"},
		{strings.Repeat(`{"op":"not","args":[`, 40), "nested deeper"},
		{strings.Repeat(`[`, 5000), "nested deeper"},
		{strings.Repeat(`{"op":"not","args":[`, 32) + `true` + strings.Repeat(`]}`, 32), "nested deeper"},
		{strings.Repeat(` `, MaxJSON) + "true", "longer than 65536 bytes"},
		{"\"\xff\"", "not valid UTF-8"},
		{`{"op":"s_intersects","args":[{"property":"g"},{"type":"MultiPoint","coordinates":[` + strings.Repeat(`[1,1],`, maxVertices) + `[1,1]]}]}`, "more than 10000 coordinates"},
	} {
		_, err := ParseJSON([]byte(c.json))
		checkError(t, shorten(c.json), err, c.want)
	}
}

func checkError(t *testing.T, input string, err error, want string) {
	t.Helper()
	var e *geo.Error
	if !errors.As(err, &e) || e.Code != geo.Invalid {
		t.Errorf("%s: error %v, want an Invalid", input, err)
		return
	}
	if !strings.Contains(e.Message.En, want) {
		t.Errorf("%s:\n got %q\nwant %q", input, e.Message.En, want)
	}
	if e.Message.Zh == "" || len(e.Message.Zh) > 1000 || len(e.Message.En) > 1000 {
		t.Errorf("%s: message %+v", input, e.Message)
	}
}

func TestDeepestIsRead(t *testing.T) {
	n := maxDepth
	mustText(t, strings.Repeat("(", n)+"a=1"+strings.Repeat(")", n))
	json := strings.Repeat(`{"op":"not","args":[`, n-1) + `true` + strings.Repeat(`]}`, n-1)
	if _, err := ParseJSON([]byte(json)); err != nil {
		t.Error(err)
	}
}

func TestCheck(t *testing.T) {
	schema := Schema{"name": String, "n": Number, "open": Boolean, "updated": Timestamp, "day": Date, "facilities": StringList, "geometry": Geometry}
	for _, c := range []struct{ text, want string }{
		{`name = 'x' AND n > 1 AND open = TRUE AND updated > DATE('2020-01-01') AND day = DATE('2020-01-01')`, ""},
		{`A_CONTAINS(facilities, ('tea')) AND S_INTERSECTS(geometry, POINT(1 2)) AND geometry IS NULL AND facilities IS NOT NULL`, ""},
		{`CASEI(name) LIKE 'x%' AND n BETWEEN 1 AND 2 AND name IN ('a', name) AND n + 1 = n`, ""},
		{`nam = 'x'`, `there is no property "nam": use one of day, facilities, geometry, n, name, open, updated`},
		{`name IS NULL AND x IS NULL`, `there is no property "x"`},
		{`name = 5`, "name = 5: = compares a text with a number"},
		{`n LIKE '5%'`, "LIKE takes a text, but this is a number"},
		{`name BETWEEN 1 AND 2`, "BETWEEN compares"},
		{`name BETWEEN name AND name`, "BETWEEN takes a number"},
		{`updated > '2020-01-01' AND day IN ('2020-01-01', '2020-01-01T00:00:00Z') AND updated BETWEEN '2020-01-01' AND '2021-01-01'`, ""},
		{`updated > '2020'`, "> compares a timestamp with a text"},
		{`n IN (1, name)`, "IN compares a number with a text"},
		{`facilities = 'tea'`, "use A_CONTAINS"},
		{`geometry = 'x'`, "use S_EQUALS"},
		{`A_CONTAINS(name, ('tea'))`, "A_CONTAINS takes a list of texts"},
		{`S_INTERSECTS(name, POINT(1 2))`, "S_INTERSECTS takes a geometry"},
		{`name + 1 = 2`, "+ takes a number"},
		{`CASEI(n) = 'x'`, "CASEI takes a text"},
		{`S_INTERSECTS(geometry, POINT(90 180))`, "invalid coordinates"},
		{`S_INTERSECTS(geometry, MULTIPOINT(7.02 49.92, 90 180))`, "invalid coordinates"},
		{`S_INTERSECTS(geometry, BBOX(1, 2, 3, 1))`, "invalid coordinates"},
	} {
		err := mustText(t, c.text).Check(schema)
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: %v", c.text, err)
			}
			continue
		}
		checkError(t, c.text, err, c.want)
	}
}
