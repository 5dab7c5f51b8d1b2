package gpkg_test

import (
	"path/filepath"
	"testing"

	"yizhan/data/store"
	"yizhan/data/store/gpkg"
	"yizhan/data/store/storetest"
)

func open(t testing.TB) store.Store {
	return openAt(t, filepath.Join(t.TempDir(), "places.gpkg"))
}

func openAt(t testing.TB, path string) *gpkg.Store {
	t.Helper()
	s, err := gpkg.Open(t.Context(), path, gpkg.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStore(t *testing.T) { storetest.Run(t, open) }
