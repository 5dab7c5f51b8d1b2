package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"yizhan/geo"
)

// tokenVariable is the environment variable of the token. It is no flag: what
// stands on a command line is seen by everybody on the machine.
const tokenVariable = "YIZHAN_TOKEN"

// Bounds of a token in characters. A short one can be guessed.
const (
	minToken = 16
	maxToken = 1024
)

// readToken returns the token of the file, or else of the environment; "" where
// neither is given.
func readToken(file string, getenv func(string) string) (string, error) {
	token, from := getenv(tokenVariable), "$"+tokenVariable
	if file != "" {
		if token != "" {
			return "", geo.NewError(geo.Invalid,
				"令牌给了两次：--token-file 和 $"+tokenVariable+" 请只留一个。",
				"there are two tokens: give either --token-file or $"+tokenVariable)
		}
		from = file
		data, err := readStart(file, maxToken+2)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return "", geo.NewError(geo.NotFound,
				fmt.Sprintf("找不到令牌文件 %s，请检查路径；可用 openssl rand -hex 24 > %s 生成。", file, file),
				fmt.Sprintf("no such token file: %s: check the path, or make one with openssl rand -hex 24 > %s", file, file))
		case err != nil:
			return "", geo.NewError(geo.Invalid,
				fmt.Sprintf("令牌文件 %s 无法读取，请检查权限。", file),
				fmt.Sprintf("the token file %s cannot be read: check its permissions", file)).Because(err)
		}
		token = strings.TrimRight(string(data), "\r\n")
	} else if token == "" {
		return "", nil
	}
	if len(token) < minToken || len(token) > maxToken || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", geo.NewError(geo.Invalid,
			fmt.Sprintf("%s 里的令牌不合用：应为 %d 到 %d 个字母、数字或符号，不含空格；可用 openssl rand -hex 24 生成。", from, minToken, maxToken),
			fmt.Sprintf("the token in %s cannot be used: it must be %d to %d letters, digits and signs without spaces; openssl rand -hex 24 makes one", from, minToken, maxToken))
	}
	return token, nil
}

// readStart reads at most so many bytes of a file.
func readStart(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit))
}
