package main

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// row is a line of the table.
type row struct {
	// name says what is measured.
	name string
	// bench names the benchmark, as figures do, metric what of it is shown, as
	// parse names it, several joined by | where the first there counts.
	bench, metric string
	// unit is what is shown behind the figure, per how many of the metric's
	// make one of it.
	unit string
	per  float64
	// most and least bound the figure in unit, 0 where there is no such bound.
	most, least float64
	// none says that the figure has to be 0.
	none bool
	// than names a row above that the figure is compared with. times is how
	// many times this figure the other must be at the least; below 1, this may
	// be so much larger.
	than  string
	times float64
	// of is a metric of the same benchmark, in the unit of metric, that no
	// figure can be above; share is how much of it there must be at the least.
	of    string
	share float64
}

// value looks up the figure of a row in its unit.
func (r *row) value(found figures) (float64, bool) {
	for metric := range strings.SplitSeq(r.metric, "|") {
		if v, ok := found[r.bench][metric]; ok {
			return v / r.per, true
		}
	}
	return 0, false
}

// target says what the row must be.
func (r *row) target() string {
	var all []string
	switch {
	case r.none:
		all = append(all, "0")
	case r.most > 0:
		all = append(all, "≤ "+number(r.most)+" "+r.unit)
	case r.least > 0:
		all = append(all, "≥ "+number(r.least)+" "+r.unit)
	}
	switch {
	case r.times >= 1:
		all = append(all, number(r.times)+"× faster")
	case r.times > 0:
		all = append(all, "≤ "+number(1/r.times)+"×")
	}
	if r.share > 0 {
		all = append(all, "≥ "+number(r.share)+" of the ceiling")
	}
	return strings.Join(all, ", ")
}

// report prints the table, and returns whether it has a figure in every row.
func report(out io.Writer, rows []row, found figures) bool {
	lines := [][]string{{"", "measured", "", "target", "", "compared in this run"}}
	whole, short := true, 0
	values := map[string]float64{}
	for i := range rows {
		r := &rows[i]
		v, ok := r.value(found)
		if !ok {
			whole = false
			lines = append(lines, []string{r.name, "—", "", r.target(), "MISSING", r.bench})
			continue
		}
		values[r.name] = v
		good := !(r.none && v > 0 || r.most > 0 && v > r.most || r.least > 0 && v < r.least)
		beside := ""
		if other, ok := values[r.than]; ok && v > 0 {
			ratio := other / v
			beside = number(ratio) + "× faster than " + r.than
			if ratio < 1 {
				beside = number(1/ratio) + "× " + r.than
			}
			good = good && ratio >= r.times
		} else if r.times > 0 {
			good = false
		}
		if top := found[r.bench][r.of] / r.per; r.of != "" {
			beside = number(v/top) + " of " + number(top) + " " + r.unit
			if stolen := found[r.bench]["stolen"]; stolen > quiet {
				beside += ", the host took " + number(stolen*100) + " % of the processors"
			}
			good = good && v >= r.share*top
		}
		verdict := ""
		switch {
		case r.target() == "":
		case good:
			verdict = "ok"
		default:
			verdict = "SHORT"
			short++
		}
		lines = append(lines, []string{r.name, number(v), r.unit, r.target(), verdict, beside})
	}
	align(out, lines)
	switch {
	case !whole:
		fmt.Fprintln(out, "\nFigures are missing: a benchmark was renamed or skipped. Rows and benchmarks are in cmd/bench/rows.go.")
	case short > 0:
		fmt.Fprintf(out, "\n%d short of the target. Times mean little on a busy machine; the comparisons hold.\n", short)
	}
	return whole
}

// number writes a figure with three digits, or all before the point.
func number(v float64) string {
	if v == 0 || v >= 100 || v <= -100 {
		return strconv.FormatFloat(math.Round(v), 'f', -1, 64)
	}
	digits := 2 - int(math.Floor(math.Log10(math.Abs(v))))
	s := strconv.FormatFloat(v, 'f', digits, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// align prints lines in columns, the second flush right.
func align(out io.Writer, lines [][]string) {
	var width [6]int
	for _, cells := range lines {
		for i, c := range cells {
			width[i] = max(width[i], utf8.RuneCountInString(c))
		}
	}
	for _, cells := range lines {
		var b strings.Builder
		for i, c := range cells {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(c))
			if i == 1 {
				b.WriteString(pad + c + " ")
			} else {
				b.WriteString(c + pad + "  ")
			}
		}
		fmt.Fprintln(out, strings.TrimRight(b.String(), " "))
	}
}
