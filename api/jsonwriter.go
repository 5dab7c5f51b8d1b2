package api

import (
	"math"
	"strconv"
	"time"

	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/datum"
)

// jsonWriter appends JSON to a buffer. Answers of many features are written
// with it instead of encoding/json, which would take most of a request's time.
// It places commas by looking at the last byte written. Coordinates are
// converted to the datum of the answer.
type jsonWriter struct {
	b     []byte
	datum datum.Datum
	// coarse writes positions to 6 decimals, about 10 cm, instead of 7.
	coarse bool
}

// key begins a member of an object.
func (w *jsonWriter) key(name string) {
	w.comma()
	w.b = append(w.b, '"')
	w.b = append(w.b, name...) // our own names need no escapes
	w.b = append(w.b, '"', ':')
}

// comma separates from what stands before, unless nothing does or it is
// separated already.
func (w *jsonWriter) comma() {
	if n := len(w.b); n > 0 && w.b[n-1] != '{' && w.b[n-1] != '[' && w.b[n-1] != ':' && w.b[n-1] != ',' {
		w.b = append(w.b, ',')
	}
}

func (w *jsonWriter) raw(s string) { w.b = append(w.b, s...) }

// text writes a string member; maybe leaves it out where it is empty.
func (w *jsonWriter) text(name, value string) {
	w.key(name)
	w.str(value)
}

func (w *jsonWriter) maybe(name, value string) {
	if value != "" {
		w.text(name, value)
	}
}

// both writes a Text.
func (w *jsonWriter) both(name string, t geo.Text) {
	w.key(name)
	w.raw(`{"zh":`)
	w.str(t.Zh)
	w.raw(`,"en":`)
	w.str(t.En)
	w.raw(`}`)
}

func (w *jsonWriter) boolean(name string, v bool) {
	w.key(name)
	w.b = strconv.AppendBool(w.b, v)
}

func (w *jsonWriter) integer(name string, v int) {
	w.key(name)
	w.b = strconv.AppendInt(w.b, int64(v), 10)
}

// tenths writes a number of metres or seconds, rounded to a tenth. What is not
// a finite number, which no answer should hold, becomes 0.
func (w *jsonWriter) tenths(name string, v float64) {
	w.key(name)
	w.decimal(v, 1)
}

// instant writes a time.
func (w *jsonWriter) instant(name string, t time.Time) {
	w.key(name)
	w.b = append(w.b, '"')
	w.b = t.AppendFormat(w.b, time.RFC3339)
	w.b = append(w.b, '"')
}

// ref writes a reference to another thing.
func (w *jsonWriter) ref(id, name string) {
	w.raw(`{"id":`)
	w.str(id)
	w.raw(`,"name":`)
	w.str(name)
	w.raw(`}`)
}

// list writes an array of strings.
func (w *jsonWriter) list(name string, values []string) {
	w.key(name)
	w.raw(`[`)
	for _, v := range values {
		w.comma()
		w.str(v)
	}
	w.raw(`]`)
}

// dict writes an object of strings, its keys in order.
func (w *jsonWriter) dict(name string, values map[string]string) {
	w.key(name)
	w.raw(`{`)
	for _, k := range sortedKeys(values) {
		w.comma()
		w.str(k)
		w.raw(`:`)
		w.str(values[k])
	}
	w.raw(`}`)
}

// position writes a point, converted to the datum of the answer.
func (w *jsonWriter) position(p orb.Point) {
	p = w.datum.FromWGS84(p)
	digits := 7
	if w.coarse {
		digits = 6
	}
	w.raw(`[`)
	w.decimal(p[0], digits)
	w.raw(`,`)
	w.decimal(p[1], digits)
	w.raw(`]`)
}

func (w *jsonWriter) positions(line []orb.Point) {
	w.raw(`[`)
	for i, p := range line {
		if i > 0 {
			w.raw(`,`)
		}
		w.position(p)
	}
	w.raw(`]`)
}

func (w *jsonWriter) polygon(p orb.Polygon) {
	w.raw(`[`)
	for i, ring := range p {
		if i > 0 {
			w.raw(`,`)
		}
		w.positions(ring)
	}
	w.raw(`]`)
}

// decimal writes a number with at most the given decimals, up to 7, without
// trailing zeros. It gives what strconv gives, at a fraction of its time: a
// route is thousands of numbers.
func (w *jsonWriter) decimal(v float64, decimals int) {
	scale := [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7}[decimals]
	scaled := math.Abs(v) * scale
	whole := math.Floor(scaled)
	rest := scaled - whole
	// Beyond, the product is too coarse to see which way to round; so is a
	// rest near one half. NaN lands here too.
	if !(scaled < 1<<46) || math.Abs(rest-0.5) < 1e-2 {
		w.slowDecimal(v, decimals)
		return
	}
	n := uint64(whole)
	if rest > 0.5 {
		n++
	}
	if n == 0 {
		w.b = append(w.b, '0')
		return
	}
	if v < 0 {
		w.b = append(w.b, '-')
	}
	for decimals > 0 && n%10 == 0 {
		n /= 10
		decimals--
	}
	var digits [20]byte
	at := len(digits)
	for i := 0; n > 0 || i <= decimals; i++ {
		if i == decimals && i > 0 {
			at--
			digits[at] = '.'
		}
		at--
		digits[at] = byte('0' + n%10)
		n /= 10
	}
	w.b = append(w.b, digits[at:]...)
}

// slowDecimal writes what decimal leaves to strconv.
func (w *jsonWriter) slowDecimal(v float64, decimals int) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		v = 0
	}
	start := len(w.b)
	w.b = strconv.AppendFloat(w.b, v, 'f', decimals, 64)
	if decimals > 0 {
		end := len(w.b)
		for w.b[end-1] == '0' {
			end--
		}
		if w.b[end-1] == '.' {
			end--
		}
		w.b = w.b[:end]
	}
	if string(w.b[start:]) == "-0" {
		w.b = append(w.b[:start], '0')
	}
}

// str writes a string, as places are rendered with it.
func (w *jsonWriter) str(s string) { w.b = atlas.AppendString(w.b, s) }
