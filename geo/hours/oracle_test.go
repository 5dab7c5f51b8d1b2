package hours

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo/geotest"
)

// oracle is where and how the reference implementation is asked.
type oracle struct {
	t      *testing.T
	script string
}

// newOracle finds the JavaScript library opening_hours, or skips the test.
func newOracle(t *testing.T) *oracle {
	t.Helper()
	geotest.Node(t, "opening_hours")
	return &oracle{t, filepath.Join("testdata", "oracle.mjs")}
}

// question is a line to the oracle; see testdata/oracle.mjs.
type question struct {
	Value    string  `json:"value,omitempty"`
	List     string  `json:"list,omitempty"`
	Year     int     `json:"year,omitempty"`
	TZ       string  `json:"tz"`
	Lat      float64 `json:"lat"`
	Lon      float64 `json:"lon"`
	Country  string  `json:"country"`
	State    string  `json:"state"`
	Instants []int64 `json:"instants,omitempty"`
	// StatesOnly spares the search for next changes.
	StatesOnly bool `json:"statesOnly,omitempty"`
}

type answer struct {
	Error    string    `json:"error"`
	States   []string  `json:"states"`
	Comments []*string `json:"comments"`
	Nexts    []*int64  `json:"nexts"`
	Days     [][3]int  `json:"days"`
}

func (o *oracle) ask(list []question) []answer {
	o.t.Helper()
	var in bytes.Buffer
	enc := json.NewEncoder(&in)
	for _, q := range list {
		if err := enc.Encode(q); err != nil {
			o.t.Fatal(err)
		}
	}
	cmd := exec.Command("node", o.script)
	cmd.Stdin = &in
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		o.t.Fatalf("oracle: %v", err)
	}
	var answers []answer
	sc := bufio.NewScanner(bytes.NewReader(out))
	sc.Buffer(nil, 1<<22)
	for sc.Scan() {
		var a answer
		if err := json.Unmarshal(sc.Bytes(), &a); err != nil {
			o.t.Fatalf("oracle wrote %q: %v", sc.Text(), err)
		}
		answers = append(answers, a)
	}
	if len(answers) != len(list) {
		o.t.Fatalf("%d answers to %d questions", len(answers), len(list))
	}
	return answers
}

// calendar is a holiday calendar of listed days, as the oracle names them.
type calendar struct{ public, school map[Date]bool }

func (c calendar) Public(d Date) bool                  { return c.public[d] }
func (c calendar) School(d Date) (holiday, known bool) { return c.school[d], true }
func (c calendar) Workday(d Date) bool                 { return d.day().weekday() < 5 && !c.public[d] }
func (o *oracle) calendar(q question, from, to int) calendar {
	c := calendar{map[Date]bool{}, map[Date]bool{}}
	var list []question
	for y := from; y <= to; y++ {
		for _, kind := range [...]string{"PH", "SH"} {
			q.List, q.Year = kind, y
			list = append(list, q)
		}
	}
	for i, a := range o.ask(list) {
		if a.Error != "" {
			o.t.Fatalf("%v: %s", list[i], a.Error)
		}
		for _, d := range a.Days {
			set := c.public
			if list[i].List == "SH" {
				set = c.school
			}
			set[Date{d[0], time.Month(d[1]), d[2]}] = true
		}
	}
	return c
}

var oraclePlaces = []struct {
	zone     string
	lat, lon float64
}{
	{"Europe/Helsinki", 60.17, 24.94},
	{"America/Vancouver", 49.26, -123.11},
	{"Asia/Shanghai", 30.66, 104.06},
	{"Europe/Berlin", 48.14, 11.58},
}

// oracleInstants returns instants in a zone: the edges of years, months, leap
// days and changes of the clock, and random ones.
func oracleInstants(rng *rand.Rand, zone *time.Location, n int) []int64 {
	edges := []string{
		"2024-02-28 23:30", "2024-02-29 10:30", "2024-02-29 23:59", "2024-03-01 00:00", "2023-02-28 12:00",
		"2023-12-31 23:15", "2024-01-01 00:00", "2024-12-31 12:00", "2025-01-01 09:00", "2025-12-31 23:59",
		"2024-03-30 23:00", "2024-03-31 04:30", "2024-03-31 12:00", "2024-10-26 23:30", "2024-10-27 05:00",
		"2024-03-10 05:00", "2024-11-03 06:00", "2025-03-08 22:00", "2025-03-29 23:00", "2025-10-26 12:00",
		"2024-12-24 13:00", "2024-12-25 10:00", "2024-12-26 18:00", "2024-03-29 11:00", "2024-04-01 11:00",
		"2025-06-20 22:15", "2024-12-21 16:45", "2024-12-30 10:00", "2026-01-01 01:00", "2026-12-31 20:00",
		"2021-04-10 00:30", "2021-04-12 13:00", "2021-03-27 13:30", "2021-04-17 19:45", "2021-03-25 01:15",
	}
	var list []int64
	for range n {
		if rng.IntN(3) == 0 {
			t, err := time.ParseInLocation("2006-01-02 15:04", edges[rng.IntN(len(edges))], zone)
			if err != nil {
				panic(err)
			}
			list = append(list, t.Unix())
			continue
		}
		t := time.Date(2023, 2, 1, 0, 0, 0, 0, zone).Unix() + rng.Int64N(3*365*86400)
		if changes := clockChanges(zone); len(changes) > 0 && rng.IntN(6) == 0 {
			t = changes[rng.IntN(len(changes))] + rng.Int64N(8*3600) - 4*3600
		}
		t -= t % (15 * 60) // boundaries of the strings are met often
		if rng.IntN(4) == 0 {
			t += rng.Int64N(900)
		}
		list = append(list, t)
	}
	return list
}

// clockChanges returns the instants from 2023 to 2025 at which the clock of a
// zone is changed.
func clockChanges(zone *time.Location) []int64 {
	var list []int64
	for t := time.Date(2023, 1, 1, 0, 0, 0, 0, zone); t.Year() < 2026; {
		_, end := t.ZoneBounds()
		if end.IsZero() {
			break
		}
		list = append(list, end.Unix())
		t = end
	}
	return list
}

// TestOracle compares state, comment and next change with the reference
// implementation.
func TestOracle(t *testing.T) {
	o := newOracle(t)
	rng := rand.New(rand.NewPCG(20, 26))
	base := question{TZ: "Europe/Berlin", Lat: 48.14, Lon: 11.58, Country: "de", State: "Bayern"}
	holidays := o.calendar(base, 2020, 2028)

	type test struct {
		schedule *Schedule
		value    string
		place    Place
	}
	var tests []test
	var list []question
	add := func(value string, instants int) {
		s, err := Parse(value)
		if err != nil {
			t.Errorf("%s: %v", value, err)
			return
		}
		where := oraclePlaces[rng.IntN(len(oraclePlaces))]
		zone, err := time.LoadLocation(where.zone)
		if err != nil {
			t.Fatal(err)
		}
		q := base
		q.Value, q.TZ, q.Lat, q.Lon = value, where.zone, where.lat, where.lon
		q.Instants = oracleInstants(rng, zone, instants)
		tests = append(tests, test{s, value, Place{orb.Point{where.lon, where.lat}, zone, holidays}})
		list = append(list, q)
	}
	for _, v := range vectors(t) {
		add(v, 4)
	}
	for _, v := range oracleStrings {
		add(v, 8)
	}
	for range 150 {
		add(generate(rng), 8)
	}
	answers := o.ask(list)

	// The oracle cannot read some strings; the canonical form says the same
	// in its words.
	var again []int
	var retry []question
	for i := range answers {
		if answers[i].Error != "" {
			q := list[i]
			q.Value = tests[i].schedule.String()
			again = append(again, i)
			retry = append(retry, q)
		}
	}
	unanswered := 0
	for k, a := range o.ask(retry) {
		if strings.Contains(a.Error, "does not occur on this date") || strings.Contains(a.Error, "infinite loop") {
			unanswered++ // faults of its own: sun times at a change of the clock, endless search
		} else if a.Error != "" {
			t.Errorf("%s: the oracle reads neither it nor %s: %s", tests[again[k]].value, retry[k].Value, a.Error)
		}
		answers[again[k]] = a
	}

	pairs, nexts, excused := 0, 0, map[string]int{}
	var stepped []question // changes that the oracle's next change passes over
	var steppedFrom []string
	var steppedTo []State
	for i, a := range answers {
		for k := range a.States {
			at := time.Unix(list[i].Instants[k], 0)
			pairs++
			diff, next := compare(tests[i].schedule, tests[i].place, at, a.States[k], a.Comments[k], a.Nexts[k])
			if next {
				nexts++
			}
			if diff == "" {
				continue
			}
			got := tests[i].schedule.At(at, tests[i].place)
			var oracleNext time.Time
			if a.Nexts[k] != nil {
				oracleNext = time.Unix(*a.Nexts[k], 0)
			}
			if why := differs(tests[i].schedule, tests[i].place.Zone, at, got.Until, oracleNext); why != "" {
				excused[why]++
				continue
			}
			diff = fmt.Sprintf("%s\n\tin %s at %s: %s", tests[i].value, list[i].TZ,
				at.In(tests[i].place.Zone).Format("Mon 2006-01-02 15:04:05 -0700"), diff)
			if want := a.Nexts[k]; got.State.String() == a.States[k] && !got.Until.IsZero() && (want == nil || got.Until.Unix() < *want) {
				q := list[i]
				q.Value, q.Instants, q.StatesOnly = tests[i].value, []int64{got.Until.Unix()}, true
				stepped = append(stepped, q)
				steppedFrom = append(steppedFrom, diff)
				steppedTo = append(steppedTo, got.Next)
				continue
			}
			t.Error(diff)
		}
	}
	// Where ours is the earlier change, the oracle's own state at that instant
	// decides.
	for i, a := range o.ask(stepped) {
		if a.Error != "" || a.States[0] != steppedTo[i].String() {
			t.Error(steppedFrom[i])
		}
	}
	t.Logf("%d strings, %d pairs, %d next changes compared; %d read by the oracle in canonical form only, %d not at all; "+
		"%d changes that the oracle steps over though its own states show them; by design: %v",
		len(list), pairs, nexts, len(retry), unanswered, len(stepped), excused)
	total := len(stepped)
	for _, n := range excused {
		total += n
	}
	if pairs < 2000 || nexts < pairs/2 || total > pairs/50 || unanswered > 5 {
		t.Errorf("%d pairs and %d next changes compared, %d explained", pairs, nexts, total)
	}
}

// TestByDesign checks the table of differences: that ours is as it says, and
// that the reference implementation still differs.
func TestByDesign(t *testing.T) {
	o := newOracle(t)
	base := question{TZ: "Europe/Berlin", Lat: 48.14, Lon: 11.58, Country: "de", State: "Bayern"}
	holidays := o.calendar(base, 2020, 2028)
	var list []question
	for _, d := range byDesign {
		zone, err := time.LoadLocation(d.zone)
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.ParseInLocation("2006-01-02 15:04", d.at, zone)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Parse(d.value)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.StateAt(at, Place{Zone: zone, Holidays: holidays}); got != d.ours {
			t.Errorf("%s at %s: %s, want %s (%s)", d.value, d.at, got, d.ours, d.why)
		}
		q := base
		q.Value, q.TZ, q.Instants = d.value, d.zone, []int64{at.Unix()}
		list = append(list, q)
	}
	for i, a := range o.ask(list) {
		got := "error"
		if a.Error == "" {
			got = a.States[0]
		}
		if d := byDesign[i]; got != d.oracle || got == d.ours.String() {
			t.Errorf("%s at %s: the oracle says %s (%s), the table %s", d.value, d.at, got, a.Error, d.oracle)
		}
	}
}

// sunTolerance is what the sun times of two algorithms may differ by.
const sunTolerance = 4 * time.Minute

// compare returns how the evaluation differs from the oracle's, "" where it
// agrees, and whether a next change could be compared.
func compare(s *Schedule, place Place, at time.Time, state string, comment *string, next *int64) (diff string, compared bool) {
	got := s.At(at, place)
	if quick := s.StateAt(at, place); quick != got.State {
		return fmt.Sprintf("At says %s, StateAt %s", got.State, quick), false
	}
	if got.State.String() != state {
		if s.sun != 0 && s.StateAt(at.Add(-sunTolerance), place) != s.StateAt(at.Add(sunTolerance), place) {
			return "", false
		}
		return fmt.Sprintf("%s, oracle %s", got.State, state), false
	}
	// The oracle gives the name of the holiday and its guess about open ends
	// as comments too.
	if comment != nil && strings.Contains(s.String(), `"`+*comment+`"`) && got.Comment != *comment || got.Comment != "" && (comment == nil || *comment != got.Comment) {
		return fmt.Sprintf("comment %q, oracle %v", got.Comment, comment), false
	}
	const horizon = 400 * 24 * time.Hour
	if next == nil {
		if !got.Until.IsZero() && got.Until.Sub(at) < horizon {
			return fmt.Sprintf("%s until %s, oracle for ever", state, got.Until), false
		}
		return "", false
	}
	want := time.Unix(*next, 0).In(place.Zone)
	off := got.Until.Sub(want).Abs()
	if off == 0 || s.sun != 0 && off <= sunTolerance {
		return "", true
	}
	return fmt.Sprintf("%s until %s, oracle %s", state, got.Until, want), true
}
