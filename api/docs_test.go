package api

import (
	"strings"
	"testing"
)

func TestDocs(t *testing.T) {
	r := start(t, Config{})
	for _, c := range []struct{ path, accept, lang, has string }{
		{"/docs", "", "zh-CN", "最近的地点"},
		{"/docs", "en-GB", "en", "The nearest places"},
		{"/docs?lang=en", "zh", "en", "The nearest places"},
		{"/docs?lang=zh", "en", "zh-CN", "最近的地点"},
	} {
		a := r.get(c.path, "Accept-Language", c.accept).want(t, 200)
		page := string(a.body)
		if !strings.Contains(page, c.has) || !strings.Contains(page, `<html lang="`+c.lang+`">`) || a.Header.Get("Content-Language") != c.lang {
			t.Errorf("%s (%s): not in %s", c.path, c.accept, c.lang)
		}
		for path, item := range r.spec.Paths.Map() {
			for method := range item.Operations() {
				if !strings.Contains(page, method+" "+path) {
					t.Errorf("%s lacks %s %s", c.path, method, path)
				}
			}
		}
		for name := range r.spec.Components.Schemas {
			if !strings.Contains(page, `id="schema-`+name+`"`) {
				t.Errorf("%s lacks the schema %s", c.path, name)
			}
		}
		for _, p := range problemTypes {
			if !strings.Contains(page, `id="`+p.slug+`"`) {
				t.Errorf("%s lacks the problem %s", c.path, p.slug)
			}
		}
		if strings.Contains(page, "<script") || strings.Contains(page, `="http`) || strings.Contains(page, "ZgotmplZ") {
			t.Errorf("%s holds a script, an outside address or something the template refused", c.path)
		}
	}
	zh, en := r.get("/docs?lang=zh").Header.Get("ETag"), r.get("/docs?lang=en").Header.Get("ETag")
	if zh == en {
		t.Error("both languages have one ETag")
	}
	if a := r.get("/docs", "Accept-Encoding", "br"); a.Header.Get("Content-Encoding") != "br" || a.Header.Get("Vary") != "Accept-Encoding, Accept-Language" {
		t.Errorf("encoding %q, Vary %q", a.Header.Get("Content-Encoding"), a.Header.Get("Vary"))
	}
}

// TestExamplesWork follows every example address of the documentation.
func TestExamplesWork(t *testing.T) {
	r := start(t, Config{})
	page := string(r.get("/docs?lang=en").body)
	n := 0
	for _, part := range strings.Split(page, `<p><a href="`)[1:] {
		path, _, _ := strings.Cut(part, `"`)
		path = strings.ReplaceAll(path, "&amp;", "&")
		if path == "/api/events" || !strings.HasPrefix(path, "/") {
			continue
		}
		n++
		if a := r.get(path); a.StatusCode >= 400 && a.StatusCode != 404 {
			t.Errorf("%s: %d %s", path, a.StatusCode, a.body)
		}
	}
	if n < 12 {
		t.Errorf("only %d examples", n)
	}
}

// TestDocsSayWhatIsWrong wants the errors of an operation told apart, and what
// has two addresses listed once.
func TestDocsSayWhatIsWrong(t *testing.T) {
	r := start(t, Config{})
	for _, lang := range []string{"zh", "en"} {
		page := string(r.get("/docs?lang=" + lang).body)
		for _, id := range []string{"op-api-places-post", "op-api-places-id-put", "op-api-closures-post"} {
			_, section, ok := strings.Cut(page, `id="`+id+`"`)
			section, _, _ = strings.Cut(section, "</section>")
			if !ok {
				t.Fatalf("no section %s", id)
			}
			said := map[string]string{}
			for _, row := range strings.Split(section, `<th scope="row">4`)[1:] {
				status, _, _ := strings.Cut(row, "<")
				row, _, _ = strings.Cut(row, "</tr>")
				note := row[strings.LastIndex(row, "<td>"):]
				if other, twice := said[note]; twice {
					t.Errorf("%s: 4%s says the same as 4%s: %s", id, status, other, note)
				}
				said[note] = status
			}
			if len(said) < 5 {
				t.Errorf("%s: only %d errors", id, len(said))
			}
		}
		if n := strings.Count(page, `href="#op-ogc"`) + strings.Count(page, `href="#op-ogc-"`); n != 1 {
			t.Errorf("the landing page is listed %d times", n)
		}
	}
}
