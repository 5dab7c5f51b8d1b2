package gpkg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"modernc.org/sqlite"

	"yizhan/geo"
)

// SQLite's primary result codes that a person can do something about.
const (
	sqliteBusy     = 5
	sqliteReadOnly = 8
	sqliteIO       = 10
	sqliteCorrupt  = 11
	sqliteFull     = 13
	sqliteCantOpen = 14
	sqliteNotADB   = 26
)

// explain turns an error of SQLite or the file system into one that says what
// to do. Context errors and those that already say it pass unchanged.
func explain(path string, err error) error {
	var known *geo.Error
	if err == nil || errors.As(err, &known) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	code := geo.Internal
	zh, en := "读写失败", "reading or writing failed"
	var se *sqlite.Error
	var page spoiltError
	switch {
	case errors.As(err, &page):
		return damaged(path, err)
	case errors.Is(err, syscall.ENOSPC), errors.As(err, &se) && se.Code()&0xff == sqliteFull:
		// The cause would say the same again.
		return geo.NewError(geo.Unavailable,
			fmt.Sprintf("%s 所在的磁盘已满：请清理空间后再试。", path),
			fmt.Sprintf("the disk of %s is full: free some space and try again", path))
	case errors.Is(err, fs.ErrNotExist):
		code, zh, en = geo.NotFound, "文件不存在，请先导入数据", "there is no such file: import data first"
	case errors.Is(err, fs.ErrPermission):
		code, zh, en = geo.Unavailable, "没有读写权限，请检查文件和文件夹的权限", "no permission to read or write it: check the permissions of file and folder"
	case errors.As(err, &se):
		switch se.Code() & 0xff {
		case sqliteBusy:
			code, zh, en = geo.Unavailable, "文件正被其他程序占用（例如 QGIS），请关闭后再试", "another program has it open (QGIS?): close it there and try again"
		case sqliteReadOnly:
			code, zh, en = geo.Unavailable, "文件或文件夹只读，请改为可写", "it or its folder is read-only: make it writable"
		case sqliteCorrupt, sqliteNotADB:
			return damaged(path, err)
		case sqliteCantOpen, sqliteIO:
			code, zh, en = geo.Unavailable, "无法打开或读取，请检查路径、权限和磁盘", "it cannot be opened or read: check path, permissions and disk"
		}
	}
	return geo.NewError(code, fmt.Sprintf("%s：%s。", path, zh), fmt.Sprintf("%s: %s", path, en)).Because(err)
}

func damaged(path string, cause error) error {
	return geo.NewError(geo.Invalid,
		fmt.Sprintf("%s 已损坏：请从备份恢复，或移走它后重新导入。", path),
		fmt.Sprintf("%s is damaged: restore it from a backup, or move it away and import again", path)).Because(cause)
}
