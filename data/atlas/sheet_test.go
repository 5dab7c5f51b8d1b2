package atlas

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/data/store/storetest"
	"yizhan/geo"
	"yizhan/geo/datum"
	"yizhan/geo/index"
)

// joined is what AppendFeatures is to append, from the rows.
func joined(a *Atlas, slots []index.Slot, d datum.Datum) []byte {
	var features [][]byte
	for _, s := range slots {
		features = append(features, a.joinFeature(nil, s, d, nil, nil))
	}
	return bytes.Join(features, []byte(","))
}

// liveSlots are the slots of all places, in order.
func liveSlots(a *Atlas) (all []index.Slot) {
	for s := range a.Places.Slots() {
		if a.Places.Live(index.Slot(s)) {
			all = append(all, index.Slot(s))
		}
	}
	return all
}

// runsOf are the runs of some slots, in their order.
func runsOf(slots []index.Slot) (runs []index.Run) {
	for _, s := range slots {
		if n := len(runs); n > 0 && runs[n-1].Until == s {
			runs[n-1].Until++
		} else {
			runs = append(runs, index.Run{From: s, Until: s + 1})
		}
	}
	return runs
}

// lent puts together what ReadyFeatures lends, and the rest.
func lent(a *Atlas, runs []index.Run, d datum.Datum) []byte {
	var all []byte
	for _, r := range runs {
		for r.Len() > 0 {
			text, n := a.ReadyFeatures(r, d)
			part := index.Run{From: r.From, Until: r.From + index.Slot(n)}
			if text == nil {
				text = append(a.AppendFeatures(nil, []index.Run{part}, d), ',')
			}
			all = append(all, text...)
			r.From = part.Until
		}
	}
	return bytes.TrimSuffix(all, []byte(","))
}

// broken makes files that come to nothing on the disk when they are spoilt.
type broken struct{ files []*os.File }

func (b *broken) temp(dir, pattern string) (*os.File, error) {
	f, err := os.CreateTemp(dir, pattern)
	if err != nil {
		return nil, err
	}
	b.files = append(b.files, f)
	return os.OpenFile(f.Name(), os.O_RDWR, 0)
}

func (b *broken) spoil(t interface{ Fatal(...any) }) {
	for _, f := range b.files {
		if err := errors.Join(f.Truncate(0), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	b.files = nil
}

// unable makes no file.
func unable(string, string) (*os.File, error) { return nil, errors.New("no files today") }

// TestSheet: features that are kept in memory, in a file, in one that can be
// read no more, or not at all, are those of AppendFeature, whatever places are
// asked for, in any datum, before and after edits.
func TestSheet(t *testing.T) {
	dir := t.TempDir()
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	rapid.Check(t, func(r *rapid.T) {
		var places []*geo.Place
		for i := range rapid.IntRange(0, 30).Draw(r, "places") {
			p := storetest.Place("f").Draw(r, "place")
			p.ID = fmt.Sprint(p.ID, "/", i)
			p.Note += strings.Repeat("长", rapid.SampledFrom([]int{0, 0, 0, 400, 1600, 4000}).Draw(r, "long"))
			places = append(places, &p)
		}
		change := func(a *Atlas) *Atlas {
			var put []*geo.Place
			var remove []string
			for i, p := range places {
				switch q := *p; {
				case i%5 == 1:
					q.Name += "+"
					put = append(put, &q)
				case i%7 == 3:
					remove = append(remove, q.ID)
				}
			}
			return a.with(append(put, stationAt("new", "新", 104, 30)), remove)
		}
		slotsOf := func(a *Atlas) []index.Slot {
			chosen := rapid.SampledFrom([]float64{0, 0.1, 0.5, 0.9, 1}).Draw(r, "share")
			rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 0))
			some := slices.DeleteFunc(liveSlots(a), func(index.Slot) bool { return rng.Float64() >= chosen })
			if rapid.IntRange(0, 4).Draw(r, "out of order") == 0 {
				rng.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
			}
			return some
		}
		var disk broken
		for name, how := range map[string]sheets{
			"in memory": {}, "in a file": {dir: dir, memory: 1}, "unreadable": {dir: dir, memory: 1, temp: disk.temp, log: quiet}, "nowhere": {memory: 1, log: quiet, temp: unable}, "off": {off: true, dir: dir, memory: 1},
		} {
			a := New(Parts{Places: slices.Clone(places), sheets: how})
			s := a.fragments
			if n := a.Places.Fixed(); n > 0 {
				if is := s[0].sheet; (is != nil) != (name != "nowhere" && name != "off") || is != nil && (is.mapped != nil) != (how.memory > 0) {
					r.Fatalf("%s: %+v", name, is)
				}
			}
			disk.spoil(r)
			for _, a := range []*Atlas{a, change(a), change(change(a))} {
				if a.Places.Fixed() > 1 && a.fragments[0] != s[0] {
					r.Fatalf("%s: the features of places that stay are not shared", name)
				}
				d := rapid.SampledFrom([]datum.Datum{"", datum.WGS84, datum.GCJ02, datum.BD09}).Draw(r, "datum")
				slots := slotsOf(a)
				dst := append(make([]byte, 0, rapid.SampledFrom([]int{1, 4 << 10, 1 << 20}).Draw(r, "room")), '[')
				want := "[" + string(joined(a, slots, d))
				if got := string(a.AppendFeatures(dst, runsOf(slots), d)); got != want {
					r.Fatalf("%s, %v in %q:\n%s\n%s", name, slots, d, got, want)
				}
				// Who has not read yet cannot know that the file is broken.
				if name != "unreadable" || a.fragments[0].sheet != nil && a.fragments[0].sheet.lost.Load() {
					if got := string(lent(a, runsOf(slots), d)); got != want[1:] {
						r.Fatalf("lent %s, %v in %q:\n%s\n%s", name, slots, d, got, want)
					}
				}
				for _, slot := range slots {
					for _, more := range [][]byte{nil, []byte(`"distance_m":12,"open":{"state":"open"}`)} {
						for _, access := range [][]byte{nil, []byte(`{}`)} {
							got, want := a.AppendFeature(nil, slot, d, access, more), a.joinFeature(nil, slot, d, access, more)
							if !bytes.Equal(got, want) {
								r.Fatalf("%s, %d with %s and %s:\n%s\n%s", name, slot, access, more, got, want)
							}
						}
					}
				}
			}
		}
	})
	nothingIn(t, dir)
}

func nothingIn(t *testing.T, dir string) {
	t.Helper()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// row is many places one beside the other.
func row(n int) (places []*geo.Place) {
	for i := range n {
		places = append(places, &geo.Place{ID: fmt.Sprintf("t:%d", i), Kind: geo.KindStation, Name: fmt.Sprintf("示例驿站%d", i), Hours: "Mo-Su 07:30-22:00",
			Facilities: []geo.Facility{"rest", "hot_water"}, Station: &geo.Station{Type: geo.Branch},
			Point: orb.Point{104 + float64(i%331)/1000, 30 + float64(i%307)/1000}, Source: geo.Source{Feed: "t", Ref: fmt.Sprint(i)}})
	}
	return places
}

// TestSheetForMany: many ask at once, for many features, which are more than
// are written at a time, while places are edited.
func TestSheetForMany(t *testing.T) {
	dir := t.TempDir()
	a := New(Parts{Places: row(10_000), sheets: sheets{dir: dir, memory: 1 << 20}})
	if a.fragments[0].sheet.mapped == nil {
		t.Fatal("there is no file")
	}
	all := liveSlots(a)
	want := joined(a, all, "")
	var work sync.WaitGroup
	for w := range 8 {
		work.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(w), 0))
			if got := a.AppendFeatures(nil, runsOf(all), ""); !bytes.Equal(got, want) {
				t.Error("the whole layer is another")
			}
			b := a
			for i := range 20 {
				if w < 2 {
					b = b.with([]*geo.Place{stationAt(fmt.Sprintf("t:%d", rng.IntN(10_000)), "改", 104.1, 30.1)}, []string{fmt.Sprintf("t:%d", i)})
				}
				from := rng.IntN(len(all) - 3000)
				some := slices.DeleteFunc(liveSlots(b)[from:from+2000], func(index.Slot) bool { return rng.IntN(10) == 0 })
				if !bytes.Equal(b.AppendFeatures(nil, runsOf(some), ""), joined(b, some, "")) {
					t.Error("some features are others")
				}
			}
		})
	}
	work.Wait()
	nothingIn(t, dir)
}

// TestSheetCannotBeKept: where a sheet cannot be written, one line says so and
// nothing is left.
func TestSheetCannotBeKept(t *testing.T) {
	dir := t.TempDir()
	readOnly := func(dir, pattern string) (*os.File, error) {
		f, err := os.CreateTemp(dir, pattern)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return os.Open(f.Name())
	}
	gone := filepath.Join(dir, "gone")
	t.Setenv("TMPDIR", gone)
	t.Setenv("TMP", gone)
	for name, how := range map[string]sheets{
		"no folder": {dir: gone}, "no file": {temp: unable}, "no room": {dir: dir, temp: readOnly},
	} {
		var log bytes.Buffer
		how.memory, how.log = 1000, slog.New(slog.NewTextHandler(&log, nil))
		a := New(Parts{Places: row(100), sheets: how})
		if a.fragments[0].sheet != nil || strings.Count(log.String(), "\n") != 1 || !strings.Contains(log.String(), "level=WARN") {
			t.Errorf("%s: %+v\n%s", name, a.fragments[0].sheet, log.String())
		}
		nothingIn(t, dir)
	}
	w := sheetWriter{sheet: &sheet{}, how: &sheets{}, filed: sheetMost - 1, buf: []byte("12")}
	if err := w.row(); !errors.Is(err, errSheetFull) {
		t.Errorf("too many bytes: %v", err)
	}
	w.buf = w.buf[:1]
	if err := w.row(); err != nil || w.sheet.starts[0] != sheetMost {
		t.Errorf("as many bytes as can be: %v, %v", w.sheet.starts, err)
	}
}

// TestSheetInFolder: a folder that is served looks as before, also to who
// watches it, and where places are put in order, their features are too.
func TestSheetInFolder(t *testing.T) {
	dir := t.TempDir()
	importAll(t, dir, "one")
	names := func() (all []string) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			all = append(all, e.Name())
		}
		return all
	}
	opt := testOptions(nil)
	opt.sheetMemory = 1
	before := names()
	a, err := Open(context.Background(), dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	made := a.fragments[0].sheet
	if made == nil || made.mapped == nil {
		t.Fatalf("the file is not in the folder: %+v", made)
	}
	if after := names(); !slices.Equal(after, before) {
		t.Errorf("in the folder are %q, were %q", after, before)
	}
	k := &Keeper{}
	k.Swap(a)
	w := watcher{keeper: k, folder: At(dir), opt: opt, seen: a.files}
	w.look(t.Context())
	if k.Current() != a {
		t.Error("the folder is taken for another")
	}
	k.Revise(func(a *Atlas) (*Atlas, error) { //nolint:errcheck // there is none
		return a.with([]*geo.Place{stationAt("x", "甲", 104.07, 30.68)}, nil), nil
	})
	before2 := k.Current()
	NewEditor(k, dir).compact()
	b := k.Current()
	if b == before2 || b.Places.Fixed() != before2.Places.Fixed()+1 || b.fragments[0].sheet == made || b.fragments[0].sheet.mapped == nil {
		t.Fatalf("not put in order: %+v", b.fragments[0].sheet)
	}
	slots := liveSlots(b)
	if got, want := b.AppendFeatures(nil, runsOf(slots), ""), joined(b, slots, ""); !bytes.Equal(got, want) {
		t.Errorf("%s\n%s", got, want)
	}
	if after := names(); !slices.Equal(after, before) {
		t.Errorf("in the folder are %q, were %q", after, before)
	}
}

func TestAppendFeaturesDoesNotAllocate(t *testing.T) {
	for _, memory := range []int{1, 1 << 30} {
		a := New(Parts{Places: row(2000), sheets: sheets{dir: t.TempDir(), memory: memory}})
		runs := runsOf(slices.DeleteFunc(liveSlots(a), func(s index.Slot) bool { return s%7 == 3 || s%100 > 50 }))
		dst := make([]byte, 0, 2<<20)
		if n := testing.AllocsPerRun(100, func() { dst = a.AppendFeatures(dst[:0], runs, datum.WGS84) }); n != 0 {
			t.Errorf("%v allocations with %d bytes in memory", n, memory)
		}
	}
}

// BenchmarkFeatures writes the thousand features of a box.
func BenchmarkFeatures(b *testing.B) {
	for name, how := range map[string]sheets{"memory": {memory: 1 << 30}, "file": {memory: 1}, "joined": {memory: 1, temp: unable}} {
		a := New(Parts{Places: row(100_000), sheets: how})
		var runs []index.Run
		n := 0
		a.Places.WithinRuns(orb.Bound{Min: orb.Point{104.1, 30.1}, Max: orb.Point{104.133, 30.131}}, nil, func(r index.Run) bool {
			runs, n = append(runs, r), n+r.Len()
			return true
		})
		dst := make([]byte, 0, 1<<20)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				dst = a.AppendFeatures(dst[:0], runs, "")
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/feature")
		})
	}
}
