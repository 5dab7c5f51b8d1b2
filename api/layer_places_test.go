package api

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/index"
)

// TestLentFeatures: what the Atlas lends for a large box is what is copied for
// one that is compressed, before and after edits that take places out of the
// middle of runs and put others beside them.
func TestLentFeatures(t *testing.T) {
	places := crowd(3000, 5)
	k := &atlas.Keeper{}
	k.Swap(town(t, func(p *atlas.Parts) { p.Places = places }))
	r := start(t, Config{Keeper: k})
	ask := func(want int) {
		t.Helper()
		for _, query := range []string{"", "&limit=199", "&limit=200", "&limit=777", "&datum=gcj02", "&limit=333&datum=bd09"} {
			for _, half := range []float64{150, 400, 700} {
				sw, ne := spot(-half, -half), spot(half, half)
				path := fmt.Sprintf("/layers/station.geojson?bbox=%.7f,%.7f,%.7f,%.7f%s", sw[0], sw[1], ne[0], ne[1], query)
				plain, packed := r.get(path).want(t, 200), r.get(path, "Accept-Encoding", "br").want(t, 200)
				if !bytes.Equal(plain.body, packed.body) {
					t.Errorf("%s: %d bytes, and %d unpacked", path, len(plain.body), len(packed.body))
				}
				if plain.ContentLength != int64(len(plain.body)) {
					t.Errorf("%s: %d bytes, and says %d", path, len(plain.body), plain.ContentLength)
				}
				var all collection
				if plain.decode(t, &all); query == "" && half == 700 && len(all.Features) != want {
					t.Errorf("%s: %d features, want %d", path, len(all.Features), want)
				}
			}
		}
	}
	stations := len(slices.DeleteFunc(slices.Clone(places), func(p *geo.Place) bool { return p.Kind != geo.KindStation }))
	ask(stations)
	editor := atlas.NewEditor(k, "")
	for i, p := range places {
		if p.Kind != geo.KindStation || i%9 > 1 {
			continue
		}
		var err error
		if i%9 == 0 {
			_, err = editor.Delete(t.Context(), p.ID)
			stations--
		} else {
			q := *p
			q.Name += "改"
			_, err = editor.Put(t.Context(), q)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	ask(stations)
	if n := r.server.held.count(); n != 0 {
		t.Errorf("%d bytes are still counted as held", n)
	}
}

// gone is a connection whose writes find that what they write is gone.
type gone struct{ net.Conn }

func (gone) Write([]byte) (int, error)        { return 0, fmt.Errorf("writev: %w", syscall.EFAULT) }
func (gone) SetWriteDeadline(time.Time) error { return nil }

// TestLostFeatures: an answer whose lent pieces are gone is cut off, and none
// are lent any more.
func TestLostFeatures(t *testing.T) {
	a := town(t, func(p *atlas.Parts) { p.Places = crowd(300, 5) })
	run := index.Run{From: 0, Until: 10}
	text, n := a.ReadyFeatures(run, "")
	if n != run.Len() || bytes.Count(text, []byte(`"type":"Feature"`)) != n {
		t.Fatalf("%d features are ready: %s", n, text)
	}
	h := &held{pieces: net.Buffers{text}, left: len(text), conn: gone{}, s: start(t, Config{}).server, until: time.Now().Add(time.Minute), atlas: a, loan: new(loan)}
	if n, err := h.WriteTo(gone{}); n != 0 || !errors.Is(err, syscall.EFAULT) {
		t.Errorf("%d bytes, %v", n, err)
	}
	if text, n := a.ReadyFeatures(run, ""); text != nil || n != run.Len() {
		t.Errorf("%d are still lent: %s", n, text)
	}
	if got := a.AppendFeatures(nil, []index.Run{run}, ""); strings.Count(string(got), `"type":"Feature"`) != run.Len() {
		t.Errorf("and are not joined: %s", got)
	}
	if _, err := io.ReadAll(h); err == nil {
		t.Error("it can be read")
	}
}
