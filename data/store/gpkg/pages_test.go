package gpkg

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"yizhan/data/store/gpkg/gpkgtest"
	"yizhan/geo"
)

// bothWays reads a file by its pages and by SQL.
func bothWays(t *testing.T, path string) (pages, rows map[string]geo.Place, badPages, badRows []string) {
	t.Helper()
	s, err := Open(t.Context(), path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	collect := func(to map[string]geo.Place) func([]geo.Place) error {
		return func(batch []geo.Place) error {
			for _, p := range batch {
				to[p.ID] = p
			}
			return nil
		}
	}
	pages, rows = map[string]geo.Place{}, map[string]geo.Place{}
	if err := s.read(t.Context(), 2, func(err error) { badPages = append(badPages, err.Error()) }, collect(pages)); err != nil {
		t.Fatal(err)
	}
	conn, err := s.db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	r := newReader(new(sync.Mutex), func(err error) { badRows = append(badRows, err.Error()) }, collect(rows))
	if err := eachRow(t.Context(), conn, "", nil, r.row); err != nil {
		t.Fatal(err)
	}
	if err := r.flush(); err != nil {
		t.Fatal(err)
	}
	return pages, rows, badPages, badRows
}

func somePlaces(n int) []geo.Place {
	rng := rand.New(rand.NewPCG(1, 2))
	places := make([]geo.Place, n)
	for i := range places {
		places[i] = geo.Place{
			ID: fmt.Sprintf("p%d", i), Kind: geo.KindParking, Name: strings.Repeat("停", rng.IntN(9)), Note: strings.Repeat("x", rng.IntN(30)),
			Point: orb.Point{rng.Float64(), rng.Float64()}, Unplaced: i%9 == 0, Parking: &geo.Parking{Capacity: rng.IntN(1 << 20), Covered: i%2 == 0},
		}
		if i%500 == 0 { // over several pages
			places[i].Note = strings.Repeat("长", 1+rng.IntN(20_000))
		}
	}
	return places
}

// TestPagesAndRowsAgree compares the two ways of reading, on tables that other
// programs had their hands in.
func TestPagesAndRowsAgree(t *testing.T) {
	drop := func(more ...string) []string {
		var all []string
		for _, x := range triggers() {
			all = append(all, "DROP TRIGGER rtree_places_geom_"+x.name)
		}
		return append(all, more...)
	}
	tests := []struct {
		name string
		do   []string
		bad  int
	}{
		{"as written", nil, 0},
		{"a column more", drop("ALTER TABLE places ADD COLUMN mine TEXT DEFAULT 'x'", "UPDATE places SET mine = 7 WHERE fid % 2"), 0},
		{"a column anew", drop("ALTER TABLE places DROP COLUMN note", "ALTER TABLE places ADD COLUMN note TEXT DEFAULT 'as it was'", "UPDATE places SET note = 'other' WHERE fid < 50"), 0},
		{"a reckoned column", drop("ALTER TABLE places ADD COLUMN mine GENERATED ALWAYS AS (upper(name))"), 0},
		{"numbers", drop("UPDATE places SET name = 12.5, capacity = 1e3, ref = 7, covered = 1 WHERE fid % 3 = 0",
			"UPDATE places SET capacity = 4000000000 WHERE fid = 5", "UPDATE places SET capacity = -3 WHERE fid = 6"), 2},
		{"odd texts", drop("UPDATE places SET name = x'e9a9bf' WHERE fid = 2", "UPDATE places SET name = CAST(x'ff' AS TEXT) WHERE fid = 3",
			"UPDATE places SET name = 'a' || char(31) WHERE fid = 4", "UPDATE places SET name = 'a' || char(0) || 'b' WHERE fid = 5", "UPDATE places SET geom = 'text' WHERE fid = 6",
			"UPDATE places SET id = '' WHERE fid = 7", "UPDATE places SET geom = x'' WHERE fid = 8"), -1},
		{"gaps", drop("DELETE FROM places WHERE fid BETWEEN 100 AND 1100", "UPDATE places SET fid = fid + 9000000000 WHERE fid > 1200"), 0},
		{"negative numbers", drop("UPDATE places SET fid = -fid"), 0},
		{"empty", drop("DELETE FROM places"), 0},
		{"too long", drop("UPDATE places SET note = replace(hex(zeroblob(2000000)), '0', 'x') WHERE fid = 3"), 1},
		{"small pages", []string{"PRAGMA page_size = 512", "VACUUM"}, 0},
		{"large pages", []string{"PRAGMA page_size = 65536", "VACUUM"}, 0},
		{"write-ahead", []string{"PRAGMA journal_mode = WAL", "UPDATE yizhan_meta SET value = value"}, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "places.gpkg")
			s, err := Open(t.Context(), path, Options{Create: true})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Put(t.Context(), somePlaces(1500)...); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			gpkgtest.Exec(t, path, test.do...)
			pages, rows, badPages, badRows := bothWays(t, path)
			if len(pages) != len(rows) || len(badPages) != len(badRows) || test.bad >= 0 && len(badRows) != test.bad {
				t.Fatalf("by pages %d and %d bad %.300q, by rows %d and %d bad %.300q", len(pages), len(badPages), badPages, len(rows), len(badRows), badRows)
			}
			for id := range rows {
				if !reflect.DeepEqual(pages[id], rows[id]) {
					t.Fatalf("%s by pages %+v, by rows %+v", id, pages[id], rows[id])
				}
			}
		})
	}
}

// TestPagesAreUsed keeps the quick way from being left by mistake.
func TestPagesAreUsed(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "places.gpkg"), Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	conn, err := s.db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if tree, err := findTree(t.Context(), conn); err != nil || tree == nil {
		t.Fatalf("%v %v", tree, err)
	}
}

// TestSpoiltPages reads files with bytes changed at random: whatever comes of
// it, it ends.
func TestSpoiltPages(t *testing.T) {
	path := filepath.Join(t.TempDir(), "places.gpkg")
	s, err := Open(t.Context(), path, Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Put(t.Context(), somePlaces(600)...); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 4))
	failed := 0
	for range 40 {
		spoilt := bytes.Clone(data)
		for range 1 + rng.IntN(200) {
			spoilt[4096+rng.IntN(len(spoilt)-4096)] = byte(rng.Uint32())
		}
		if err := os.WriteFile(path, spoilt, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(t.Context(), path, Options{ReadOnly: true})
		if err == nil {
			err = s.Each(context.Background(), func(error) {}, func(*geo.Place) error { return nil })
			s.Close()
		}
		if err != nil {
			failed++
			if geo.CodeOf(err) == geo.Internal {
				t.Errorf("%v", err)
			}
		}
	}
	if failed == 0 {
		t.Error("nothing was spoilt")
	}
}

// FuzzRecord takes any bytes for a record.
func FuzzRecord(f *testing.F) {
	f.Add([]byte{3, 0, 13, 1, 'a'})
	f.Fuzz(func(t *testing.T, payload []byte) {
		tr := &tree{columns: []int{isFid, isGeom, colID, colName, colCapacity, isOther}}
		r := newReader(nil, nil, nil)
		tr.record(string(payload), r)
	})
}
