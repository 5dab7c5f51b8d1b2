package tiles

import "slices"

// joinLines joins lines that meet end to end into longer ones, so that a
// street that is drawn in twenty pieces is one line to write its name along.
// Only ends where exactly two lines meet are joined. Where directed is true
// lines keep their direction; or else they may be turned round.
//
// The result depends on the order of lines and on nothing else. Lines have at
// least two points; the slices given may be part of the result.
func joinLines(lines [][]Point, directed bool) [][]Point {
	if len(lines) < 2 {
		return lines
	}
	meets := make(map[Point]junction, 2*len(lines))
	for i, l := range lines {
		for _, e := range [2]lineEnd{{i, false}, {i, true}} {
			at := e.of(l)
			j := meets[at]
			j.add(e)
			meets[at] = j
		}
	}
	used := make([]bool, len(lines))
	// walk follows the lines on from an end and returns the ends by which it
	// came to each.
	walk := func(e lineEnd) (path []lineEnd) {
		for {
			j := meets[e.of(lines[e.line])]
			next, ok := j.other(e)
			if !ok || used[next.line] || directed && next.tail == e.tail {
				return path
			}
			used[next.line] = true
			path = append(path, next)
			e = lineEnd{next.line, !next.tail}
		}
	}
	out := make([][]Point, 0, len(lines))
	for i, l := range lines {
		if used[i] {
			continue
		}
		used[i] = true
		after, before := walk(lineEnd{i, true}), walk(lineEnd{i, false})
		if len(after)+len(before) == 0 {
			out = append(out, l)
			continue
		}
		var joined []Point
		for _, e := range slices.Backward(before) {
			joined = appendLine(joined, lines[e.line], !e.tail)
		}
		joined = appendLine(joined, l, false)
		for _, e := range after {
			joined = appendLine(joined, lines[e.line], e.tail)
		}
		out = append(out, joined)
	}
	return out
}

// lineEnd is the first or the last point of a line.
type lineEnd struct {
	line int
	tail bool
}

func (e lineEnd) of(line []Point) Point {
	if e.tail {
		return line[len(line)-1]
	}
	return line[0]
}

// junction is the line ends at one point.
type junction struct {
	count int
	ends  [2]lineEnd
}

func (j *junction) add(e lineEnd) {
	if j.count < 2 {
		j.ends[j.count] = e
	}
	j.count++
}

// other returns the end that meets e, where there is one and no third.
func (j junction) other(e lineEnd) (lineEnd, bool) {
	switch {
	case j.count != 2:
		return lineEnd{}, false
	case j.ends[0] == e:
		return j.ends[1], true
	}
	return j.ends[0], true
}

// appendLine appends a line, turned round or not, without the point that it
// shares with the end of dst.
func appendLine(dst, line []Point, turned bool) []Point {
	start := len(dst)
	dst = append(dst, line...)
	if turned {
		slices.Reverse(dst[start:])
	}
	if start > 0 && dst[start] == dst[start-1] {
		dst = slices.Delete(dst, start, start+1)
	}
	return dst
}
