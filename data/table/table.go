// Package table reads places from spreadsheets as people keep them: CSV in
// UTF-8, UTF-16 or GB18030, with Chinese or English headers, coordinates in
// any datum and opening hours in Chinese. What it cannot read it keeps as text
// and lists in a Report, row by row; it never guesses a position.
package table

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"yizhan/geo"
	"yizhan/geo/datum"
)

// Options say how a table is to be read.
type Options struct {
	// Kind of the places that no column gives one, geo.KindStation where it is
	// "": the report says then that nobody chose it.
	Kind geo.Kind
	// Datum of the coordinates. Where it is "" a header such as lat_gcj02
	// decides, else the name of the file, else they are WGS-84.
	Datum datum.Datum
	// File is the name of the file, in which the datum may stand:
	// stations.gcj02.csv.
	File string
	// Name of the feed: the places' Source.Feed is "table:NAME". Characters
	// that an ID may not hold are replaced.
	Name string
	// Columns gives the header of a field where the guess would be wrong or
	// finds none: {"name": "点位"}. The fields are those of Fields, or their
	// Chinese names; a header "-" keeps a field from being guessed.
	Columns map[string]string
	// HeaderRow is the row of the headers, from 1; where it is 0, the row
	// among the first ten that names the most fields.
	HeaderRow int
	// Time is when the table was read, for Source.Time.
	Time time.Time
	// MaxBytes bounds the file, MaxRows the rows; where 0, 256 MiB and a
	// million.
	MaxBytes int64
	MaxRows  int
}

// The bounds where Options set none, and those that cannot be raised.
const (
	defaultMaxBytes = 256 << 20
	defaultMaxRows  = 1_000_000
	maxColumns      = 256
)

// Result is what a table holds. Places keep the order of the rows.
type Result struct {
	Places []geo.Place
	Report Report
	// Feed is the Source.Feed of the places.
	Feed string

	claims []claim
	unsaid map[int]bool // rows whose kind is the default
}

// ReadCSV reads a table of places. The error, if any, is a *geo.Error that
// names the cause and the line: not text, a broken quote, no column for a
// name, too large. Anything wrong with a single row is in the Report instead.
func ReadCSV(ctx context.Context, r io.Reader, opt Options) (*Result, error) {
	chosen := opt.Kind != ""
	if !chosen {
		opt.Kind = geo.KindStation
	}
	if opt.MaxBytes <= 0 {
		opt.MaxBytes = defaultMaxBytes
	}
	if opt.MaxRows <= 0 {
		opt.MaxRows = defaultMaxRows
	}
	text, encoding, err := readText(r, opt.MaxBytes)
	if err != nil {
		return nil, err
	}
	comma := delimiter(text)
	rows := csv.NewReader(strings.NewReader(text))
	rows.Comma = comma
	rows.FieldsPerRecord = -1
	rows.ReuseRecord = true

	sheet := &sheet{rows: rows}
	head, err := findHeader(sheet, opt)
	if err != nil {
		return nil, err
	}
	if n := len(head.cells); n > maxColumns {
		return nil, geo.NewError(geo.TooLarge,
			fmt.Sprintf("表格有 %d 列，最多 %d 列：请删去不用的列。", n, maxColumns),
			fmt.Sprintf("the table has %d columns, %d at most: remove those not needed", n, maxColumns))
	}
	columns, err := guessColumns(head.cells, opt)
	if err != nil {
		return nil, err
	}
	rd := newReader(opt, columns, head)
	rd.chosen = chosen
	rd.report.Encoding, rd.report.Delimiter = encoding, delimiterName(comma)
	if err := rd.readRows(ctx, sheet); err != nil {
		return nil, err
	}
	rd.finish()
	result := &Result{Places: rd.places, Report: rd.report, Feed: rd.feed, claims: rd.claims, unsaid: rd.unsaid}
	result.alike(result.claims)
	result.countKinds()
	return result, nil
}

// readRows reads all rows below the header.
func (rd *reader) readRows(ctx context.Context, s *sheet) error {
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		row, err := s.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if rd.report.Rows >= rd.opt.MaxRows {
			return geo.NewError(geo.TooLarge,
				fmt.Sprintf("表格超过 %d 行：请拆成几个文件分别导入。", rd.opt.MaxRows),
				fmt.Sprintf("the table has more than %d rows: split it and import the parts under names of their own", rd.opt.MaxRows))
		}
		rd.read(row.number, row.cells)
	}
}

// csvError says in one line where the table's quoting is broken.
func csvError(err error) error {
	if errors.Is(err, io.EOF) {
		return geo.NewError(geo.Invalid, "文件是空的：请检查是否选对了文件。", "the file is empty: check that it is the right one")
	}
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return geo.NewError(geo.Invalid, "表格无法读取。", "the table cannot be read").Because(err)
	}
	if errors.Is(p.Err, csv.ErrQuote) && p.StartLine != p.Line {
		return geo.NewError(geo.Invalid,
			fmt.Sprintf("第 %d 行的引号没有配对（读到第 %d 行仍未结束）：请补上右引号，单元格内的引号要写两次。", p.StartLine, p.Line),
			fmt.Sprintf("the quote opened in line %d is not closed by line %d: close it, and double a quote inside a cell", p.StartLine, p.Line))
	}
	return geo.NewError(geo.Invalid,
		fmt.Sprintf("第 %d 行第 %d 个字节处的引号有误：单元格内有引号时整格要加引号，格内的引号写两次。", p.Line, p.Column),
		fmt.Sprintf("misplaced quote in line %d, byte %d: quote the whole cell and double the quotes inside it", p.Line, p.Column))
}
