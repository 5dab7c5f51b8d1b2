// Package static carries the page of yizhan: what Vite builds into dist from
// the TypeScript beside this file, embedded into the binary, and a page that
// says how to build it where that has not been done.
//
// dist/.keep is the only committed file under dist, so the package compiles
// where there is no Node.
package static

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

//go:embed unbuilt.html
var unbuilt embed.FS

// FS returns the files of the page with slash-separated names: index.html for
// "/", embed.html for "/embed", and assets/NAME, whose names hold a hash of
// their content, so that they may be cached for ever. Text files have siblings
// compressed beforehand, NAME.br and NAME.gz.
//
// Where the page has not been built, FS holds unbuilt.html alone.
func FS() fs.FS {
	if !Built() {
		return unbuilt
	}
	built, err := fs.Sub(dist, "dist")
	if err != nil {
		// fs.Sub refuses malformed names only, and "dist" is not one.
		return unbuilt
	}
	return built
}

// Built says whether the binary carries a built page.
func Built() bool {
	_, err := fs.Stat(dist, "dist/index.html")
	return err == nil
}
