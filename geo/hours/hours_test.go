package hours

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"yizhan/geo/geotest"
)

// vectors returns the real strings of the test data. Commented lines that hold
// a string are returned too, where all is true.
func vectors(t testing.TB) []string {
	f, err := os.Open(geotest.Data(t, "vectors", "opening-hours-strings.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []string
	for sc := bufio.NewScanner(f); sc.Scan(); {
		if line := strings.TrimSpace(sc.Text()); line != "" && line[0] != '#' {
			list = append(list, line)
		}
	}
	if len(list) < 190 {
		t.Fatalf("only %d strings read", len(list))
	}
	return list
}

func TestVectorsParse(t *testing.T) {
	for _, v := range vectors(t) {
		s, err := Parse(v)
		if err != nil {
			t.Errorf("%s: %v", v, err)
			continue
		}
		again, err := Parse(s.String())
		if err != nil {
			t.Errorf("%s → %s: %v", v, s, err)
		} else if again.String() != s.String() {
			t.Errorf("%s → %s → %s", v, s, again)
		}
	}
}
