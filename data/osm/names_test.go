package osm

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"东门", "东门"},
		{"  东  门 \t\n", "东 门"},
		{"a\x00b\x1bc\u0085d", "abc d"},
		{"abc\u202etxt.exe", "abctxt.exe"},
		{"\u2066a\u2069\u200eb\u200f\ufeff", "ab"},
		{"zero\u200bwidth", "zerowidth"},
		{"می\u200cخواهم", "می\u200cخواهم"},
		{"bad\xff\xfeutf8", "badutf8"},
		{"line\u2028two", "line two"},
		{"全角　空格", "全角 空格"},
		{strings.Repeat("长", 300), strings.Repeat("长", 255)},
		{strings.Repeat("x", 254) + "  yz", strings.Repeat("x", 254)},
	} {
		if got := clean(c.in); got != c.want {
			t.Errorf("clean(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestCleanProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))
		if rapid.Bool().Draw(t, "text") {
			s = rapid.String().Draw(t, "string")
		}
		got := clean(s)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > maxText {
			t.Fatalf("clean(%q) = %q", s, got)
		}
		for _, r := range got {
			if unicode.IsControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
				t.Fatalf("clean(%q) left %U", s, r)
			}
		}
		if again := clean(got); again != got {
			t.Fatalf("clean is not stable: %q, %q", got, again)
		}
	})
}

func TestNumberOf(t *testing.T) {
	for tags, want := range map[string]string{
		"name=10号楼": "10", "name=望京西园319号楼": "319", "name=学生13号公寓": "13", "name=3栋": "3栋", "name=望京绿地中心B座": "B座",
		"name=228": "228", "name=12幢": "12幢", "name=家属27号楼": "27", "name=教二楼": "", "name=主教学楼": "",
		"name=2008年纪念馆": "", "name=望京SOHO中心T1": "", "name=科研楼": "", "name=19870508": "", "name=9#": "9",
		"addr:housenumber=10号楼": "10", "addr:housenumber=22": "22", "addr:housenumber=5号 name=7号楼": "5",
		"ref=B2": "B2", "ref=2栋 name=爱丁堡": "2栋", "name=望京西园314号楼A座": "A座", "name=甲3号院": "",
	} {
		if got := numberOf(tagsFrom(tags)); got != want {
			t.Errorf("%s: got number %q, want %q", tags, got, want)
		}
	}
}

func TestUnitOf(t *testing.T) {
	for tags, want := range map[string]string{
		"entrance=yes": "", "entrance=staircase ref=2": "2", "addr:unit=3": "3", "ref=B": "B", "name=2单元": "2",
		"name=5栋2单元": "2", "name=一单元": "一", "ref=3单元": "3", "name=北门": "", "ref=澳堂入口（二、三楼）": "", "addr:unit=1 ref=9": "1",
	} {
		if got := unitOf(tagsFrom(tags)); got != want {
			t.Errorf("%s: got unit %q, want %q", tags, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct {
		tags, name, zh, en string
		aliases            []string
	}{
		{"name=东门", "东门", "", "", nil},
		{"name=东门 name:zh=东门 name:en=East", "东门", "东门", "East", nil},
		{"name:en=East name:zh=东门", "东门", "东门", "East", nil},
		{"name:en=East", "East", "", "East", nil},
		{"int_name=BNU name=北师大", "北师大", "", "BNU", nil},
		{"name=锦江城市花园 alt_name=城市花园;锦江花园 short_name=城市花园 old_name=锦江城市花园", "锦江城市花园", "", "", []string{"城市花园", "锦江花园"}},
	} {
		tags := tagsFrom(c.tags)
		name, names := namesOf(tags)
		if name != c.name || names["zh"] != c.zh || names["en"] != c.en || !slices.Equal(aliasesOf(tags, name), c.aliases) {
			t.Errorf("%s: got %q %v %v", c.tags, name, names, aliasesOf(tags, name))
		}
	}
}

func TestAddressOf(t *testing.T) {
	for tags, want := range map[string]string{
		"addr:street=新街口外大街 addr:housenumber=19":                              "新街口外大街19号",
		"addr:city=成都市 addr:district=锦江区 addr:street=静平路 addr:housenumber=8号": "成都市锦江区静平路8号",
		"addr:street=Main addr:housenumber=12":                                "Main 12",
		"addr:street=Main addr:housenumber=12 addr:city=Vaduz":                "Main 12, Vaduz",
		"addr:full=四川省成都市静平路8号":                                               "四川省成都市静平路8号",
		"addr:housenumber=12": "",
	} {
		if got := addressOf(tagsFrom(tags)); got != want {
			t.Errorf("%s: got %q, want %q", tags, got, want)
		}
	}
}

func TestWebsite(t *testing.T) {
	for tags, want := range map[string]string{
		"website=https://example.org/a": "https://example.org/a", "contact:website=http://example.org": "http://example.org",
		"website=javascript:alert(1)": "", "website=example.org": "https://example.org", "website=无": "", "url=data:text/html,x": "",
	} {
		if got := website(tagsFrom(tags)); got != want {
			t.Errorf("%s: got %q, want %q", tags, got, want)
		}
	}
}
