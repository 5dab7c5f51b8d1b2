package atlas

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"yizhan/data/store"
	"yizhan/data/store/gpkg"
	"yizhan/geo"
)

// The files of a data folder.
const (
	PlacesFile  = "places.gpkg"
	StreetsFile = "streets.bin"
	BaseFile    = "base.pmtiles"
)

func fileNames() [3]string { return [3]string{PlacesFile, StreetsFile, BaseFile} }

// Working names inside a data folder.
const (
	stagingDir   = ".staging"
	committedDir = ".committed"
	lockFile     = ".lock"
)

// Folder is a data folder.
//
// An import may change several of its files, and these must change together
// even where the power fails between two renames. So the new files are made in
// the sub-folder .staging, and the import is committed by one rename of that
// folder, to .committed. A reader takes each file from .committed where it is
// there and from the folder itself where not; moving the files up one by one
// afterwards changes nothing for it. What an interruption leaves is either a
// .staging that nobody reads, removed by the next import, or a .committed that
// everybody reads, moved up by whoever comes next.
type Folder struct{ dir string }

// At returns the data folder at a path, which need not exist yet.
func At(dir string) Folder { return Folder{dir} }

// Dir is the folder's path.
func (f Folder) Dir() string { return f.dir }

// Path says where a file of the folder is to be read at this moment. It need
// not exist.
func (f Folder) Path(name string) string {
	return f.find(name).path
}

// Stage is an import at work in a folder. Only one can be at work at a time.
type Stage struct {
	folder Folder
	lock   *lock
	store  *gpkg.Store
	files  []*os.File
	done   bool
	// step is called before each step of Commit; an error of it interrupts as
	// a crash would. Tests set it.
	step func(name string) error
}

// Stage begins an import: it makes the folder where it is not there, locks it
// against other imports, and clears what an interrupted one left. Close must
// be called. Where another import is at work the error is Unavailable.
func (f Folder) Stage() (*Stage, error) {
	if err := os.MkdirAll(f.dir, 0o755); err != nil {
		return nil, f.explain(err)
	}
	l, err := acquireSoon(filepath.Join(f.dir, lockFile))
	if held := (*heldError)(nil); errors.As(err, &held) {
		return nil, held.busy()
	} else if err != nil {
		return nil, f.explain(err)
	}
	s := &Stage{folder: f, lock: l, step: func(string) error { return nil }}
	if err := errors.Join(f.rollForward(s.step), os.RemoveAll(f.join(stagingDir)), os.Mkdir(f.join(stagingDir), 0o755)); err != nil {
		l.release()
		return nil, f.explain(err)
	}
	return s, nil
}

// acquireSoon is acquire for an import. It waits for edits of places to end:
// each takes milliseconds, but a server may have many to keep, and a slow disk.
// It does not wait for another import.
func acquireSoon(path string) (*lock, error) {
	const step = 2 * time.Millisecond
	for began := time.Now(); ; time.Sleep(step) {
		l, err := acquire(path, forImport)
		held := (*heldError)(nil)
		if err == nil || !errors.As(err, &held) {
			return l, err
		}
		most := editWait
		if held.holder != "" && !held.edit() {
			most = importWait
		}
		if time.Since(began) > most {
			return nil, err
		}
	}
}

// How long an import waits for the lock: for edits, and who has not written yet
// what for, and for another import that may be about to end.
const (
	editWait   = 10 * time.Second
	importWait = 300 * time.Millisecond
)

func (f Folder) join(elem ...string) string {
	return filepath.Join(append([]string{f.dir}, elem...)...)
}

// Store returns the places as they will be: a copy of the folder's, or an
// empty store, to be changed at will. It is closed by Commit and Close.
func (s *Stage) Store(ctx context.Context) (store.Store, error) {
	if s.store != nil {
		return s.store, nil
	}
	staged := s.folder.join(stagingDir, PlacesFile)
	now := s.folder.Path(PlacesFile)
	if _, err := os.Stat(now); err == nil {
		if err := gpkg.Copy(ctx, now, staged); err != nil {
			return nil, err
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, s.folder.explain(err)
	}
	st, err := gpkg.Open(ctx, staged, gpkg.Options{Create: true})
	if err != nil {
		return nil, err
	}
	s.store = st
	return st, nil
}

// Create returns a new StreetsFile or BaseFile to write to. It is closed by
// Commit and Close.
func (s *Stage) Create(name string) (*os.File, error) {
	if name != StreetsFile && name != BaseFile {
		return nil, fmt.Errorf("atlas: no such file in a data folder: %q", name)
	}
	file, err := os.Create(s.folder.join(stagingDir, name))
	if err != nil {
		return nil, s.folder.explain(err)
	}
	s.files = append(s.files, file)
	return file, nil
}

// Explain turns an error of writing to what Create returned into a *geo.Error
// that says which folder it is about and what to do. Other errors that people
// can read already are returned as they are.
func (s *Stage) Explain(err error) error { return s.folder.explain(err) }

// Commit makes the staged files the folder's, all of them or, where it returns
// an error, none. Files that were not staged stay.
func (s *Stage) Commit() error {
	if s.done {
		return errors.New("atlas: a stage is committed once")
	}
	if err := s.prepare(); err != nil {
		return s.folder.explain(err)
	}
	if err := s.step("commit"); err != nil {
		return err
	}
	if err := os.Rename(s.folder.join(stagingDir), s.folder.join(committedDir)); err != nil {
		return s.folder.explain(err)
	}
	s.done = true
	if err := s.step("sync commit"); err != nil {
		return err
	}
	if err := syncDir(s.folder.dir); err != nil {
		return s.folder.explain(err)
	}
	// From here on the import stands. What of this fails is done by the next.
	if err := s.folder.rollForward(s.step); errors.Is(err, errInterrupted) {
		return err
	}
	return nil
}

// errInterrupted is what step returns to interrupt.
var errInterrupted = errors.New("interrupted")

// prepare brings the staged files to the disk.
func (s *Stage) prepare() error {
	if err := s.closeFiles(true); err != nil {
		return err
	}
	if err := s.step("sync files"); err != nil {
		return err
	}
	entries, err := os.ReadDir(s.folder.join(stagingDir))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := syncFile(s.folder.join(stagingDir, e.Name())); err != nil {
			return err
		}
	}
	if err := syncDir(s.folder.join(stagingDir)); err != nil {
		return err
	}
	if _, err := os.Stat(s.folder.join(stagingDir, PlacesFile)); err != nil {
		return nil // the places stay as they are
	}
	return s.folder.settle()
}

// journals are what SQLite adds to the name of a file at work.
func journals() [3]string { return [3]string{"-journal", "-wal", "-shm"} }

// settle makes sure that the places about to be replaced have no journal left
// beside them: SQLite would play it into the new file.
func (f Folder) settle() error {
	path := f.join(PlacesFile)
	left := func() bool {
		for _, suffix := range journals() {
			if _, err := os.Stat(path + suffix); err == nil {
				return true
			}
		}
		return false
	}
	if !left() {
		return nil
	}
	if st, err := gpkg.Open(context.Background(), path, gpkg.Options{}); err == nil {
		_ = st.Close()
	}
	if !left() {
		return nil
	}
	return geo.NewError(geo.Unavailable,
		fmt.Sprintf("%s 正在其他程序（例如 QGIS）中打开：请关闭后再导入。", path),
		fmt.Sprintf("%s is open in another program (QGIS?): close it there, then import again", path))
}

// closeFiles closes what was handed out.
func (s *Stage) closeFiles(keep bool) error {
	var errs []error
	if s.store != nil {
		errs = append(errs, s.store.Close())
		s.store = nil
	}
	for _, f := range s.files {
		if err := f.Close(); err != nil && keep && !errors.Is(err, os.ErrClosed) {
			errs = append(errs, err)
		}
	}
	s.files = nil
	return errors.Join(errs...)
}

// Close ends the import. Without a Commit before it, the folder is as it was.
func (s *Stage) Close() error {
	if s.lock == nil {
		return nil
	}
	err := s.closeFiles(false)
	if !s.done {
		err = errors.Join(err, os.RemoveAll(s.folder.join(stagingDir)))
	}
	s.lock.release()
	s.lock = nil
	return s.folder.explain(err)
}

// rollForward moves the files of a committed import to their places. The
// caller holds the lock.
func (f Folder) rollForward(step func(string) error) error {
	if _, err := os.Stat(f.join(committedDir)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if _, err := os.Stat(f.join(committedDir, PlacesFile)); err == nil {
		// What another program still has in the journals of the places before
		// is superseded; SQLite would play it into the new ones.
		for _, suffix := range journals() {
			_ = os.Remove(f.join(PlacesFile) + suffix)
		}
	}
	for _, name := range fileNames() {
		if err := step("move " + name); err != nil {
			return err
		}
		if err := os.Rename(f.join(committedDir, name), f.join(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := step("remove"); err != nil {
		return err
	}
	// The moves must be on the disk before the folder that they came from is
	// gone.
	if err := syncDir(f.dir); err != nil {
		return err
	}
	if err := os.RemoveAll(f.join(committedDir)); err != nil {
		return err
	}
	return syncDir(f.dir)
}

// tidy moves a committed import up if an interruption left it behind and this
// process may. That it does not matters to nobody.
func (f Folder) tidy() {
	if _, err := os.Stat(f.join(committedDir)); err != nil {
		return
	}
	if l, err := acquire(f.join(lockFile), forImport); err == nil {
		_ = f.rollForward(func(string) error { return nil })
		l.release()
	}
}

// explain says of an error of the file system what to do.
func (f Folder) explain(err error) error {
	var known *geo.Error
	switch {
	case err == nil || errors.As(err, &known) || errors.Is(err, errInterrupted):
		return err
	case errors.Is(err, syscall.ENOSPC):
		// The cause would say the same again.
		return geo.NewError(geo.Unavailable,
			fmt.Sprintf("数据文件夹 %s 所在的磁盘已满，原有数据不变：请清理空间后再试。", f.dir),
			fmt.Sprintf("the disk of the data folder %s is full and the data stay as they were: free some space and try again", f.dir))
	case errors.Is(err, fs.ErrPermission):
		return geo.NewError(geo.Unavailable,
			fmt.Sprintf("没有权限写数据文件夹 %s，请检查权限。", f.dir),
			fmt.Sprintf("no permission to write to the data folder %s: check its permissions", f.dir)).Because(err)
	}
	return geo.NewError(geo.Internal,
		fmt.Sprintf("数据文件夹 %s 读写失败，请检查磁盘和权限。", f.dir),
		fmt.Sprintf("reading or writing the data folder %s failed: check disk and permissions", f.dir)).Because(err)
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// heldError says that another process has a lock.
type heldError struct{ path, holder string }

func (e *heldError) Error() string {
	if e.holder == "" {
		return e.path + " is locked by another process"
	}
	return e.path + " is locked by " + e.holder
}

// edit says whether the lock is that of an edit.
func (e *heldError) edit() bool { return strings.HasPrefix(e.holder, string(forEdit)) }

// busy is the error of an import in a folder that somebody else holds.
func (e *heldError) busy() error {
	dir, holder := filepath.Dir(e.path), ""
	if _, who, ok := strings.Cut(e.holder, " "); ok {
		holder = " (" + who + ")"
	}
	if e.edit() {
		return geo.NewError(geo.Unavailable,
			fmt.Sprintf("一个服务器%s正在向 %s 保存修改：请稍后再试。", holder, dir),
			fmt.Sprintf("a server%s is writing edits to %s: try again shortly", holder, dir))
	}
	return geo.NewError(geo.Unavailable,
		fmt.Sprintf("另一个导入%s正在使用 %s：请等它结束后再试。", holder, dir),
		fmt.Sprintf("another import%s is at work in %s: try again when it has ended", holder, dir))
}

// purpose is what a lock is taken for. It is the first word in the file of the
// lock.
type purpose string

const (
	forImport purpose = "import"
	forEdit   purpose = "edit"
)

// holderText is what the holder of a lock writes into its file, for people.
func holderText(what purpose) string {
	return fmt.Sprintf("%s pid %d, %s", what, os.Getpid(), time.Now().Format("2006-01-02 15:04:05"))
}
