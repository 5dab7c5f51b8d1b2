package gpkg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// To have SQLite take a million rows of forty columns apart takes most of the
// time of reading them. So the pages that they stand in are taken from it as
// they are, through its virtual table sqlite_dbpage, which is under the locks
// of the transaction and knows the write-ahead log, and taken apart here, as
// the description of its file format has it (https://sqlite.org/fileformat2.html,
// "B-tree Pages", "Record Format"). A row in which anything is out of the
// ordinary is asked for by SQL after all.

// tree is the table of the places as SQLite keeps it.
type tree struct {
	root     uint32
	pages    uint32 // in the file
	pageSize int
	// usable is how much of a page is used.
	usable int
	// columns says of each value of a record what it is: a column of ours,
	// isGeom, isFid or isOther.
	columns []int
}

const (
	isGeom  = -1
	isFid   = -2
	isOther = -3
)

// Kinds of page.
const (
	innerPage = 5
	leafPage  = 13
)

// findTree returns nil where the table is not of the common form, or the
// driver gives no pages away.
func findTree(ctx context.Context, conn *sql.Conn) (*tree, error) {
	t := &tree{}
	var encoding string
	err := conn.QueryRowContext(ctx, `SELECT (SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = 'places'), page_count, page_size, encoding
		FROM pragma_page_count, pragma_page_size, pragma_encoding`).Scan(&t.root, &t.pages, &t.pageSize, &encoding)
	if err != nil {
		return nil, err
	}
	rows, err := conn.QueryContext(ctx, "SELECT name, type, pk, hidden FROM pragma_table_xinfo('places') ORDER BY cid")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	index := make(map[string]int, numColumns)
	for i, c := range columns {
		index[c.name] = i
	}
	plain := encoding == "UTF-8"
	for rows.Next() {
		var name, decl string
		var key, hidden int
		if err := rows.Scan(&name, &decl, &key, &hidden); err != nil {
			return nil, err
		}
		is, ours := index[name]
		switch {
		case name == "fid":
			is = isFid
			plain = plain && key == 1 && strings.EqualFold(decl, "INTEGER")
		case name == "geom":
			is = isGeom
		case !ours:
			is = isOther
		}
		plain = plain && hidden == 0
		t.columns = append(t.columns, is)
	}
	if err := rows.Err(); err != nil || !plain {
		return nil, err
	}
	var head []byte
	if err := conn.QueryRowContext(ctx, "SELECT data FROM sqlite_dbpage WHERE pgno = 1").Scan(&head); err != nil || len(head) != t.pageSize {
		return nil, nil //nolint:nilerr // then SQL has to do
	}
	const reservedAt = 20
	t.usable = t.pageSize - int(head[reservedAt])
	return t, nil
}

// pager fetches pages on one connection.
type pager struct {
	tree *tree
	dc   any
	stmt driver.Stmt
	args [1]driver.NamedValue
	dest [1]driver.Value
}

func (t *tree) pager(ctx context.Context, dc any) (*pager, error) {
	p, ok := dc.(driver.ConnPrepareContext)
	if !ok {
		return nil, errors.New("gpkg: the driver cannot prepare")
	}
	stmt, err := p.PrepareContext(context.WithoutCancel(ctx), "SELECT data FROM sqlite_dbpage WHERE pgno = ?")
	if err != nil {
		return nil, err
	}
	return &pager{tree: t, dc: dc, stmt: stmt}, nil
}

func (p *pager) close() { _ = p.stmt.Close() }

// page returns a page, which is the caller's.
func (p *pager) page(no uint32) ([]byte, error) {
	q, ok := p.stmt.(driver.StmtQueryContext)
	if !ok {
		return nil, errors.New("gpkg: the driver cannot query")
	}
	p.args[0] = driver.NamedValue{Ordinal: 1, Value: int64(no)}
	rows, err := q.QueryContext(context.Background(), p.args[:])
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if err := rows.Next(p.dest[:]); err != nil {
		return nil, spoilt(no)
	}
	data, _ := p.dest[0].([]byte)
	if len(data) != p.tree.pageSize {
		return nil, spoilt(no)
	}
	return data, nil
}

// spoilt is the error of a page that makes no sense.
func spoilt(no uint32) error { return spoiltError(no) }

type spoiltError uint32

func (e spoiltError) Error() string { return fmt.Sprintf("page %d is damaged", uint32(e)) }

// cells returns the kind of a page and the places of its cells in it.
func (t *tree) cells(page []byte) (kind byte, count int, at func(i int) int) {
	const leafHead, innerHead = 8, 12
	kind, count = page[0], int(binary.BigEndian.Uint16(page[3:]))
	head := leafHead
	if kind == innerPage {
		head = innerHead
	}
	if head+2*count > t.usable {
		return 0, 0, nil
	}
	return kind, count, func(i int) int { return int(binary.BigEndian.Uint16(page[head+2*i:])) }
}

// leaves lists the pages that hold the rows.
func (t *tree) leaves(ctx context.Context, conn *sql.Conn) (leaves []uint32, err error) {
	err = conn.Raw(func(dc any) error {
		p, err := t.pager(ctx, dc)
		if err != nil {
			return err
		}
		defer p.close()
		leaves, err = t.walk(ctx, p)
		return err
	})
	return leaves, err
}

// walk goes down the tree level by level: all its leaves are equally deep.
func (t *tree) walk(ctx context.Context, p *pager) ([]uint32, error) {
	level := []uint32{t.root}
	for seen := uint32(0); ; {
		first, err := p.page(level[0])
		if err != nil {
			return nil, err
		}
		if first[0] == leafPage {
			return level, nil
		}
		var below []uint32
		for _, no := range level {
			if seen++; seen > t.pages { // a circle
				return nil, spoilt(no)
			}
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			page, err := p.page(no)
			if err != nil {
				return nil, err
			}
			kind, count, at := t.cells(page)
			if kind != innerPage {
				return nil, spoilt(no)
			}
			for i := range count {
				c := at(i)
				if c+4 > t.usable {
					return nil, spoilt(no)
				}
				below = append(below, binary.BigEndian.Uint32(page[c:]))
			}
			const rightmost = 8
			below = append(below, binary.BigEndian.Uint32(page[rightmost:]))
		}
		if len(below) > int(t.pages) {
			return nil, spoilt(t.root)
		}
		level = below
	}
}

// read takes the rows of some leaves.
func (t *tree) read(ctx context.Context, conn *sql.Conn, leaves []uint32, r *reader) error {
	return conn.Raw(func(dc any) error {
		p, err := t.pager(ctx, dc)
		if err != nil {
			return err
		}
		defer p.close()
		for _, no := range leaves {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err := t.leaf(ctx, p, no, r); err != nil {
				return err
			}
		}
		return nil
	})
}

// leaf takes the rows of one leaf.
func (t *tree) leaf(ctx context.Context, p *pager, no uint32, r *reader) error {
	page, err := p.page(no)
	if err != nil {
		return err
	}
	kind, count, at := t.cells(page)
	if kind != leafPage {
		return spoilt(no)
	}
	text := string(page) // what is made of it shares it
	for i := range count {
		from := at(i)
		if from >= t.usable {
			return spoilt(no)
		}
		size, n := uvarint(text[from:t.usable])
		id, m := uvarint(text[from+n : t.usable])
		if n == 0 || m == 0 {
			return spoilt(no)
		}
		fid := int64(id)
		payload, err := t.payload(p, text[from+n+m:t.usable], size)
		if err != nil {
			return err
		}
		if payload != "" && t.record(payload, r) {
			geom := r.cells.geom
			if err := r.made(fid, r.fillSplit(r.next(), geom, len(payload))); err != nil {
				return err
			}
			continue
		}
		if err := eachRowOf(ctx, p.dc, "WHERE fid = ?", []any{fid}, r.row); err != nil {
			return err
		}
	}
	return nil
}

// payload returns what a cell holds, of a size, whose beginning is local; ""
// where it is too long to be worth the trouble.
func (t *tree) payload(p *pager, local string, size uint64) (string, error) {
	if size > maxRow {
		return "", nil
	}
	n, most := int(size), t.usable-35
	if n <= most {
		if n > len(local) {
			return "", spoilt(t.root)
		}
		return local[:n], nil
	}
	least := (t.usable-12)*32/255 - 23
	keep := least + (n-least)%(t.usable-4)
	if keep > most {
		keep = least
	}
	if keep+4 > len(local) {
		return "", spoilt(t.root)
	}
	whole := make([]byte, 0, n)
	whole = append(whole, local[:keep]...)
	next := binary.BigEndian.Uint32([]byte(local[keep:]))
	for len(whole) < n {
		page, err := p.page(next)
		if err != nil {
			return "", err
		}
		next = binary.BigEndian.Uint32(page)
		whole = append(whole, page[4:4+min(t.usable-4, n-len(whole))]...)
	}
	return string(whole), nil
}

// record takes the values of a row; ok is false where SQL should.
func (t *tree) record(payload string, r *reader) (ok bool) {
	c := &r.cells
	c.err, c.geom = nil, nil
	c.cell = [numColumns]string{}
	head, n := uvarint(payload)
	if n == 0 || head < uint64(n) || head > uint64(len(payload)) {
		return false
	}
	types, values := payload[n:head], payload[head:]
	for _, is := range t.columns {
		kind, n := uvarint(types)
		if n == 0 {
			return false // a column that was added after the row
		}
		types = types[n:]
		size := sizeOf(kind)
		if size > len(values) {
			return false
		}
		value := values[:size]
		values = values[size:]
		switch {
		case is == isOther || is == isFid || kind == 0:
		case is == isGeom:
			if kind < 12 || kind%2 == 1 {
				return false
			}
			c.geom = append(c.blob[:0], value...)
			c.blob = c.geom
		case kind >= 13 && kind%2 == 1:
			if !clean(value) {
				return false
			}
			c.cell[is] = value
		case kind <= 6:
			c.cell[is] = strconv.FormatInt(integer(value), 10)
		case kind == 8:
			c.cell[is] = "0"
		case kind == 9:
			c.cell[is] = "1"
		default:
			return false
		}
	}
	return true
}

// clean says whether a text is as a text should be. Of any other, SQL and
// split know what to make.
func clean(s string) bool {
	ascii := true
	for i := range len(s) {
		if s[i] == 0 || s[i] == sep {
			return false
		}
		ascii = ascii && s[i] < utf8.RuneSelf
	}
	return ascii || utf8.ValidString(s)
}

// sizeOf is the length of a value by its serial type.
func sizeOf(kind uint64) int {
	switch {
	case kind >= 12:
		return int(min((kind-12)/2, maxRow+1))
	case kind >= 10:
		return maxRow + 1 // never in a file
	}
	return [...]int{0, 1, 2, 3, 4, 6, 8, 8, 0, 0}[kind]
}

// integer reads a big-endian number of up to eight bytes.
func integer(s string) int64 {
	v := int64(int8(s[0]))
	for i := 1; i < len(s); i++ {
		v = v<<8 | int64(s[i])
	}
	return v
}

// uvarint reads SQLite's number of one to nine bytes, whose high ones come
// first; n is 0 where there is none.
func uvarint(s string) (v uint64, n int) {
	for i := 0; i < len(s) && i < 8; i++ {
		v = v<<7 | uint64(s[i]&0x7f)
		if s[i] < 0x80 {
			return v, i + 1
		}
	}
	if len(s) < 9 {
		return 0, 0
	}
	return v<<8 | uint64(s[8]), 9
}
