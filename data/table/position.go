package table

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/datum"
)

// Why a row has no position.
var (
	whyNone = geo.Text{Zh: "没有坐标", En: "no coordinates"}
	whyHalf = geo.Text{Zh: "经纬度只有一个", En: "only one of longitude and latitude"}
	whyForm = geo.Text{Zh: "坐标看不懂", En: "coordinates not understood"}
	whyZero = geo.Text{Zh: "坐标是 0,0", En: "coordinates are 0,0"}
	whyFar  = geo.Text{Zh: "坐标超出范围", En: "coordinates out of range"}
	whyAway = geo.Text{Zh: "坐标离表中其他地点太远", En: "coordinates too far from the other places"}
	whySwap = geo.Text{Zh: "经纬度疑似写反", En: "longitude and latitude seem swapped"}
)

// position reads the position of a row in the table's datum; why says why it
// has none. Anything but empty cells is reported as an issue too.
func (rd *reader) position(row int, record []string, p *geo.Place) (raw orb.Point, why geo.Text) {
	lon, lat := rd.cell(row, FieldLon, record), rd.cell(row, FieldLat, record)
	field, text := FieldPoint, lon+" , "+lat
	switch {
	case lon == "" && lat == "":
		if text = rd.cell(row, FieldPoint, record); text == "" {
			return raw, whyNone
		}
		raw, why = rd.pair(text)
	case lon == "" || lat == "":
		why = whyHalf
	default:
		raw, why = separate(lon, lat)
	}
	if why.IsZero() {
		raw, why = rd.judge(row, field, text, raw)
	}
	if !why.IsZero() {
		rd.issue(row, field, text, geo.Text{
			Zh: why.Zh + "，按未定位导入：请改正后重新导入。",
			En: why.En + "; imported without a position: correct them and import again",
		})
	}
	return raw, why
}

// separate reads two cells. Cells that say themselves which axis they are
// (E113°33′) settle the order, even against the headers.
func separate(lon, lat string) (orb.Point, geo.Text) {
	x, xAxis, okX := parseAngle(lon)
	y, yAxis, okY := parseAngle(lat)
	switch {
	case !okX || !okY || xAxis != eitherAxis && xAxis == yAxis:
		return orb.Point{}, whyForm
	case xAxis == latAxis && yAxis == lonAxis:
		return orb.Point{y, x}, geo.Text{}
	case xAxis == latAxis || yAxis == lonAxis:
		return orb.Point{}, whySwap
	}
	return orb.Point{x, y}, geo.Text{}
}

// pair reads one cell. The order is longitude first unless the cell or the
// header says otherwise.
func (rd *reader) pair(text string) (orb.Point, geo.Text) {
	a, b, first, ok := parsePair(text)
	if !ok {
		return orb.Point{}, whyForm
	}
	if first == eitherAxis {
		header := rd.columns[rd.byField[FieldPoint]].Header
		if read := readHeader(header[strings.LastIndex(header, "/")+1:]); latFirst(read.plain) || latFirst(read.short) {
			first = latAxis
		}
	}
	if first == latAxis {
		a, b = b, a
	}
	return orb.Point{a, b}, geo.Text{}
}

// latFirst says whether a header of both numbers puts the latitude first.
func latFirst(header string) bool {
	return header == "latlng" || header == "latlon" || strings.HasSuffix(header, "纬经度")
}

// judge looks at a position with suspicion. Two numbers are taken as swapped
// without asking only when they cannot be meant as they stand, a latitude
// beyond 90°, and turned round lie in China; where they could be either, the
// row stays unplaced.
func (rd *reader) judge(row int, field Field, text string, raw orb.Point) (orb.Point, geo.Text) {
	turned := orb.Point{raw[1], raw[0]}
	switch {
	case raw == orb.Point{}:
		return raw, whyZero
	case !valid(raw) && valid(turned) && datum.InChina(turned):
		rd.issue(row, field, text, geo.Text{
			Zh: "纬度大于 90，经纬度写反了，已对调：请在原表改正。",
			En: "a latitude beyond 90: longitude and latitude were swapped and have been turned round; correct the table",
		})
		return turned, geo.Text{}
	case !valid(raw) && valid(turned):
		return raw, whySwap
	case !valid(raw):
		return raw, whyFar
	case !datum.InChina(raw) && datum.InChina(turned):
		return raw, whySwap
	case rd.datum != datum.WGS84 && !datum.InChina(raw):
		rd.issue(row, field, text, geo.Text{
			Zh: fmt.Sprintf("坐标不在%s适用的范围内，按 GPS 坐标（WGS-84）放置：请核对。", datumText(rd.datum).Zh),
			En: fmt.Sprintf("the position is outside the area where %s applies and was taken as WGS-84: check it", datumText(rd.datum).En),
		})
	}
	return raw, geo.Text{}
}

// finish looks at all places together: those far from the rest, and those of
// one name within 30 m.
func (rd *reader) finish() {
	if len(rd.unsaid) > 0 {
		rd.report.KindHint = hintOfKind(rd.opt, rd.columns)
	}
	rd.hollow()
	rd.strays()
	rd.twins()
	for i := range rd.places {
		p := &rd.places[i]
		rd.report.InChina = rd.report.InChina || !p.Unplaced && datum.InChina(p.Point)
	}
	slices.SortStableFunc(rd.report.Unplaced, func(a, b Row) int { return cmp.Compare(a.Row, b.Row) })
	slices.SortStableFunc(rd.report.Issues, func(a, b Issue) int { return cmp.Compare(a.Row, b.Row) })
}

// strays looks for places more than 300 km from the middle of the table, which
// a mistyped digit makes. They are reported. One that is more than 500 km and
// 20 times as far away as half of the others, and has no other of the table
// within 100 km, is left without a position.
func (rd *reader) strays() {
	const far, absurd, company = 300_000, 500_000, 100_000 // metres
	const several = 1000                                   // more than these nobody mistyped
	var placed []int
	var lons, lats, spread []float64
	for i := range rd.places {
		if p := &rd.places[i]; !p.Unplaced {
			placed, lons, lats = append(placed, i), append(lons, p.Point[0]), append(lats, p.Point[1])
		}
	}
	if len(placed) < 4 {
		return
	}
	slices.Sort(lons)
	slices.Sort(lats)
	middle := orb.Point{lons[len(lons)/2], lats[len(lats)/2]}
	var away []int
	for _, i := range placed {
		d := geo.Distance(middle, rd.places[i].Point)
		spread = append(spread, d)
		if d > far {
			away = append(away, i)
		}
	}
	// A table of a whole country has no rest to be far from.
	if len(away) > max(1, len(placed)/5) {
		return
	}
	slices.Sort(spread)
	for _, i := range away {
		p := &rd.places[i]
		d := geo.Distance(middle, p.Point)
		value := fmt.Sprintf("%.6f , %.6f", p.Point[0], p.Point[1])
		if d > absurd && d > 20*spread[len(spread)/2] && len(away) <= several && !slices.ContainsFunc(away, func(j int) bool {
			return j != i && !rd.places[j].Unplaced && geo.Distance(rd.places[j].Point, p.Point) < company
		}) {
			rd.unplace(i, whyAway)
			rd.issue(rd.rows[i], FieldPoint, value, geo.Text{
				Zh: fmt.Sprintf("离表中其他地点约 %.0f 公里，多半是写错了数字，按未定位导入：请改正后重新导入；若属实，请单独成表导入。", d/1000),
				En: fmt.Sprintf("about %.0f km from the other places of the table, most likely a mistyped digit; imported without a position: correct it and import again, or import it as a table of its own if it is true", d/1000),
			})
			continue
		}
		rd.issue(rd.rows[i], FieldPoint, value, geo.Text{
			Zh: fmt.Sprintf("离表中其他地点约 %.0f 公里：请核对坐标。", d/1000),
			En: fmt.Sprintf("about %.0f km from the other places of the table: check the coordinates", d/1000),
		})
	}
}

// unplace takes the position from a place.
func (rd *reader) unplace(i int, why geo.Text) {
	p := &rd.places[i]
	p.Point, p.Origin, p.Unplaced = orb.Point{}, nil, true
	rd.report.Placed--
	rd.report.Unplaced = append(rd.report.Unplaced, Row{Row: rd.rows[i], ID: p.ID, Name: p.Name, Address: p.Address, Why: why})
}

// twins reports places of one name within 30 m of one another: each against
// the first that it is near.
func (rd *reader) twins() {
	const near = 30
	byName := map[string][]int{}
	for i := range rd.places {
		p := &rd.places[i]
		if p.Unplaced || p.Name == "" {
			continue
		}
		// Of one name there are few; a table that repeats one name thousands
		// of times is not searched further back than this.
		same := byName[p.Name]
		for _, j := range same[max(0, len(same)-200):] {
			q := &rd.places[j]
			if math.Abs(p.Point[1]-q.Point[1]) > 0.001 {
				continue
			}
			if d := geo.Distance(p.Point, q.Point); d <= near {
				rd.issue(rd.rows[i], FieldName, p.Name, geo.Text{
					Zh: fmt.Sprintf("与第 %d 行同名且相距 %.0f 米：若是同一处请删去一行。", rd.rows[j], d),
					En: fmt.Sprintf("the same name as row %d, %.0f m away: remove one row if it is the same place", rd.rows[j], d),
				})
				break
			}
		}
		byName[p.Name] = append(same, i)
	}
}

// place sets the position, or leaves the place unplaced and says why.
func (rd *reader) place(row int, record []string, p *geo.Place) {
	raw, why := rd.position(row, record, p)
	if why.IsZero() {
		p.Point = rd.datum.ToWGS84(raw)
		if rd.datum != datum.WGS84 {
			p.Origin = &geo.Origin{Datum: string(rd.datum), Lon: raw[0], Lat: raw[1]}
		}
		rd.report.Placed++
		return
	}
	p.Unplaced = true
	rd.report.Unplaced = append(rd.report.Unplaced, Row{Row: row, ID: p.ID, Name: p.Name, Address: p.Address, Why: why})
}

// valid says whether two numbers are a latitude and a longitude.
func valid(p orb.Point) bool {
	return math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90
}
