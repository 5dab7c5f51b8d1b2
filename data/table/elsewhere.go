package table

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// claim is a row whose own id reads like the ID of a place, as an export gives
// it. What the row said is kept: it may be a place that is there already.
type claim struct {
	id    string
	row   int
	place int // in Result.Places
	cells []string
	point orb.Point
	// unplaced is what the row itself said, before the table was looked at as
	// a whole.
	unplaced bool
}

// Elsewhere tells of rows that are places of other feeds.
type Elsewhere struct {
	// Rows that are places of other feeds, which hold them: they give none of
	// the table's places. Feeds counts them by feed.
	Rows  int            `json:"rows"`
	Feeds map[string]int `json:"feeds,omitempty"`
	// Differ lists those of them that say something else than the place does,
	// in the order of the file.
	Differ []Difference `json:"differ,omitempty"`
	// Alike counts, by feed, the rows that became places of the table though
	// their own id reads like an ID of another feed. Asked says whether it was
	// looked up, and so whether no feed has such a place.
	Alike map[string]int `json:"alike,omitempty"`
	Asked bool           `json:"asked"`
}

// Difference is a row that says something else than the place that it is.
type Difference struct {
	Row    int     `json:"row"`
	ID     string  `json:"id"`
	Name   string  `json:"name"`
	Fields []Field `json:"fields"` // a field, a facility, or a header
}

// readsLikeID says whether a row's own id may be the ID of a place: a feed's
// word, a colon and more, as in osm:n123. A plain number never is one.
func readsLikeID(key string) bool {
	feed, rest, ok := strings.Cut(key, ":")
	return ok && feed != "" && rest != "" && len(key) <= 200 && !strings.ContainsFunc(key, func(r rune) bool {
		return r == ',' || unicode.IsSpace(r) || unicode.IsControl(r)
	})
}

// feedInID is the feed that an ID names, "" where it names none that is known.
func feedInID(id string) string {
	feed, rest, _ := strings.Cut(id, ":")
	switch feed {
	case geo.FeedOSM, geo.FeedEntered, "demo":
		return feed
	case "table":
		if name, _, ok := strings.Cut(rest, ":"); ok && name != "" {
			return "table:" + name
		}
	}
	return ""
}

// OwnIDs are the IDs that rows give as their own in the manner of an export,
// for Settle: none in a table that nothing exported.
func (r *Result) OwnIDs() []string {
	ids := make([]string, len(r.claims))
	for i, c := range r.claims {
		ids[i] = c.id
	}
	return ids
}

// alike counts the claims on IDs of other feeds.
func (r *Result) alike(claims []claim) {
	r.Report.Elsewhere.Alike = nil
	for _, c := range claims {
		feed := feedInID(c.id)
		if feed == "" || feed == r.Feed {
			continue
		}
		if r.Report.Elsewhere.Alike == nil {
			r.Report.Elsewhere.Alike = map[string]int{}
		}
		r.Report.Elsewhere.Alike[feed]++
	}
}

// Settle recognises the rows that are places already: held are those of the
// places there are whose IDs are among OwnIDs. A row that is a place of another
// feed gives no place of this table, whose double it would be; the report
// counts it, and says where it differs. A row that is a place of this table
// and was not moved keeps its position to the last digit, and in the datum that
// it came in: an export rounds it. Settle is called once, and held is not
// changed.
func (r *Result) Settle(held map[string]*geo.Place) {
	e := &r.Report.Elsewhere
	e.Asked = true
	gone, rows := map[int]bool{}, map[int]bool{}
	var left []claim
	for i := range r.claims {
		c := &r.claims[i]
		old, there := held[c.id]
		switch {
		case !there:
			left = append(left, *c)
		case old.Source.Feed == r.Feed:
			p := &r.Places[c.place]
			if p.ID == c.id && !p.Unplaced && !old.Unplaced && geo.Distance(p.Point, old.Point) < unmoved {
				p.Point, p.Origin = old.Point, old.Origin
			}
		default:
			gone[c.place], rows[c.row] = true, true
			if e.Feeds == nil {
				e.Feeds = map[string]int{}
			}
			e.Feeds[cmp.Or(old.Source.Feed, geo.FeedEntered)]++
			if fields := r.differences(c, old); len(fields) > 0 {
				e.Differ = append(e.Differ, Difference{c.row, c.id, old.Name, fields})
			}
		}
	}
	r.alike(left)
	r.claims = nil
	r.without(gone, rows)
}

// without takes places, and all that was said of their rows, out of the result.
func (r *Result) without(gone, rows map[int]bool) {
	if len(gone) == 0 {
		return
	}
	rep := &r.Report
	kept := make([]geo.Place, 0, len(r.Places)-len(gone))
	for i := range r.Places {
		switch p := &r.Places[i]; {
		case !gone[i]:
			kept = append(kept, *p)
			continue
		case !p.Unplaced:
			rep.Placed--
		}
		switch p := &r.Places[i]; {
		case p.Hours != "":
			rep.Hours--
			if p.HoursText != "" {
				rep.HoursPartly--
			}
		case p.HoursText != "":
			rep.HoursUnread--
		}
	}
	r.Places = kept
	for row := range rows {
		delete(r.unsaid, row)
	}
	r.countKinds()
	rep.Elsewhere.Rows = len(gone)
	rep.Unplaced = slices.DeleteFunc(rep.Unplaced, func(row Row) bool { return rows[row.Row] })
	rep.Issues = slices.DeleteFunc(rep.Issues, func(i Issue) bool { return rows[i.Row] })
}

// unmoved is how far apart two positions are the same, in metres: an export
// writes a degree with 7 decimals, and turning a datum round adds less.
const unmoved = 0.1

// differences lists what a row says other than a place does: its columns are
// compared with what an export would write there.
func (r *Result) differences(c *claim, p *geo.Place) []Field {
	var out []Field
	extra, at := extraCells(p), false
	for i := range r.Report.Columns {
		column, cell := &r.Report.Columns[i], ""
		if i < len(c.cells) {
			cell = c.cells[i]
		}
		switch {
		case column.Use == LeftOut || column.Field == FieldID || column.days != "":
		case column.Field == FieldLon || column.Field == FieldLat || column.Field == FieldPoint:
			if !at && (c.unplaced != p.Unplaced || !p.Unplaced && geo.Distance(c.point, p.Point) >= unmoved) {
				out, at = append(out, FieldPoint), true
			}
		case column.Field != "" && !Foreign(column.Field, p.Kind):
			if !sameCell(column.Field, cell, p) {
				out = append(out, column.Field)
			}
		case !sameExtra(column, cell, extra, p):
			out = append(out, cmp.Or(column.Field, Field(column.Facility), Field(column.Header)))
		}
	}
	return out
}

// sameCell compares the cell of a field with a place.
func sameCell(f Field, cell string, p *geo.Place) bool {
	switch f {
	case FieldFacilities:
		words := facilityWords()
		found, unknown := readFacilities(cell, words)
		return len(unknown) == 0 && slices.Equal(inOrder(slices.Clone(found)), inOrder(slices.Clone(p.Facilities)))
	case FieldLines:
		return slices.Equal(splitList(cell), splitList(strings.Join(p.BusStop.Lines, "、")))
	case FieldKind:
		kind, ok := readKind(tidy(cell))
		return tidy(cell) == "" || ok && kind == p.Kind
	}
	return tidy(cell) == tidy(fieldCell(f, p))
}

// fieldCell is what an export writes of a field that is one text.
func fieldCell(f Field, p *geo.Place) string {
	count := func(n int) string {
		if n <= 0 {
			return ""
		}
		return fmt.Sprint(n)
	}
	switch f {
	case FieldName:
		return p.Name
	case FieldNameEn:
		return p.Names["en"]
	case FieldAddress:
		return p.Address
	case FieldDistrict:
		return p.District
	case FieldHours:
		if p.Gate != nil {
			return cmp.Or(p.Hours, p.HoursText, p.Gate.Tags["opening_hours"])
		}
		return cmp.Or(p.Hours, p.HoursText)
	case FieldPhone:
		return p.Phone
	case FieldOperator:
		return p.Operator
	case FieldWebsite:
		return p.Website
	case FieldNote:
		return p.Note
	}
	switch {
	case p.Station != nil && f == FieldType:
		return string(p.Station.Type)
	case p.Station != nil && f == FieldNetwork:
		return p.Station.Network
	case p.Station != nil && f == FieldBooking:
		return p.Station.Booking
	case p.Charger != nil && f == FieldCapacity:
		return count(p.Charger.Sockets)
	case p.Charger != nil && f == FieldFee:
		return p.Charger.Fee
	case p.Parking != nil && f == FieldCapacity:
		return count(p.Parking.Capacity)
	case p.Bikes != nil && f == FieldCapacity:
		return count(p.Bikes.Capacity)
	case p.Bikes != nil && f == FieldNetwork:
		return p.Bikes.Network
	}
	return ""
}

// sameExtra compares a cell that is no field of the place's kind.
func sameExtra(column *Column, cell string, extra map[string]string, p *geo.Place) bool {
	said := extra[column.Header]
	cell = tidy(cell)
	if cell == tidy(said) {
		return true
	}
	switch column.Header {
	case "compound":
		return true // follows from the position
	case "valid_from", "valid_until":
		return p.Valid != nil && sameMoment(cell, p.Valid, column.Header)
	}
	if column.Use == YesNo {
		has, known := yes(cell)
		return cell == "" || known && has == p.Has([]geo.Facility{column.Facility})
	}
	return false
}

func sameMoment(cell string, v *geo.Period, header string) bool {
	want := v.From
	if header == "valid_until" {
		want = v.Until
	}
	if cell == "" || want.IsZero() {
		return cell == "" && want.IsZero()
	}
	got, err := time.Parse(time.RFC3339, cell)
	return err == nil && got.Equal(want.Truncate(time.Second))
}

// extraCells is what an export writes beside the fields, by header.
func extraCells(p *geo.Place) map[string]string {
	m, fields := map[string]string{}, Fields()
	put := func(key, value string) {
		if value == "" {
			return
		}
		key, _ = clean(key, 100)
		// A name that is also a field's is told apart, unless the field means
		// nothing for the kind.
		if f := Field(strings.ToLower(key)); f != FieldPoint && slices.Contains(fields, f) && (string(f) != key || !Foreign(f, p.Kind)) {
			key = "extra: " + key
		}
		m[key] = value
	}
	whether := func(key string, v bool) {
		if v {
			put(key, "yes")
		}
	}
	for key, value := range p.Extra {
		put(key, value)
	}
	for lang, name := range p.Names {
		put("name_"+lang, name)
	}
	switch {
	case p.Gate != nil:
		for key, value := range p.Gate.Tags {
			put(key, value)
		}
		put("barrier", p.Gate.Barrier)
		whether("inferred", p.Gate.Inferred)
	case p.Station != nil:
		put("hub", p.Station.Hub)
	case p.Charger != nil:
		put("vehicles", strings.Join(p.Charger.Vehicles, "; "))
	case p.BusStop != nil:
		whether("shelter", p.BusStop.Shelter)
		whether("bench", p.BusStop.Bench)
	case p.Parking != nil:
		put("vehicles", strings.Join(p.Parking.Vehicles, "; "))
		whether("covered", p.Parking.Covered)
	}
	return m
}

// tidy is a text as a cell of it is compared.
func tidy(s string) string {
	if s, _ = clean(s, 1000); empty(s) {
		return ""
	}
	return s
}

// differShown is how many rows that differ a report names.
const differShown = 10

// say tells of the rows that are places of other feeds.
func (e *Elsewhere) say(say func(zh, en string, values ...any)) {
	if e.Rows > 0 {
		feeds := countList(e.Feeds)
		say("注意：%d 行是数据里已有、来自别处的地点（%s），保持原样，没有作为本表的行导入。要改它们：用 PUT /api/places/编号，或改它们原来的来源（table:名称 用 import csv --name 名称）；要当作新地点导入，请删去编号列（id）。",
			"attention: %d rows are places from elsewhere (%s) that are in the data already: left as they are, and no rows of this table. Edit them with PUT /api/places/ID or where they come from (those of table:NAME with import csv --name NAME); remove the column id to add them as new.",
			e.Rows, feeds)
	}
	if n := len(e.Differ); n > 0 {
		say("其中 %d 行与现有内容不同，所改之处没有导入：", "%d of them differ from what is there, and what they say is not imported:", n)
		for i, d := range e.Differ {
			if i == differShown {
				say("  还有 %d 行", "  %d more", n-i)
				break
			}
			zh, en := make([]string, len(d.Fields)), make([]string, len(d.Fields))
			for k, f := range d.Fields {
				zh[k], en[k] = fieldText(f).Zh, fieldText(f).En
			}
			say("  第 %d 行 %[2]s：%[3]s", "  row %d %[2]s: %[4]s", d.Row, strings.TrimSpace(d.Name+" "+d.ID), strings.Join(zh, "、"), strings.Join(en, ", "))
		}
	}
	switch n := 0; {
	case len(e.Alike) == 0:
	default:
		for _, count := range e.Alike {
			n += count
		}
		if e.Asked {
			say("说明：%d 行的编号像是别处的（%s），但数据里没有这些地点：作为本表的新地点导入。",
				"note: %d rows have IDs like those of other sources (%s), but the data holds no such places: they become places of this table.", n, countList(e.Alike))
			return
		}
		say("说明：%d 行的编号像是别处的（%s）：数据里已有的会保持原样，没有的作为本表的新地点导入；加 --data 可查。",
			"note: %d rows have IDs like those of other sources (%s): places that the data holds will stay as they are, the others become places of this table; add --data to see which.", n, countList(e.Alike))
	}
}

// countList writes counts as "57 osm, 1 entered", the greatest first.
func countList(counts map[string]int) string {
	keys := slices.Sorted(maps.Keys(counts))
	slices.SortStableFunc(keys, func(a, b string) int { return counts[b] - counts[a] })
	const most = 5
	var parts []string
	for i, key := range keys {
		if i == most {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, fmt.Sprintf("%d %s", counts[key], key))
	}
	return strings.Join(parts, ", ")
}
