package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// measure runs the benchmarks of the rows, one package after another so that
// none is in the way of the next, and lets the lines of go test through to
// the standard error as they come. What fails is in the error; the rest was
// measured all the same.
func measure(ctx context.Context, rows []row) (figures, error) {
	all := figures{}
	var errs []error
	for _, run := range runs(rows) {
		var out bytes.Buffer
		cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", run.bench, "-benchtime", "1s", "-benchmem", "-timeout", "5m", "./"+run.pkg)
		cmd.Stdout, cmd.Stderr = io.MultiWriter(&out, os.Stderr), os.Stderr
		runErr := cmd.Run()
		found, failed, err := parse(&out)
		switch {
		case ctx.Err() != nil:
			return all, ctx.Err()
		case runErr != nil:
			errs = append(errs, fmt.Errorf("the benchmarks of %s: %w", run.pkg, runErr))
		case err != nil:
			errs = append(errs, err)
		case failed:
			errs = append(errs, fmt.Errorf("a benchmark of %s failed", run.pkg))
		}
		maps.Copy(all, found)
	}
	return all, errors.Join(errs...)
}

// serving stands in place of a package for what is measured of the server.
const serving = "serve"

// testRun is one call of go test.
type testRun struct{ pkg, bench string }

// runs gathers the benchmarks of the rows by package, in the order of rows.
func runs(rows []row) []testRun {
	var order []string
	tops := map[string][]string{}
	for i := range rows {
		pkg, name, _ := strings.Cut(rows[i].bench, " ")
		if pkg == serving {
			continue
		}
		top, _, _ := strings.Cut(name, "/")
		if tops[pkg] == nil {
			order = append(order, pkg)
		}
		if !slices.Contains(tops[pkg], top) {
			tops[pkg] = append(tops[pkg], top)
		}
	}
	out := make([]testRun, len(order))
	for i, pkg := range order {
		out[i] = testRun{pkg, "^Benchmark(" + strings.Join(tops[pkg], "|") + ")$"}
	}
	return out
}
