// Package atlas makes snapshots of all that the server answers from, and keeps
// the current one.
//
// An [Atlas] is immutable: places, streets, search, base map, and what is
// worth computing once, such as each place's GeoJSON. A [Keeper] holds the
// current Atlas behind an atomic pointer, so readers never lock and never
// wait, and tells subscribers which layers changed when it is swapped.
//
// The features of all places that edits leave alone are written once, one
// behind the other as neighbours are, so that those of a box are a few pieces,
// which are lent ([Atlas.ReadyFeatures]) or copied ([Atlas.AppendFeatures]). More
// of them than a server should hold are mapped from a file of the data folder,
// or of the folder for temporary files, that has no name: 300 MB for a million
// places, which the system keeps in memory while there is some left, and of
// which 32 MB at most count as this process's. The file goes with the last Atlas
// that has it, or with the process, whatever ends it. Without one, and where the
// disk fails, features are joined as they are asked for.
//
// Closures, which close and open streets and gates for a time, make another
// Atlas that shares all but the rules of the streets. A [Register] enters them:
// into the folder's closures.json, and into the current Atlas.
//
// An [Editor] changes single places: in the folder's places.gpkg first, under
// the lock that imports use, then in the current Atlas. The next one shares all
// that stays as it was, so an edit takes milliseconds however many places there
// are; what edits leave beside the packed places is put in order in the
// background now and then. Each Atlas of a Keeper has a Sequence and remembers
// where the last few thousand edits fell.
//
// A [Folder] is where the data rests: places.gpkg, streets.bin, base.pmtiles.
// Imports change several files as one; [Open] reads them, [Watch] follows
// their changes. Whoever replaces a file by other means writes the new one
// beside it and renames it into place: the one that is being served then stays
// whole until the new one has been read. A file written over in place is
// noticed, but what was served from it may fail in between.
package atlas
