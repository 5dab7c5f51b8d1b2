package api

import (
	"crypto/sha256"
	"encoding/json"
	"math"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/datum"
)

// placeTag returns the ETag of the answer with one place: it begins with the
// content of the place alone, which If-Match asks for, and behind that is all
// else that the answer depends on, such as the minute.
func (r *call) placeTag(p *geo.Place, d datum.Datum) string {
	rest := tagOf(r.s.edition, r.atlas.Version, string(d), r.now.Format(time.RFC3339))
	return `"` + contentOf(p) + strings.Trim(rest, `"`) + `"`
}

// contentOf stands for what people see of a place, always in as many letters.
func contentOf(p *geo.Place) string {
	seen := atlas.NormalPlace(*p)
	seen.Source.Time = time.Time{}
	seen.Origin, seen.Extra = nil, nil
	if seen.Unplaced {
		seen.Point = [2]float64{}
	}
	for i, v := range seen.Point { // answers have seven decimals
		seen.Point[i] = math.Round(v * 1e7)
	}
	text, err := json.Marshal(seen)
	if err != nil { // finite numbers, texts and times of four digits always marshal
		return ""
	}
	sum := sha256.Sum256(text)
	return b64.EncodeToString(sum[:12])
}

// conditions are what the request asks of the place before it is changed:
// If-Match, If-None-Match.
func (r *call) conditions() []atlas.Condition {
	var list []atlas.Condition
	if match := strings.Clone(r.c.Get(fiber.HeaderIfMatch)); match != "" {
		list = append(list, func(now *geo.Place) error {
			if now == nil || !matchContent(match, contentOf(now)) {
				return &fault{kind: probPrecondition}
			}
			return nil
		})
	}
	if none := strings.Clone(r.c.Get(fiber.HeaderIfNoneMatch)); none != "" {
		list = append(list, func(now *geo.Place) error {
			if now != nil && matchContent(none, contentOf(now)) {
				return &fault{kind: probPrecondition, detail: geo.Text{Zh: "这个地点已经存在。", En: "There is such a place already."}}
			}
			return nil
		})
	}
	return list
}

// matchContent says whether a list of ETags names the content of a place.
func matchContent(list, content string) bool {
	list = strings.TrimSpace(list)
	if list == "*" {
		return true
	}
	for item := range strings.SplitSeq(list, ",") {
		item = strings.TrimPrefix(strings.TrimSpace(item), "W/")
		if content != "" && strings.HasPrefix(item, `"`+content) {
			return true
		}
	}
	return false
}

// sendPlace answers with a place that was put, as GET would.
func (r *call) sendPlace(a *atlas.Atlas, id string, status int) error {
	p, ok := a.Places.Find(id)
	if !ok {
		return noSuch(id)
	}
	r.atlas = a
	d := r.query.datum()
	l := r.live(d)
	l.of(p)
	address := placeAddress(id)
	r.c.Status(status)
	r.c.Set(fiber.HeaderContentLocation, address)
	if status == fiber.StatusCreated {
		r.c.Set(fiber.HeaderLocation, address)
	}
	return r.send(answer{kind: typeGeoJSON, tag: r.placeTag(a.Places.Place(p), d), cache: cacheNever, body: l.feature(nil, p)})
}
