package atlas

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"yizhan/data/store"
	"yizhan/data/store/gpkg"
	"yizhan/geo"
)

// Editor changes single places: in the folder, so that the change outlasts the
// server, and then in the current Atlas, so that the next answer is from it.
// What it puts belongs to the feed geo.FeedEntered from then on, and imports
// leave it alone; a place of an import that it deletes comes back with the next
// import. It is safe for concurrent use, and several servers may use one
// folder.
type Editor struct {
	keeper *Keeper
	// folder has no Dir where edits are kept in memory alone.
	folder Folder
	// turn lets edits of this process wait for one another in the order in
	// which they came.
	turn chan struct{}
	// edited are the IDs of the places edited in memory.
	mu         sync.Mutex
	edited     map[string]struct{}
	compacting atomic.Bool
	// settled is called when much memory has been let go.
	settled func()
	// step is called before each step of an edit; an error of it interrupts as
	// a crash would. Tests set it.
	step func(name string) error
}

// NewEditor returns the editor of a data folder whose Atlas a keeper holds.
// Without a folder, "", edits last as long as the process.
func NewEditor(keeper *Keeper, dir string) *Editor {
	return &Editor{keeper: keeper, folder: Folder{dir}, turn: make(chan struct{}, 1), edited: make(map[string]struct{}), settled: func() {}, step: func(string) error { return nil }}
}

// OnSettled has a function called each time when the snapshots before hold a
// lot of memory no more. It is set before the first edit.
func (e *Editor) OnSettled(f func()) { e.settled = f }

// Lasting says whether edits outlast the process.
func (e *Editor) Lasting() bool { return e.folder.dir != "" }

// NewPlaceID makes an ID that no place has.
func NewPlaceID() string {
	var b [10]byte
	rand.Read(b[:]) //nolint:errcheck // never fails since Go 1.24
	return geo.FeedEntered + ":" + idWord(b[:])
}

// Condition looks at a place as it is just before it is edited, nil where
// there is none. Its error stops the edit and is returned as it is.
type Condition func(now *geo.Place) error

// Put adds a place, or makes it all that there is of its ID. A place that
// cannot be kept is Invalid or TooLarge; where the folder cannot be written to,
// or an import takes longer than ctx, the error is Unavailable. Nothing has
// changed after an error.
func (e *Editor) Put(ctx context.Context, p geo.Place, conditions ...Condition) (Change, error) {
	_, change, err := e.PutIn(ctx, p, conditions...)
	return change, err
}

// PutIn is Put, and returns the Atlas that has the place.
func (e *Editor) PutIn(ctx context.Context, p geo.Place, conditions ...Condition) (*Atlas, Change, error) {
	p.Source.Feed = geo.FeedEntered
	p.Source.Time = time.Now()
	if err := store.Check(&p); err != nil {
		return nil, Change{}, err
	}
	p = store.Normal(p)
	return e.apply(ctx, p.ID, &p, conditions)
}

// Delete removes a place. One that is not there is NotFound, and the other
// errors are those of Put.
func (e *Editor) Delete(ctx context.Context, id string, conditions ...Condition) (Change, error) {
	_, change, err := e.apply(ctx, id, nil, append(conditions, func(now *geo.Place) error {
		if now == nil {
			return geo.NewError(geo.NotFound,
				fmt.Sprintf("没有编号为 %s 的地点，请用 /api/search 查找。", id),
				fmt.Sprintf("there is no place %s: find it with /api/search", id))
		}
		return nil
	}))
	return change, err
}

// apply puts a place or, where it is nil, removes the one with the ID.
func (e *Editor) apply(ctx context.Context, id string, put *geo.Place, conditions []Condition) (*Atlas, Change, error) {
	release, err := e.lock(ctx)
	if err != nil {
		return nil, Change{}, err
	}
	defer release()
	var next *Atlas
	change, err := e.keeper.Revise(func(current *Atlas) (*Atlas, error) {
		if current == nil {
			return nil, geo.NewError(geo.Unavailable, "数据尚未载入，请稍后重试。", "the data is not loaded yet: try again shortly")
		}
		if ctx.Err() != nil {
			return nil, late(nil)
		}
		var err error
		if e.Lasting() {
			next, err = e.write(ctx, current, id, put, conditions)
		} else {
			next, err = e.remember(current, id, put, conditions)
		}
		return next, err
	})
	if err != nil {
		return nil, Change{}, err
	}
	if next.Places.Changes() > maxChanges && e.compacting.CompareAndSwap(false, true) {
		go func() {
			defer e.compacting.Store(false)
			e.compact()
		}()
	}
	return next, change, nil
}

// remember edits in memory alone.
func (e *Editor) remember(current *Atlas, id string, put *geo.Place, conditions []Condition) (*Atlas, error) {
	now, _ := current.Places.Get(id)
	if err := check(now, conditions); err != nil {
		return nil, err
	}
	e.mu.Lock()
	e.edited[id] = struct{}{}
	e.mu.Unlock()
	if put != nil {
		put = current.inherit(put, now)
	}
	return current.edited(id, put), nil
}

// Over returns an Atlas with what was edited in memory in the one before it.
func (e *Editor) Over(fresh, before *Atlas) *Atlas {
	e.mu.Lock()
	defer e.mu.Unlock()
	var put []*geo.Place
	var remove []string
	for id := range e.edited {
		if p, ok := before.Places.Get(id); ok {
			put = append(put, before.bare(p))
		} else if _, ok := fresh.Places.Find(id); ok {
			remove = append(remove, id)
		} else {
			delete(e.edited, id) // came and went
		}
	}
	if len(put)+len(remove) == 0 {
		return fresh
	}
	return fresh.with(put, remove)
}

// edited is with for one place.
func (a *Atlas) edited(id string, put *geo.Place) *Atlas {
	if put == nil {
		return a.with(nil, []string{id})
	}
	p := *put
	return a.with([]*geo.Place{&p}, nil)
}

// write edits the folder's places and returns the Atlas that follows. The
// caller holds the folder's lock.
func (e *Editor) write(ctx context.Context, current *Atlas, id string, put *geo.Place, conditions []Condition) (*Atlas, error) {
	if err := e.folder.rollForward(func(string) error { return nil }); err != nil {
		return nil, e.unwritable(err)
	}
	path := e.folder.join(PlacesFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return e.begin(ctx, current, path, id, put, conditions)
	}
	st, err := gpkg.Open(ctx, path, gpkg.Options{})
	if err != nil {
		return nil, e.unwritable(err)
	}
	defer st.Close()
	var before, after found
	var theirs error
	err = st.Edit(ctx, gpkg.Edit{
		IDs: []string{id},
		Decide: func(now map[string]*geo.Place) ([]geo.Place, []string, error) {
			before = e.folder.find(PlacesFile)
			was := now[id]
			if was != nil {
				was = current.located(was)
			}
			if theirs = check(was, conditions); theirs != nil {
				return nil, nil, theirs
			}
			if put == nil {
				return nil, []string{id}, nil
			}
			put = current.inherit(put, was)
			return []geo.Place{*put}, nil, nil
		},
		Before: func() error { return e.step("commit") },
		Done: func(alone bool) {
			if alone {
				after = e.folder.find(PlacesFile)
			}
		},
	})
	switch {
	case theirs != nil:
		return nil, theirs
	case err != nil:
		return nil, e.unwritable(err)
	}
	if err := e.step("swap"); err != nil {
		return nil, err
	}
	next := current.edited(id, put)
	if after.info != nil {
		e := &next.fresh[len(next.fresh)-1]
		e.before, e.after = before, after
		if before.same(current.files[0]) {
			next.files[0] = after
		}
	}
	return next, nil
}

// begin makes the places of a folder that has had none: with the gates that
// came with the streets, which would be gone otherwise.
func (e *Editor) begin(ctx context.Context, current *Atlas, path, id string, put *geo.Place, conditions []Condition) (*Atlas, error) {
	now, _ := current.Places.Get(id)
	if err := check(now, conditions); err != nil {
		return nil, err
	}
	all := current.allBut(id)
	if put != nil {
		put = current.inherit(put, now)
		all = append(all, *put)
	}
	fresh := path + ".new"
	if err := os.Remove(fresh); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, e.unwritable(err)
	}
	st, err := gpkg.Open(ctx, fresh, gpkg.Options{Create: true})
	if err != nil {
		return nil, e.unwritable(err)
	}
	if err := errors.Join(st.Put(ctx, all...), st.SetMeta(ctx, MetaAttribution, current.Attribution), st.Close()); err != nil {
		return nil, e.unwritable(err)
	}
	if err := e.step("commit"); err != nil {
		return nil, err
	}
	if err := os.Rename(fresh, path); err != nil {
		return nil, e.unwritable(err)
	}
	if err := syncDir(e.folder.dir); err != nil {
		return nil, e.unwritable(err)
	}
	if err := e.step("swap"); err != nil {
		return nil, err
	}
	return current.edited(id, put), nil // Watch reads the file soon
}

// inherit gives a place that is put what it does not say and people do not
// see: what its source said beyond our fields, and of a position that stays the
// original one. It is not told the compound that it is found in by its position
// anyway, also where it was only read back with it before it was moved.
func (a *Atlas) inherit(put, now *geo.Place) *geo.Place {
	p := *put
	if now != nil {
		if len(p.Extra) == 0 {
			p.Extra = now.Extra
		}
		if p.Origin == nil && geo.Distance(p.Point, now.Point) < samePlace && p.Unplaced == now.Unplaced {
			p.Origin = now.Origin
		}
	}
	if now != nil && now.Compound == p.Compound && a.bare(now).Compound == "" {
		p.Compound = ""
	}
	return a.bare(&p)
}

// samePlace is how far apart in metres two positions may be that answers do
// not tell apart.
const samePlace = 0.02

// check asks conditions about a place.
func check(now *geo.Place, conditions []Condition) error {
	for _, c := range conditions {
		if err := c(now); err != nil {
			return err
		}
	}
	return nil
}

// allBut returns all places but one.
func (a *Atlas) allBut(id string) []geo.Place {
	var all []geo.Place
	for s := range a.Places.ByID("", "") {
		if p := a.Places.Place(s); p.ID != id {
			all = append(all, *p)
		}
	}
	return all
}

// lock waits for the other edits of this process, and then for imports and the
// other servers that use the folder.
func (e *Editor) lock(ctx context.Context) (release func(), err error) {
	select {
	case e.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, late(nil)
	}
	if !e.Lasting() {
		return func() { <-e.turn }, nil
	}
	for wait := time.Millisecond; ; wait = min(2*wait, 20*time.Millisecond) {
		l, err := acquire(e.folder.join(lockFile), forEdit)
		if err == nil {
			return func() { l.release(); <-e.turn }, nil
		}
		if !errors.As(err, new(*heldError)) {
			<-e.turn
			return nil, e.unwritable(err)
		}
		select {
		case <-ctx.Done():
			<-e.turn
			return nil, late(err)
		case <-time.After(wait):
		}
	}
}

// late is the error of an edit that waited too long.
func late(cause error) error {
	return geo.NewError(geo.Unavailable,
		"正在导入数据或保存别的修改，地点没有改变：请稍后再试。",
		"an import or another change is under way, and no place was changed: try again shortly").Because(cause)
}

// unwritable is what visitors are told where the folder cannot be written to;
// why, and where it lies, is for the log.
func (e *Editor) unwritable(err error) error {
	if errors.Is(err, errInterrupted) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return geo.NewError(geo.Unavailable,
		"服务器无法读写 "+PlacesFile+"，地点没有改变：请管理员检查数据文件夹的磁盘和权限，以及文件是否在其他程序（例如 QGIS）中打开。",
		"the server cannot read or write "+PlacesFile+", and no place was changed: whoever runs it should check the disk and the permissions of the data folder, and whether another program (QGIS?) has the file open").Because(err)
}
