package table

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"
)

// identities gives every row an ID that stays the same when the same table is
// imported again: "table:FEED:KEY", where KEY is the row's own id, else the
// first ten hexadecimal digits of a hash of name and address. A row's own id
// that is an ID of the feed already, as an export gives it, stays what it is.
// Rows that would share an ID get ".2", ".3" … in the order of the file.
type identities struct {
	// first is the row that each ID was given to.
	first map[string]firstRow
}

type firstRow struct {
	row   int
	cells [16]byte // a digest of the row's cells
	next  int      // the number that the next repetition gets
}

// repetition says which earlier row has the same key, and whether it is the
// same in every cell; row is 0 where there is none.
type repetition struct {
	row  int
	same bool
}

func newIdentities() identities { return identities{first: map[string]firstRow{}} }

// next returns the ID of a row, not yet taken, "" where the row repeats the
// first of its key in every cell.
func (x *identities) next(feed, key, name, address string, record []string) (string, repetition) {
	base := feed + ":"
	switch own, ours := strings.CutPrefix(key, base); {
	case ours && own != "" && !strings.ContainsFunc(own, func(r rune) bool { return r != '~' && !slugRune(r) }):
		base = key
	case key != "":
		base += slug(key, "")
	default:
		base += hash(name + "\x00" + address)
	}
	first, taken := x.first[base]
	if !taken {
		return base, repetition{}
	}
	repeat := repetition{row: first.row, same: first.cells == digest(record)}
	if repeat.same {
		return "", repeat
	}
	for {
		id := fmt.Sprintf("%s.%d", base, first.next)
		first.next++
		if _, taken := x.first[id]; !taken {
			x.first[base] = first
			return id, repeat
		}
	}
}

// take gives an ID to a row.
func (x *identities) take(id string, row int, record []string) {
	x.first[id] = firstRow{row: row, cells: digest(record), next: 2}
}

func digest(record []string) [16]byte {
	sum := sha256.Sum256([]byte(strings.Join(record, "\x00")))
	return [16]byte(sum[:16])
}

// slug makes a text fit for an ID, which holds no comma, white space, slash or
// other sign: letters and digits of any script, hyphen, underscore and dot
// stay. Where anything else was replaced a short hash tells texts apart that
// became alike.
func slug(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	changed := false
	out := strings.Map(func(r rune) rune {
		if slugRune(r) {
			return r
		}
		changed = true
		return '-'
	}, s)
	if len(out) > 120 {
		out, changed = strings.ToValidUTF8(out[:100], ""), true
	}
	if changed {
		return strings.Trim(out, "-") + "~" + hash(s)[:6]
	}
	return out
}

func slugRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_' || r == '.'
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:5])
}
