package atlas

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"yizhan/geo"
)

// Register enters and removes closures: in the current Atlas, so that the next
// answer is under them, and in the folder, so that they outlast the server.
// It is safe for concurrent use, and several servers may use one folder.
type Register struct {
	keeper *Keeper
	// folder has no Dir where closures are kept in memory alone.
	folder Folder
	// turn lets those of this process wait for the lock in the order in which
	// they came.
	turn chan struct{}
	// step is called before each step of writing; an error of it interrupts as
	// a crash would. Tests set it.
	step func(name string) error
}

// NewRegister returns the register of a data folder whose Atlas a keeper
// holds. Without a folder, "", closures last as long as the process.
func NewRegister(keeper *Keeper, dir string) *Register {
	return &Register{keeper: keeper, folder: Folder{dir}, turn: make(chan struct{}, 1), step: func(string) error { return nil }}
}

// Lasting says whether closures outlast the process.
func (r *Register) Lasting() bool { return r.folder.dir != "" }

// Add enters a closure, under an ID of its own, and returns the Atlas that
// holds it, which is the current one by then, and its place in the list there.
// A closure that cannot be used is Invalid, one more than there may be
// TooLarge, and one that no street and no gate is under NotFound. Where it
// cannot be kept in the folder nothing changes, and the error is Unavailable.
func (r *Register) Add(ctx context.Context, c geo.Closure, now time.Time) (*Atlas, int, error) {
	c, err := clean(c)
	if err != nil {
		return nil, 0, err
	}
	c.ID = newClosureID()
	c.Created = now.Truncate(time.Second)
	at := 0
	a, err := r.revise(ctx, now, func(list []geo.Closure) ([]geo.Closure, error) {
		if len(list) >= MaxClosures {
			return nil, geo.NewError(geo.TooLarge,
				fmt.Sprintf("已有 %d 条封闭，达到上限，请先删除不用的。", len(list)),
				fmt.Sprintf("there are %d closures, which is the most: remove some first", len(list)))
		}
		at = len(list)
		return append(list, c), nil
	}, func(next *Atlas) error {
		if e := next.ClosureEffect(at); e.Streets+e.Gates == 0 {
			return noEffect(&c)
		}
		return nil
	})
	return a, at, err
}

// noEffect is the error for a closure that holds for nothing.
func noEffect(c *geo.Closure) error {
	switch {
	case c.Gate != "":
		return geo.NewError(geo.NotFound,
			fmt.Sprintf("路网里没有编号为 %s 的出入口，封闭没有生效：编号见 /layers/gate.geojson。", c.Gate),
			fmt.Sprintf("the streets have no gate %s, so nothing would be closed or opened: /layers/gate.geojson lists their ids", c.Gate))
	case c.Street != nil:
		return geo.NewError(geo.NotFound,
			"这一点附近没有道路，封闭没有生效：请点在路上，先经度后纬度。",
			"there is no street near this point, so nothing would be closed or opened: choose a point on the street, longitude first")
	}
	return geo.NewError(geo.NotFound,
		"这个区域里没有道路和出入口，封闭没有生效：请检查坐标和坐标系。",
		"there is no street and no gate in this area, so nothing would be closed or opened: check its positions and their datum")
}

// Remove takes a closure back and returns the Atlas without it. One that is
// not there is NotFound.
func (r *Register) Remove(ctx context.Context, id string, now time.Time) (*Atlas, error) {
	return r.revise(ctx, now, func(list []geo.Closure) ([]geo.Closure, error) {
		i := slices.IndexFunc(list, func(c geo.Closure) bool { return c.ID == id })
		if i < 0 {
			return nil, geo.NewError(geo.NotFound,
				fmt.Sprintf("没有编号为 %s 的封闭，现有的见 /api/closures。", id),
				fmt.Sprintf("there is no closure %s: /api/closures lists those there are", id))
		}
		return slices.Delete(list, i, i+1), nil
	}, func(*Atlas) error { return nil })
}

// newClosureID makes an ID that nobody has.
func newClosureID() string {
	var b [10]byte
	rand.Read(b[:]) //nolint:errcheck // never fails since Go 1.24
	return "c-" + idWord(b[:])
}

// revise changes the list in the folder and in the current Atlas: edit gets a
// list of its own, sound may refuse what comes out. Only one revision is at
// work at a time, on this machine.
func (r *Register) revise(ctx context.Context, now time.Time, edit func([]geo.Closure) ([]geo.Closure, error), sound func(*Atlas) error) (*Atlas, error) {
	if r.Lasting() {
		release, err := r.lock(ctx)
		if err != nil {
			return nil, err
		}
		defer release()
	}
	var next *Atlas
	_, err := r.keeper.Revise(func(current *Atlas) (*Atlas, error) {
		if current == nil {
			return nil, geo.NewError(geo.Unavailable, "数据尚未载入，请稍后重试。", "the data is not loaded yet: try again shortly")
		}
		list, err := r.list(current)
		if err != nil {
			return nil, err
		}
		list = slices.DeleteFunc(list, func(c geo.Closure) bool { return !c.To.IsZero() && now.Sub(c.To) > keepExpired })
		if list, err = edit(list); err != nil {
			return nil, err
		}
		a := current.WithClosures(list)
		if err := sound(a); err != nil {
			return nil, err
		}
		if ctx.Err() != nil { // whoever asked has been told, or waits no longer
			return nil, geo.NewError(geo.Timeout, "修改没有及时完成，封闭没有改变：请稍后再试。",
				"the change was not made in time, and no closure was changed: try again shortly")
		}
		if r.Lasting() {
			if err := r.save(a); err != nil {
				return nil, err
			}
		}
		next = a
		return a, nil
	})
	return next, err
}

// list returns the closures there are now, in a slice of its own: those of the
// file, which another server or a person may have changed, or those of the
// Atlas where the file is gone.
func (r *Register) list(current *Atlas) ([]geo.Closure, error) {
	if r.Lasting() {
		list, err := r.folder.readClosures()
		if err == nil {
			return list, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			var e *geo.Error
			if errors.As(err, &e) {
				// It is the server's trouble and no fault of the request.
				return nil, geo.NewError(geo.Unavailable, e.Message.Zh, e.Message.En).Because(err)
			}
			return nil, unwritable(err)
		}
	}
	return slices.Clone(current.closures), nil
}

// save writes the closures of an Atlas to the file, whole or not at all, and
// notes in the Atlas what was written.
func (r *Register) save(a *Atlas) error {
	data := encodeClosures(a.closures, a.GatePoint, a.Zone)
	if len(data) > maxClosuresFile {
		return geo.NewError(geo.TooLarge,
			"封闭太多或太复杂，放不进 "+ClosuresFile+"：请先删除不用的，或简化区域。",
			"the closures are too many or too intricate for "+ClosuresFile+": remove some first, or simplify the area")
	}
	if err := r.write(data); err != nil {
		return unwritable(err)
	}
	a.files[closuresAt] = r.folder.find(ClosuresFile)
	return nil
}

// unwritable is what visitors are told where the folder cannot be written to;
// why, and where it lies, is for the log.
func unwritable(err error) error {
	return geo.NewError(geo.Unavailable,
		"服务器无法读写 "+ClosuresFile+"，封闭没有改变：请管理员检查数据文件夹的磁盘和权限。",
		"the server cannot read or write "+ClosuresFile+", and no closure was changed: whoever runs it should check the disk and the permissions of the data folder").Because(err)
}

// closuresLock is another lock than that of imports, which take minutes and
// leave closures alone.
const closuresLock = ".closures.lock"

// lockWait is how long a change waits for others.
const lockWait = 5 * time.Second

// lock waits for the other changes of this process, and then for the other
// servers that use the folder.
func (r *Register) lock(ctx context.Context) (release func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	var holder error
	busy := func() error {
		return geo.NewError(geo.Unavailable,
			"别的修改正在进行，封闭没有改变：请稍后再试。", "other changes to the closures are under way, and none was changed: try again shortly").Because(holder)
	}
	select {
	case r.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, busy()
	}
	for {
		l, err := acquire(r.folder.join(closuresLock), forEdit)
		if err == nil {
			return func() { l.release(); <-r.turn }, nil
		}
		if holder = err; !errors.As(err, new(*heldError)) {
			<-r.turn
			return nil, unwritable(err)
		}
		select {
		case <-ctx.Done():
			<-r.turn
			return nil, busy()
		case <-time.After(5 * time.Millisecond):
		}
	}
}
