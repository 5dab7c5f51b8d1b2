package atlas

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"path/filepath"
	"runtime"
	"time"

	"yizhan/geo"
)

// WatchInterval is how often Watch looks at a folder.
const WatchInterval = 500 * time.Millisecond

// Watch follows a data folder until ctx ends: a committed import, or an edit in
// place by another program, is read and becomes the keeper's current Atlas. It
// begins with what changed since the current one was read, and reads a folder
// that the current one is not of. Where the closures alone changed, nothing
// else is read. What cannot be read is logged, once, and the
// Atlas before it stays. It stays, with a warning, also while a file is gone that
// it was read from: files vanish by mistake, and whoever means it starts the
// server again. A folder that changes faster than it can be read is read
// nevertheless, as it was at some moment.
func Watch(ctx context.Context, keeper *Keeper, dir string, opt Options) {
	w := watcher{keeper: keeper, folder: At(dir), opt: opt}
	if a := keeper.Current(); a != nil {
		w.seen = a.files // what changed since it was read is not missed
	}
	tick := time.NewTicker(WatchInterval)
	defer tick.Stop()
	for {
		w.look(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// watcher follows a folder for a keeper.
type watcher struct {
	keeper *Keeper
	folder Folder
	opt    Options
	seen   stamp
}

// look reads what has changed since the last time.
func (w *watcher) look(ctx context.Context) {
	switch now := w.folder.stamp(); {
	case now.same(w.seen):
	case own(w.keeper, w.folder, &w.seen):
	case now.sameData(w.seen) && w.keeper.Current() != nil:
		now[closuresAt] = reloadClosures(w.keeper, w.folder, w.opt.log().With("folder", filepath.Clean(w.folder.dir)))
		w.seen = now
	default:
		w.seen = reload(ctx, w.keeper, w.folder, now, w.opt)
	}
}

// own says whether the places changed by the edits of this process alone, which
// the current Atlas has, and notes in seen that they were seen.
func own(keeper *Keeper, f Folder, seen *stamp) bool {
	if keeper.Current() == nil {
		return false
	}
	isOwn := false
	keeper.Revise(func(current *Atlas) (*Atlas, error) { //nolint:errcheck // there is none
		// Not before: an edit may have been at work while this waited.
		now := f.find(PlacesFile)
		if !now.same(seen[0]) && current.rewritten(seen[0]).same(now) {
			seen[0], isOwn = now, true
		}
		return current, nil
	})
	return isOwn
}

// reload reads the folder and swaps. It returns the stamp of what was read or
// found unreadable.
func reload(ctx context.Context, keeper *Keeper, f Folder, found stamp, opt Options) stamp {
	log := opt.log().With("folder", filepath.Clean(f.dir))
	start := time.Now()
	current := keeper.Current()
	missing := func(s stamp) bool {
		if current == nil {
			return false
		}
		names := s.gone(current.files)
		if len(names) > 0 {
			log.Warn("files are gone, the data read from them stay: put them back, import again, or restart to go on without them", "files", names)
		}
		return len(names) > 0
	}
	if missing(found) {
		return found
	}
	var a *Atlas
	var read stamp
	var err error
	var since uint64
	if current == nil {
		a, read, err = open(ctx, f, opt, runtime.GOMAXPROCS(0))
	} else {
		since = current.Sequence
		// Beside a server that answers, one processor is enough.
		quietly(func() { a, read, err = open(ctx, f, opt, 1) })
	}
	switch {
	case ctx.Err() != nil:
		return found
	case err == nil && missing(read):
		return read
	case err != nil && read == stamp{}:
		log.Error("the data change while they are read, the data before them stay", "error", err)
		return read // and try again
	case err != nil:
		log.Error("the changed data cannot be used, the data before it stay", "error", err)
		return found
	}
	lost := false
	change, _ := keeper.Revise(func(current *Atlas) (*Atlas, error) {
		b, ok := a.caughtUp(current, since)
		if lost = !ok; lost {
			return current, nil
		}
		read[0] = b.files[0]
		a = b.renewed(current, f, log)
		return a, nil
	})
	if lost {
		return stamp{} // read again
	}
	log.Info("data read", "version", a.Version, "changed", change.Layers, "places", a.Places.Len(""), "seconds", time.Since(start).Seconds())
	a, current = nil, nil
	if opt.Settled != nil {
		quietly(opt.Settled)
	}
	return read
}

// caughtUp returns the Atlas, read anew, with what was edited since a snapshot
// before it; ok is false where that is not known.
func (a *Atlas) caughtUp(before *Atlas, since uint64) (b *Atlas, ok bool) {
	if before == nil {
		return a, true
	}
	edits, ok := before.history.after(since)
	if !ok {
		return nil, false
	}
	b = a
	if len(edits) > 0 {
		put, remove := before.state(edits)
		for i := range put { // the streets may be others
			put[i] = before.bare(put[i])
		}
		b = a.with(put, remove)
	}
	b.files[0] = before.rewritten(b.files[0])
	return b, true
}

// renewed returns the Atlas under the closures of this moment, which may have
// changed while it was read: those of the file, or where that is gone or
// damaged, those of the Atlas before it.
func (a *Atlas) renewed(before *Atlas, f Folder, log *slog.Logger) *Atlas {
	now := f.find(ClosuresFile)
	if now.same(a.files[closuresAt]) && now.info != nil {
		return a
	}
	list, err := f.readClosures()
	if err != nil {
		list = nil
		if before != nil {
			list = before.closures
		}
		if len(list) > 0 {
			closuresStay(log, list, err)
		}
	}
	b := a.WithClosures(list)
	b.files[closuresAt] = now
	return b
}

// reloadClosures puts the current Atlas under the closures of the file. It
// does nothing where they are those that it is under already, written by this
// process. It returns the file that it looked at.
func reloadClosures(keeper *Keeper, f Folder, log *slog.Logger) found {
	var now found
	change, err := keeper.Revise(func(current *Atlas) (*Atlas, error) {
		// Not before: this process may have written it while this waited.
		if now = f.find(ClosuresFile); now.same(current.files[closuresAt]) {
			return current, nil
		}
		list, err := f.readClosures()
		if err != nil {
			if len(current.closures) > 0 || !errors.Is(err, fs.ErrNotExist) {
				closuresStay(log, current.closures, err)
			}
			return current, nil
		}
		a := current.WithClosures(list)
		a.files[closuresAt] = now
		a.sayIdle(log)
		return a, nil
	})
	if err == nil && change.Version != "" {
		log.Info("closures read", "version", change.Version, "closures", len(keeper.Current().closures))
	}
	return now
}

// closuresStay says that the closures of before stay in force, and why.
func closuresStay(log *slog.Logger, list []geo.Closure, err error) {
	if errors.Is(err, fs.ErrNotExist) {
		log.Warn(ClosuresFile+" is gone, the closures read from it stay: put it back, or write "+noClosures+" to lift them", "closures", len(list))
		return
	}
	log.Error("the changed "+ClosuresFile+" cannot be used, the closures before it stay", "error", err)
}

// sayIdle warns of closures that no street and no gate is under.
func (a *Atlas) sayIdle(log *slog.Logger) {
	var idle []string
	for i, c := range a.closures {
		if e := a.ClosureEffect(i); e.Streets+e.Gates == 0 {
			idle = append(idle, c.ID)
		}
	}
	if len(idle) > 0 {
		log.Warn("closures that hold for no street and no gate", "closures", len(idle), "first", idle[:min(5, len(idle))])
	}
}
