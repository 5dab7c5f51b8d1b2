package api

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"yizhan/data/atlas"
	"yizhan/geo"
)

// TestEditsAreBounded wants texts up to their bounds taken, and refused beyond
// with the name of the property and the bound.
func TestEditsAreBounded(t *testing.T) {
	r := start(t, Config{Token: secret})
	put := func(kind, name, more string) *reply {
		return r.put("/api/places/mine:bound", fmt.Sprintf(`{"type":"Feature","geometry":null,"properties":{"kind":%q,"name":%q%s}}`, kind, name, more))
	}
	put("station", strings.Repeat("字", geo.MaxName), "").want(t, 201)
	if a := put("station", strings.Repeat("字", geo.MaxName+1), "").want(t, 400); !strings.Contains(string(a.body), `"name"`) || !strings.Contains(string(a.body), "200") {
		t.Errorf("%s", a.body)
	}
	for _, c := range []struct {
		kind, param, form string
		most              int
	}{
		{"station", "names", `,"names":{"en":%q}`, geo.MaxName}, {"station", "address", `,"address":%q`, geo.MaxAddress},
		{"station", "district", `,"district":%q`, geo.MaxDistrict}, {"station", "operator", `,"operator":%q`, geo.MaxOperator},
		{"station", "note", `,"note":%q`, geo.MaxNote}, {"station", "hours_text", `,"hours_text":%q`, geo.MaxHours},
		{"station", "source.ref", `,"source":{"ref":%q}`, geo.MaxWord}, {"station", "station.booking", `,"station":{"booking":%q}`, geo.MaxBooking},
		{"charger", "charger.fee", `,"charger":{"fee":%q}`, geo.MaxFee}, {"bus_stop", "bus_stop.lines", `,"bus_stop":{"lines":[%q]}`, geo.MaxLines},
		{"gate", "gate.tags", `,"gate":{"tags":{"ref":%q}}`, geo.MaxWord},
	} {
		if a := put(c.kind, "x", fmt.Sprintf(c.form, strings.Repeat("站", c.most))); a.StatusCode >= 300 {
			t.Errorf("%s of %d: %d %s", c.param, c.most, a.StatusCode, a.body)
		}
		var p problem
		put(c.kind, "x", fmt.Sprintf(c.form, strings.Repeat("站", c.most+1))).want(t, 400).decode(t, &p)
		if p.Parameter != c.param || !strings.Contains(p.Detail, fmt.Sprint(c.most)) {
			t.Errorf("%s: blames %q: %s", c.param, p.Parameter, p.Detail)
		}
	}
}

// TestEditsSayOneThing refuses a name that is given twice, half a character,
// and IDs that no address can hold.
func TestEditsSayOneThing(t *testing.T) {
	r := start(t, Config{Token: secret})
	put := func(path, properties string) *reply {
		return r.do(http.MethodPut, path, strings.NewReader(`{"type":"Feature","geometry":null,"properties":{"kind":"parking",`+properties+`}}`),
			"Content-Type", "application/json", "Authorization", "Bearer "+secret)
	}
	for properties, status := range map[string]int{
		`"names":{"en":"a","en":"b"}`:                       400,
		`"names":{"en":"a","\u0065n":"b"}`:                  400,
		`"names":{"en":1}`:                                  400,
		`"names":{"en":null}`:                               400,
		`"names":["en"]`:                                    400,
		`"name":"\ud800"`:                                   400,
		`"name":"\udc00\ud800"`:                             400,
		`"name":"\ud800\u0041"`:                             400,
		`"names":{"en":"x\uDBFFy"}`:                         400,
		`"name":"\\ud800"`:                                  201,
		`"name":"\ud83d\ude80","names":{"en":"a","fr":"b"}`: 200,
	} {
		if status >= 400 {
			put("/api/places/mine:one", properties).want(t, status)
		} else if a := put("/api/places/mine:one", properties); a.StatusCode != 200 && a.StatusCode != 201 {
			t.Errorf("%s: %d %s", properties, a.StatusCode, a.body)
		}
	}
	for _, id := range []string{".", "..", "a\u202eb", "a\u2066b", "a\u061cb", "\ufeffa"} {
		if atlas.CheckID(id) == nil {
			t.Errorf("%q is taken for an ID", id)
		}
	}
	for _, id := range []string{"%2E", "%2e%2E", "a%E2%80%AEb", "a%E2%81%A6b", "a%D8%9Cb"} {
		if a := put("/api/places/"+id, `"name":"x"`); a.StatusCode != 400 && a.StatusCode != 404 && a.StatusCode != 405 {
			t.Errorf("%s: %d", id, a.StatusCode)
		}
	}
}
