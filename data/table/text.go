package table

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/width"

	"yizhan/geo"
)

// readText reads a whole file and decodes it: a byte order mark decides, then
// whether it is valid UTF-8, and what is not is GB18030, which Excel writes on
// a Chinese system.
func readText(r io.Reader, limit int64) (text, encoding string, err error) {
	raw, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return "", "", geo.NewError(geo.Invalid, "文件无法读取。", "the file cannot be read").Because(err)
	}
	if int64(len(raw)) > limit {
		return "", "", geo.NewError(geo.TooLarge,
			fmt.Sprintf("文件超过 %d MiB：请拆成几个文件分别导入。", limit>>20),
			fmt.Sprintf("the file is larger than %d MiB: split it and import the parts under names of their own", limit>>20))
	}
	switch {
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")):
		raw, encoding = raw[3:], "UTF-8 BOM"
		if !utf8.Valid(raw) {
			return "", "", notText(raw, "UTF-8")
		}
		text = string(raw)
	case bytes.HasPrefix(raw, []byte("\xff\xfe")):
		text, encoding = decodeUTF16(raw[2:], binary.LittleEndian), "UTF-16LE"
	case bytes.HasPrefix(raw, []byte("\xfe\xff")):
		text, encoding = decodeUTF16(raw[2:], binary.BigEndian), "UTF-16BE"
	default:
		if what, is := signature(raw); is {
			return "", "", geo.NewError(geo.Invalid,
				fmt.Sprintf("这不是 CSV 文本，而是%s：请打开后另存为 CSV（UTF-8）再导入。", what.Zh),
				fmt.Sprintf("this is not CSV text but %s: open it, save it as CSV (UTF-8) and import that", what.En))
		}
		if utf8.Valid(raw) {
			text, encoding = string(raw), "UTF-8"
			break
		}
		decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
		if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
			return "", "", notText(raw, "UTF-8 / GB18030")
		}
		text, encoding = string(decoded), "GB18030"
	}
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	return text, encoding, nil
}

// notText is the error for bytes of no known encoding.
func notText(raw []byte, tried string) error {
	line := 1
	for len(raw) > 0 {
		r, n := utf8.DecodeRune(raw)
		if r == utf8.RuneError && n == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		raw = raw[n:]
	}
	return geo.NewError(geo.Invalid,
		fmt.Sprintf("文件的文字编码无法识别（试过 %s，自第 %d 行起不合）：请另存为 UTF-8 编码的 CSV。", tried, line),
		fmt.Sprintf("the file's text encoding is not known (tried %s; line %d does not fit): save it as CSV in UTF-8", tried, line))
}

// signature names a file that is no text by its first bytes, or by a zero
// byte, which no text holds.
func signature(raw []byte) (geo.Text, bool) {
	for _, s := range []struct {
		magic string
		name  geo.Text
	}{
		{"PK\x03\x04", geo.Text{Zh: " ZIP 或 Excel（xlsx）文件", En: "a ZIP or Excel (xlsx) file"}},
		{"PK\x05\x06", geo.Text{Zh: "空的 ZIP 文件", En: "an empty ZIP file"}},
		{"\xd0\xcf\x11\xe0", geo.Text{Zh: "旧版 Excel（xls）文件", En: "an old Excel (xls) file"}},
		{"%PDF", geo.Text{Zh: " PDF 文件", En: "a PDF file"}},
		{"\x1f\x8b", geo.Text{Zh: " gzip 压缩文件", En: "a gzip file"}},
		{"SQLite format 3", geo.Text{Zh: " SQLite 或 GeoPackage 数据库", En: "an SQLite or GeoPackage database"}},
		{"\x89PNG", geo.Text{Zh: "图片", En: "a picture"}},
		{"\xff\xd8\xff", geo.Text{Zh: "图片", En: "a picture"}},
		{"{\\rtf", geo.Text{Zh: " RTF 文档", En: "an RTF document"}},
	} {
		if bytes.HasPrefix(raw, []byte(s.magic)) {
			return s.name, true
		}
	}
	if bytes.IndexByte(raw, 0) >= 0 {
		return geo.Text{Zh: "二进制文件", En: "a binary file"}, true
	}
	return geo.Text{}, false
}

func decodeUTF16(raw []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = order.Uint16(raw[2*i:])
	}
	return string(utf16.Decode(units))
}

// delimiter guesses what parts the cells: of comma, semicolon and tab the one
// that stands most often outside quotes in the first line where any does.
// Titles above the header may be lines without.
func delimiter(text string) rune {
	counts := map[rune]int{}
	quoted := false
	for _, r := range strings.TrimLeft(text, "\r\n") {
		if r == '"' {
			quoted = !quoted
		}
		if r == '\n' && !quoted && len(counts) > 0 {
			break
		}
		if !quoted && (r == ',' || r == ';' || r == '\t') {
			counts[r]++
		}
	}
	best := ','
	for _, r := range []rune{'\t', ';'} {
		if counts[r] > counts[best] {
			best = r
		}
	}
	return best
}

func delimiterName(r rune) string {
	switch r {
	case '\t':
		return "tab"
	case ';':
		return "semicolon"
	}
	return "comma"
}

// clean makes a cell fit to be kept and shown: control characters, marks that
// turn the direction of text or take no room, and broken UTF-8 are dropped,
// every run of white space becomes one space, and what exceeds max characters
// is cut. It reports whether it cut.
func clean(s string, max int) (string, bool) {
	var b strings.Builder
	space, count := false, 0
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r):
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
			count++
		}
		if count >= max {
			return strings.TrimRight(b.String(), " "), true
		}
		b.WriteRune(r)
		count++
	}
	return b.String(), false
}

// narrow folds full-width letters, digits and punctuation to half width and
// lowers the case: the form in which words are compared.
func narrow(s string) string { return strings.ToLower(width.Fold.String(s)) }
