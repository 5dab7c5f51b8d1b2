package main

import (
	"bufio"
	"io"
	"strconv"
	"strings"
)

// figures are the metrics of the benchmarks of a run: by package without the
// module's name and benchmark, as in "geo/cch Query/vancouver", then by unit
// as the benchmark gives it. Times given as any of ns, us, µs, ms and s stand
// in seconds, with the unit cut off: "p50-ms" is "p50", "ns/op" is "time".
type figures map[string]map[string]float64

// seconds is how long the units of time are.
func seconds(unit string) (float64, bool) {
	switch unit {
	case "ns":
		return 1e-9, true
	case "us", "µs", "μs":
		return 1e-6, true
	case "ms":
		return 1e-3, true
	case "s":
		return 1, true
	}
	return 0, false
}

// parse reads what go test -bench prints. failed is true where it says that
// a benchmark or a package failed. Of a benchmark run several times the last
// counts.
func parse(r io.Reader) (found figures, failed bool, err error) {
	found = figures{}
	pkg := ""
	in := bufio.NewScanner(r)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		line := in.Text()
		if name, ok := strings.CutPrefix(line, "pkg: "); ok {
			_, pkg, _ = strings.Cut(strings.TrimSpace(name), "/")
			continue
		}
		if strings.HasPrefix(line, "FAIL") || strings.HasPrefix(strings.TrimSpace(line), "--- FAIL") || strings.HasPrefix(line, "panic:") {
			failed = true
			continue
		}
		name, metrics, ok := parseLine(line)
		if ok {
			found[pkg+" "+name] = metrics
		}
	}
	return found, failed, in.Err()
}

// parseLine reads "BenchmarkQuery/foot-2  5000  17000 ns/op  16.5 p50-µs".
func parseLine(line string) (name string, metrics map[string]float64, ok bool) {
	line, ok = strings.CutPrefix(line, "Benchmark")
	words := strings.Fields(line)
	if !ok || len(words) < 4 {
		return "", nil, false
	}
	if _, err := strconv.Atoi(words[1]); err != nil {
		return "", nil, false
	}
	name = words[0]
	// The number of processors, where it is not one.
	if i := strings.LastIndexByte(name, '-'); i > 0 {
		if _, err := strconv.Atoi(name[i+1:]); err == nil {
			name = name[:i]
		}
	}
	metrics = map[string]float64{}
	for i := 2; i+1 < len(words); i += 2 {
		v, err := strconv.ParseFloat(words[i], 64)
		if err != nil {
			return "", nil, false
		}
		unit := words[i+1]
		if unit == "ns/op" {
			unit, v = "time", v*1e-9
		} else if cut := strings.LastIndexByte(unit, '-'); cut > 0 {
			if each, ok := seconds(unit[cut+1:]); ok {
				unit, v = unit[:cut], v*each
			}
		}
		metrics[unit] = v
	}
	return name, metrics, true
}
