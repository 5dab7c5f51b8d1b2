package atlas

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"yizhan/geo"
)

// readClosures reads the file; the error wraps fs.ErrNotExist where there is
// none.
func (f Folder) readClosures() ([]geo.Closure, error) {
	// Without waiting: opening a pipe would wait for who writes to it.
	file, err := os.OpenFile(f.join(ClosuresFile), os.O_RDONLY|openAtOnce, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, badClosures("不是普通文件", "is no regular file")
	}
	data, err := io.ReadAll(io.LimitReader(file, maxClosuresFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxClosuresFile {
		return nil, badClosures(fmt.Sprintf("超过 %d 字节", maxClosuresFile), fmt.Sprintf("has more than %d bytes", maxClosuresFile))
	}
	return decodeClosures(data)
}

// target is the path of the file to be written: where ClosuresFile is a
// symbolic link, that of the file that it leads to, which must be there.
func (f Folder) target() (string, error) {
	path := f.join(ClosuresFile)
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return path, nil
	case err != nil:
		return "", err
	case info.Mode()&fs.ModeSymlink != 0:
		return filepath.EvalSymlinks(path)
	}
	return path, nil
}

// write replaces the file by way of another beside it. What an interruption
// leaves is the old file or the new one, and perhaps the other, which nobody
// reads.
func (r *Register) write(data []byte) error {
	path, err := r.folder.target()
	if err != nil {
		return err
	}
	fresh := path + ".new"
	// What stands there is left over, or somebody's link to another file, which
	// must not be written to.
	if err := os.Remove(fresh); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(fresh, os.O_WRONLY|os.O_CREATE|os.O_EXCL|openNoLink, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = r.step("sync")
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := r.step("rename"); err != nil {
		return err
	}
	if err := os.Rename(fresh, path); err != nil {
		return err
	}
	if err := r.step("sync folder"); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}
