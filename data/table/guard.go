package table

import (
	"strings"
	"unicode/utf8"
)

// formula are the characters with which a cell begins that a spreadsheet may
// take for a formula, in full width too, as Chinese and Japanese ones do.
const formula = "=+-@＝＋－＠\t\r\n"

// Guard makes a text safe as a cell of a table that a spreadsheet will open:
// one that it could take for a formula gets an apostrophe in front. ReadCSV
// takes it off again. What begins with apostrophes and then as a formula does
// gets one more, so that no two texts become alike.
func Guard(s string) string {
	if guarded(s) {
		return "'" + s
	}
	return s
}

// unguard is the inverse of Guard.
func unguard(cell string) string {
	if strings.HasPrefix(cell, "'") && guarded(cell) {
		return cell[1:]
	}
	return cell
}

// guarded says whether a text, but for apostrophes and spaces at its beginning,
// begins as a formula does.
func guarded(s string) bool {
	s = strings.TrimLeft(s, "' \u00a0\u3000\u200b\ufeff")
	first, _ := utf8.DecodeRuneInString(s)
	return s != "" && strings.ContainsRune(formula, first)
}
