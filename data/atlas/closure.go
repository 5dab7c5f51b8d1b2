package atlas

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/datum"
)

// ClosuresFile is the file of a data folder that holds what closes and opens
// streets and gates for a time. It is a GeoJSON FeatureCollection that QGIS
// and a text editor can change. Of a member that stands twice in an object the
// last one counts. It may be a symbolic link to a file that is there, which is
// then replaced where it is. Imports leave it alone.
const ClosuresFile = "closures.json"

// Bounds of a list of closures.
const (
	// MaxClosures is how many there may be at once.
	MaxClosures = 10_000
	// maxClosuresFile bounds the file in bytes.
	maxClosuresFile = 32 << 20
	// keepExpired is how long a closure that is over is still listed. The next
	// change after that drops it.
	keepExpired = 7 * 24 * time.Hour
)

// Phase says where an instant lies in the time of a closure.
type Phase string

// The phases of a closure.
const (
	Planned Phase = "planned"
	Active  Phase = "active"
	Expired Phase = "expired"
)

// PhaseAt returns the phase of a closure at an instant.
func PhaseAt(c *geo.Closure, t time.Time) Phase {
	switch {
	case !c.To.IsZero() && !t.Before(c.To):
		return Expired
	case t.Before(c.From):
		return Planned
	}
	return Active
}

// AppendClosure appends a closure as a GeoJSON feature in a datum, its times in
// a zone. gate is where its gate stands, nil where it has none or that is not
// known. more are further properties without outer commas.
func AppendClosure(dst []byte, c *geo.Closure, gate *orb.Point, d datum.Datum, zone *time.Location, more []byte) []byte {
	point := func(p orb.Point) {
		dst = appendPosition(append(dst, `{"type":"Point","coordinates":[`...), d.FromWGS84(p))
		dst = append(dst, `]}`...)
	}
	dst = appendText(append(dst, `{"type":"Feature"`...), "id", c.ID)
	dst = appendKey(dst, "geometry")
	switch {
	case c.Street != nil:
		point(*c.Street)
	case len(c.Area) > 0:
		dst = append(dst, `{"type":"Polygon","coordinates":[`...)
		for i, ring := range c.Area {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(dst, '[')
			for j, p := range ring {
				if j > 0 {
					dst = append(dst, ',')
				}
				dst = append(appendPosition(append(dst, '['), d.FromWGS84(p)), ']')
			}
			dst = append(dst, ']')
		}
		dst = append(dst, `]}`...)
	case gate != nil:
		point(*gate)
	default:
		dst = append(dst, `null`...)
	}
	dst = append(appendKey(dst, "properties"), '{')
	dst = appendText(dst, "id", c.ID)
	state := stateClosed
	if c.Opens {
		state = stateOpen
	}
	dst = appendText(dst, "state", state)
	dst = appendMaybe(dst, "gate", c.Gate)
	if len(c.Modes) > 0 {
		words := make([]string, len(c.Modes))
		for i, m := range c.Modes {
			words[i] = m.String()
		}
		dst = appendList(dst, "modes", words)
	}
	for _, t := range [...]struct {
		name string
		at   time.Time
	}{{"from", c.From}, {"to", c.To}, {"created", c.Created}} {
		if !t.at.IsZero() {
			dst = appendTime(dst, t.name, t.at.In(zone))
		}
	}
	dst = appendMaybe(dst, "reason", c.Reason)
	if len(more) > 0 {
		dst = append(append(dst, ','), more...)
	}
	return append(dst, `}}`...)
}

// The values of the property "state".
const (
	stateClosed = "closed"
	stateOpen   = "open"
)

// normal returns a closure as it reads back from the file: positions to 7
// decimals, times to the second.
func normal(c geo.Closure) geo.Closure {
	round := func(p orb.Point) orb.Point {
		return orb.Point{math.Round(p[0]*1e7) / 1e7, math.Round(p[1]*1e7) / 1e7}
	}
	if c.Street != nil {
		p := round(*c.Street)
		c.Street = &p
	}
	area := make(orb.Polygon, len(c.Area))
	for i, ring := range c.Area {
		area[i] = make(orb.Ring, len(ring))
		for j, p := range ring {
			area[i][j] = round(p)
		}
	}
	if c.Area = area; len(area) == 0 {
		c.Area = nil
	}
	c.From, c.To, c.Created = c.From.Truncate(time.Second), c.To.Truncate(time.Second), c.Created.Truncate(time.Second)
	return c
}

// encodeClosures writes the file, one closure a line.
func encodeClosures(list []geo.Closure, gate func(id string) *orb.Point, zone *time.Location) []byte {
	b := []byte("{\"type\":\"FeatureCollection\",\"features\":[")
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '\n')
		b = AppendClosure(b, &list[i], gate(list[i].Gate), datum.WGS84, zone, nil)
	}
	return append(b, "\n]}\n"...)
}

// decodeClosures reads the file. What is wrong in it is said in a *geo.Error,
// Invalid: a closure that cannot be read is never left out in silence.
func decodeClosures(data []byte) ([]geo.Closure, error) {
	var file struct {
		Type     string            `json:"type"`
		Features []json.RawMessage `json:"features"`
		CRS      json.RawMessage   `json:"crs"`
	}
	// Editors of Windows begin a file with a byte order mark.
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\uFEFF"))))
	if err := dec.Decode(&file); err != nil {
		return nil, badClosures("不是完整的 JSON", "is no complete JSON").Because(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, badClosures("结尾有多余内容", "goes on after its end")
	}
	switch {
	case file.Type != "FeatureCollection" || file.Features == nil:
		return nil, badClosures("不是 GeoJSON 的 FeatureCollection", "is no FeatureCollection of GeoJSON")
	case len(file.CRS) > 0 && string(file.CRS) != "null" && !bytes.Contains(file.CRS, []byte("CRS84")) && !bytes.Contains(file.CRS, []byte("4326")):
		return nil, badClosures("坐标系不是 WGS-84 经纬度", "is not in WGS-84 longitudes and latitudes")
	case len(file.Features) > MaxClosures:
		return nil, badClosures(fmt.Sprintf("有 %d 条封闭，上限 %d 条", len(file.Features), MaxClosures),
			fmt.Sprintf("has %d closures, more than %d", len(file.Features), MaxClosures))
	}
	list := make([]geo.Closure, 0, len(file.Features))
	seen := make(map[string]bool, len(file.Features))
	for i, raw := range file.Features {
		c, err := decodeClosure(raw)
		if err == nil && seen[c.ID] {
			err = geo.NewError(geo.Invalid, "编号与前面的重复", "has the id of one before it")
		}
		if err != nil {
			why := geo.Text{Zh: err.Error(), En: err.Error()}
			var e *geo.Error
			if errors.As(err, &e) {
				why = e.Message
			}
			return nil, badClosures(fmt.Sprintf("第 %d 条（编号 %.60q）：%s", i+1, c.ID, strings.TrimSuffix(why.Zh, "。")),
				fmt.Sprintf("closure %d (id %.60q): %s", i+1, c.ID, why.En))
		}
		seen[c.ID] = true
		list = append(list, c)
	}
	return list, nil
}

// badClosures says what is wrong with the file, and what to do.
func badClosures(zh, en string) *geo.Error {
	return geo.NewError(geo.Invalid,
		ClosuresFile+" 读不懂："+zh+"。请改正；若不再需要这些封闭，请把内容换成 "+noClosures+"。",
		ClosuresFile+" cannot be used: "+en+". Mend it, or put "+noClosures+" in its place to lift its closures.")
}

// noClosures is a file without closures. Without a file, those of a running
// server stay: files vanish by mistake.
const noClosures = `{"type":"FeatureCollection","features":[]}`

// closureJSON is a feature of the file. Null stands for absent: QGIS writes it
// for every property that a feature does not have.
type closureJSON struct {
	Type       string          `json:"type"`
	ID         json.RawMessage `json:"id"`
	Geometry   json.RawMessage `json:"geometry"`
	Properties json.RawMessage `json:"properties"`
}

// decodeClosure reads one feature. One that was added by hand without an id
// gets one made from its content, the same at every reading.
func decodeClosure(raw []byte) (geo.Closure, error) {
	var f closureJSON
	var c geo.Closure
	var properties map[string]json.RawMessage
	if json.Unmarshal(raw, &f) != nil || f.Type != "Feature" || len(f.Properties) > 0 && json.Unmarshal(f.Properties, &properties) != nil {
		return c, geo.NewError(geo.Invalid, "不是 GeoJSON 的 Feature", "is no Feature of GeoJSON")
	}
	var state string
	var modes json.RawMessage
	// The id first, as every fault is told with it.
	names := slices.SortedFunc(maps.Keys(properties), func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), strings.Compare(a, b))
	})
	for _, name := range names {
		value := properties[name]
		var err error
		switch name {
		case "id":
			err = json.Unmarshal(value, &c.ID)
		case "state":
			err = json.Unmarshal(value, &state)
		case "gate":
			err = json.Unmarshal(value, &c.Gate)
		case "reason":
			err = json.Unmarshal(value, &c.Reason)
		case "modes":
			modes = value
		case "from":
			c.From, err = closureTime(value)
		case "to":
			c.To, err = closureTime(value)
		case "created":
			c.Created, err = closureTime(value)
		case "effect", "phase", "lasting": // an answer of the server, saved as a file
		default:
			if string(value) != "null" {
				return c, geo.NewError(geo.Invalid,
					fmt.Sprintf("不认识属性 %.40q，可用 id、state、gate、modes、from、to、reason、created", name),
					fmt.Sprintf("unknown property %.40q: use id, state, gate, modes, from, to, reason, created", name))
			}
		}
		if err != nil {
			return c, geo.NewError(geo.Invalid, fmt.Sprintf("属性 %s 读不懂（时间要写成带时区的 RFC 3339，年份在 %d 到 %d 之间）", name, firstYear, lastYear),
				fmt.Sprintf("the property %s cannot be read (times are RFC 3339 with a zone, from %d to %d)", name, firstYear, lastYear)).Because(err)
		}
	}
	switch state {
	case stateClosed:
	case stateOpen:
		c.Opens = true
	default:
		return c, geo.NewError(geo.Invalid, "属性 state 应为 closed 或 open", "the property state must be closed or open")
	}
	var err error
	if c.Modes, err = closureModes(modes); err != nil {
		return c, err
	}
	if err := closureShape(&c, &f); err != nil {
		return c, err
	}
	if c.ID == "" {
		sum := sha256.Sum256(raw)
		c.ID = "h-" + idWord(sum[:10])
	}
	return clean(c)
}

// rank puts the property "id" before all others.
func rank(property string) int {
	if property == "id" {
		return 0
	}
	return 1
}

// idWord writes bytes in letters and digits that can be read out.
func idWord(b []byte) string {
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
}

// closureModes reads a list of modes, also one that a table made a string of.
func closureModes(raw json.RawMessage) ([]geo.Mode, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	var words []string
	if err := json.Unmarshal(raw, &words); err != nil {
		var s string
		if json.Unmarshal(raw, &s) != nil {
			return nil, geo.NewError(geo.Invalid, `属性 modes 应为列表，例如 ["bicycle","ebike"]`, `the property modes must be a list such as ["bicycle","ebike"]`)
		}
		words = strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(`, []"`, r) })
	}
	var modes []geo.Mode
	for _, w := range words {
		m, err := geo.ParseMode(w)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(modes, m) {
			modes = append(modes, m)
		}
	}
	return modes, nil
}

// closureShape reads what the geometry of a feature means. That of a gate is
// for the eye only: its ID counts.
func closureShape(c *geo.Closure, f *closureJSON) error {
	var g *struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	}
	if len(f.Geometry) > 0 && json.Unmarshal(f.Geometry, &g) != nil {
		return badShape()
	}
	switch {
	case g == nil:
		return nil // Check wants a gate then
	case g.Type == "Point" && c.Gate != "":
		return nil
	case g.Type == "Point":
		var v []*float64
		if json.Unmarshal(g.Coordinates, &v) != nil {
			return badShape()
		}
		p, ok := closurePosition(v)
		if !ok {
			return badShape()
		}
		c.Street = &p
	case g.Type == "Polygon":
		return closureArea(c, g.Coordinates)
	case g.Type == "MultiPolygon":
		var parts []json.RawMessage
		if json.Unmarshal(g.Coordinates, &parts) != nil || len(parts) != 1 {
			return geo.NewError(geo.Invalid, "一条封闭只能有一个多边形，请分成几条", "a closure has one polygon: make several of it")
		}
		return closureArea(c, parts[0])
	default:
		return badShape()
	}
	return nil
}

func badShape() error {
	return geo.NewError(geo.Invalid, "图形应为点或多边形，坐标写作 [经度,纬度]", "the geometry must be a Point or a Polygon of positions [lon,lat]")
}

func closureArea(c *geo.Closure, raw json.RawMessage) error {
	var rings [][][]*float64
	if json.Unmarshal(raw, &rings) != nil || len(rings) == 0 {
		return badShape()
	}
	for _, ring := range rings {
		line := make(orb.Ring, len(ring))
		for i, v := range ring {
			p, ok := closurePosition(v)
			if !ok {
				return badShape()
			}
			line[i] = p
		}
		c.Area = append(c.Area, line)
	}
	return nil
}
