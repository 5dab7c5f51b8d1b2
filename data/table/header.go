package table

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"yizhan/geo"
)

// sheet hands out the rows of a table with the numbers that a spreadsheet
// shows: the first row is 1, empty lines count, the lines of one cell do not.
type sheet struct {
	rows  *csv.Reader
	extra int // lines inside cells so far
	// ahead are rows read in search of the header and not yet handed out.
	ahead []sheetRow
}

type sheetRow struct {
	number int
	cells  []string
}

// next returns the next row that is not an empty line; its cells are good
// until the next call. The error is io.EOF at the end.
func (s *sheet) next() (sheetRow, error) {
	if len(s.ahead) > 0 {
		row := s.ahead[0]
		s.ahead = s.ahead[1:]
		return row, nil
	}
	return s.read()
}

func (s *sheet) read() (sheetRow, error) {
	cells, err := s.rows.Read()
	if errors.Is(err, io.EOF) {
		return sheetRow{}, io.EOF
	}
	if err != nil {
		return sheetRow{}, csvError(err)
	}
	line, _ := s.rows.FieldPos(0)
	row := sheetRow{line - s.extra, cells}
	for i, cell := range cells {
		s.extra += strings.Count(cell, "\n")
		cells[i] = unguard(cell)
	}
	return row, nil
}

// headerSearch is how many rows from the top may be the header: a title and a
// few lines about who filled the table in stand above it.
const headerSearch = 10

// heading is the header of a table, of one row or two.
type heading struct {
	row, rows int
	cells     []headerCell
}

// headerCell is the header of one column: group is what stands above it in a
// header of two rows, "" elsewhere.
type headerCell struct{ group, text string }

// findHeader takes the header off the sheet: the row that Options.HeaderRow
// says, else of the first rows the one whose cells name the most fields, the
// first where none names any.
func findHeader(s *sheet, opt Options) (heading, error) {
	var top []sheetRow
	last := max(headerSearch, opt.HeaderRow)
	for len(top) == 0 || top[len(top)-1].number < last {
		row, err := s.read()
		if errors.Is(err, io.EOF) {
			break
		}
		// A row that cannot be read further down is not told before the
		// header is known to be missing.
		if err != nil {
			return heading{}, err
		}
		row.cells = slices.Clone(row.cells)
		top = append(top, row)
	}
	if len(top) == 0 {
		return heading{}, csvError(io.EOF)
	}
	at, best := 0, -1
	for i, row := range top {
		score := headerScore(row.cells, opt)
		if opt.HeaderRow == 0 && score > best && row.number <= headerSearch || row.number == opt.HeaderRow {
			at, best = i, score
		}
	}
	if opt.HeaderRow != 0 && top[at].number != opt.HeaderRow {
		return heading{}, geo.NewError(geo.Invalid,
			fmt.Sprintf("第 %d 行是空行或超出表格，不能作表头：请核对 --header-row。", opt.HeaderRow),
			fmt.Sprintf("row %d is empty or beyond the table and cannot be the header: check --header-row", opt.HeaderRow))
	}
	h := heading{row: top[at].number, rows: 1, cells: make([]headerCell, len(top[at].cells))}
	for i, cell := range top[at].cells {
		h.cells[i].text, _ = clean(cell, 100)
	}
	rest := top[at+1:]
	if len(rest) > 0 && h.second(rest[0].cells) {
		rest, h.rows = rest[1:], 2
	}
	s.ahead = rest
	return h, nil
}

// headerScore counts the fields that the cells of a row name; a header that
// Options.Columns asks for counts twice.
func headerScore(cells []string, opt Options) int {
	found, score := map[Field]bool{}, 0
	for _, cell := range cells {
		text, _ := clean(cell, 100)
		if text == "" {
			continue
		}
		for field, header := range opt.Columns {
			if strings.TrimSpace(header) == text {
				found[Field(field)] = true
				score++
			}
		}
		if f, ok := fieldOf(text); ok {
			found[f] = true
		}
	}
	return score + len(found)
}

// fieldOf reads a header by itself.
func fieldOf(header string) (Field, bool) {
	h := readHeader(header)
	for i := range fieldTable {
		if _, ok := fieldTable[i].fits(h); ok {
			return fieldTable[i].field, true
		}
	}
	return "", false
}

// second adds the second row of a header, where the row is one: all that
// stands in it stands under cells that were merged, the first of which is
// filled and the others are empty, and something in it names a field, a
// facility, or days under the hours.
func (h *heading) second(row []string) bool {
	cells := slices.Clone(h.cells)
	named, group := false, -1
	for i := range cells {
		if h.cells[i].text != "" {
			group = i
		}
		sub := ""
		if i < len(row) {
			sub, _ = clean(row[i], 100)
		}
		if sub == "" {
			continue
		}
		merged := group >= 0 && (group < i || i+1 < len(cells) && h.cells[i+1].text == "")
		if !merged {
			return false
		}
		_, field := fieldOf(sub)
		_, facility := facilityOf(readHeader(sub).plain)
		above, _ := fieldOf(h.cells[group].text)
		named = named || field || facility || above == FieldHours && namesDays(sub)
		cells[i] = headerCell{h.cells[group].text, sub}
	}
	for _, cell := range row[min(len(row), len(cells)):] {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	if named {
		h.cells = cells
	}
	return named
}
