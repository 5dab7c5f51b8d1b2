package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/term"

	"yizhan/data/atlas"
	"yizhan/data/export"
	"yizhan/geo"
)

// exportTarget is where an export goes: standard output, a file, or a folder.
// Files are written under names of their own and renamed at the end, all of
// them or none, so that nobody finds half of one.
type exportTarget struct {
	format exportFormat
	force  bool
	// out is standard output, nil for a file; shown says that people see it.
	out   io.Writer
	shown bool
	// path is the file, or the folder where folder is set. made says that the
	// folder is new.
	path   string
	folder bool
	made   bool
	files  []exportFile
	done   bool
}

// exportFile is a file being written.
type exportFile struct{ temp, path string }

// newExportTarget looks at what --out says before anything slow is done.
func newExportTarget(c *exportFrom, t *terminal, out string, f exportFormat) (*exportTarget, error) {
	to := &exportTarget{format: f, force: c.Force, path: out}
	if out == "" || out == "-" {
		if f.stream == nil {
			return nil, geo.NewError(geo.Invalid,
				"这种格式不能写到标准输出：请用 --out 指定文件。",
				"this format cannot go to standard output: name a file with --out")
		}
		to.path, to.out = "", t.Out
		if file, ok := t.Out.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
			to.shown = true
			if f.binary {
				return nil, geo.NewError(geo.Invalid,
					"二进制文件不宜显示在终端：请用 --out 指定文件，或用 > 转到文件。",
					"a binary file is nothing for the terminal: name a file with --out, or redirect it with >")
			}
		}
		return to, nil
	}
	// What a link leads to is written, and the link stays.
	if real, err := filepath.EvalSymlinks(out); err == nil && !strings.HasSuffix(out, "/") {
		to.path = real
	}
	info, err := os.Stat(out)
	switch {
	case err == nil && info.IsDir():
		to.folder = true
	case errors.Is(err, fs.ErrNotExist):
		to.folder = strings.HasSuffix(out, "/") || strings.HasSuffix(out, string(filepath.Separator))
	case err != nil:
		return nil, to.explain(err)
	}
	if _, err := os.Stat(filepath.Dir(filepath.Clean(to.path))); err != nil {
		return nil, to.explain(err)
	}
	if !to.folder {
		if err := to.free(to.path); err != nil {
			return nil, err
		}
		return to, ownFile(c.Data, to.path)
	}
	if c.Data != "" && sameFile(c.Data, out) {
		return nil, geo.NewError(geo.Invalid,
			fmt.Sprintf("%s 是数据文件夹：请用 --out 指定另一个文件夹。", out),
			fmt.Sprintf("%s is the data folder itself: name another one with --out", out))
	}
	return to, nil
}

// ownFile refuses to write over the files that the data are read from, even
// with --force.
func ownFile(data, out string) error {
	own := []string{atlas.PlacesFile, atlas.StreetsFile, atlas.BaseFile, atlas.ClosuresFile}
	if data == "" || !slices.Contains(own, filepath.Base(out)) || !sameFile(data, filepath.Dir(out)) {
		return nil
	}
	return geo.NewError(geo.Invalid,
		fmt.Sprintf("%s 是数据文件夹自己的文件：请用 --out 指定别处。", out),
		fmt.Sprintf("%s belongs to the data folder itself: name another place with --out", out))
}

func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// free refuses a file that is there, unless it may be written over.
func (to *exportTarget) free(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return to.explain(err)
	case info.IsDir():
		return geo.NewError(geo.Invalid,
			fmt.Sprintf("%s 是文件夹：请换一个文件名。", path),
			fmt.Sprintf("%s is a folder: choose another name", path))
	case !info.Mode().IsRegular() && info.Mode()&fs.ModeSymlink == 0:
		return geo.NewError(geo.Invalid,
			fmt.Sprintf("%s 不是普通文件：请用 --out - 写到标准输出再转向，或换一个文件名。", path),
			fmt.Sprintf("%s is no ordinary file: write to standard output with --out - and redirect it, or choose another name", path))
	case !to.force:
		return geo.NewError(geo.Invalid,
			fmt.Sprintf("%s 已存在：请换一个文件名，要覆盖请加 --force。", path),
			fmt.Sprintf("%s is there already: choose another name, or add --force to write over it", path))
	}
	return nil
}

// check says whether the files that are to be can hold the collections.
func (to *exportTarget) check(list []export.Collection) error {
	if to.format.check == nil {
		return nil
	}
	if !to.folder || !to.format.apart {
		return to.format.check(list)
	}
	for _, c := range list {
		if err := to.format.check([]export.Collection{c}); err != nil {
			return err
		}
	}
	return nil
}

// write exports to where it goes. Of all collections, those without features
// get no file in a folder.
func (to *exportTarget) write(ctx context.Context, a *atlas.Atlas, opt export.Options, all bool) ([]export.Count, error) {
	if to.out != nil {
		return to.format.stream(ctx, to.out, a, opt)
	}
	if !to.folder {
		return to.one(ctx, to.path, a, opt)
	}
	if err := os.Mkdir(to.path, 0o777); err == nil {
		to.made = true
	} else if !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	if !to.format.apart {
		return to.one(ctx, filepath.Join(to.path, "places."+to.format.ending), a, opt)
	}
	var counts []export.Count
	for _, c := range opt.Collections {
		each := opt
		each.Collections = []export.Collection{c}
		n, err := to.one(ctx, filepath.Join(to.path, string(c)+"."+to.format.ending), a, each)
		if err != nil {
			return nil, err
		}
		if counts = append(counts, n...); all && export.Total(n).Features == 0 {
			to.forget()
		}
	}
	return counts, nil
}

// one writes a file under a name of its own.
func (to *exportTarget) one(ctx context.Context, path string, a *atlas.Atlas, opt export.Options) ([]export.Count, error) {
	if err := to.free(path); err != nil {
		return nil, err
	}
	dir, base := filepath.Split(path)
	temp := filepath.Join(dir, fmt.Sprintf(".%s.%08x.tmp", base, rand.Uint32()))
	to.files = append(to.files, exportFile{temp, path})
	opt.Dir = filepath.Dir(temp)
	if to.format.file != nil {
		return to.format.file(ctx, temp, a, opt)
	}
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, err
	}
	counts, err := to.format.stream(ctx, f, a, opt)
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	return counts, err
}

// forget removes the file written last.
func (to *exportTarget) forget() {
	last := len(to.files) - 1
	os.Remove(to.files[last].temp)
	to.files = to.files[:last]
}

// commit gives the files their names.
func (to *exportTarget) commit() error {
	for _, f := range to.files {
		if err := to.free(f.path); err != nil {
			return err
		}
	}
	for _, f := range to.files {
		if err := os.Rename(f.temp, f.path); err != nil {
			return err
		}
	}
	to.done = true
	return nil
}

// close removes what was not committed.
func (to *exportTarget) close() {
	if to.done {
		return
	}
	for _, f := range to.files {
		for _, with := range []string{"", "-journal", "-wal", "-shm"} {
			os.Remove(f.temp + with)
		}
	}
	if to.made {
		os.Remove(to.path)
	}
}

// written lists the files, none for standard output.
func (to *exportTarget) written() []string {
	names := make([]string, len(to.files))
	for i, f := range to.files {
		names[i] = f.path
	}
	return names
}

// explain says what to do about an error of the file system.
func (to *exportTarget) explain(err error) error {
	var known *geo.Error
	where := to.path
	if where == "" {
		where = "-"
	}
	switch {
	case errors.As(err, &known), errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, syscall.ENOSPC):
		return geo.NewError(geo.Unavailable,
			fmt.Sprintf("%s 所在的磁盘已满，没有写入：请清理空间后再试。", where),
			fmt.Sprintf("the disk of %s is full and nothing was written: free some space and try again", where))
	case errors.Is(err, fs.ErrNotExist):
		return geo.NewError(geo.NotFound,
			fmt.Sprintf("%s 所在的文件夹不存在：请先建立，或换一个位置。", where),
			fmt.Sprintf("the folder of %s does not exist: make it first, or choose another place", where)).Because(err)
	case errors.Is(err, fs.ErrPermission):
		return geo.NewError(geo.Unavailable,
			fmt.Sprintf("没有权限写入 %s：请检查权限，或换一个位置。", where),
			fmt.Sprintf("no permission to write %s: check the permissions, or choose another place", where)).Because(err)
	}
	return geo.NewError(geo.Unavailable,
		fmt.Sprintf("写入 %s 失败：请检查路径和磁盘后再试。", where),
		fmt.Sprintf("%s could not be written: check path and disk, and try again", where)).Because(err)
}
