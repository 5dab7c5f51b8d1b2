// Command bench measures what yizhan promises and prints each figure beside
// its target:
//
//	go run ./cmd/bench                            speed and memory: Go benchmarks, and the server under load
//	go run ./cmd/bench serve [SCENARIO...]        the server under load alone, or some of it such as 1M/nearest
//	go run ./cmd/bench rebuild                    questions while a million places are read anew
//	go run ./cmd/bench soak [DURATION]            half the peak for long, while places change
//	go run ./cmd/bench scale EXTRACT [COPIES]     an import of many copies of a city
//
// make bench and make scale run it. The figures come from benchmarks that
// stand in the rooms themselves; rows.go says which. Speed that other work on
// the machine could spoil is given as a ratio to another row of the same run.
package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"strconv"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ok, err := run(ctx, os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
	}
	if err != nil || !ok {
		os.Exit(1)
	}
}

// run carries out one command line; ok is false where a figure is missing. A
// target that is missed is shown and is no failure: the machine may be busy.
func run(ctx context.Context, args []string) (ok bool, err error) {
	switch {
	case len(args) == 0:
		return all(ctx, append(rows(), servedRows()...))
	case len(args) == 1 && args[0] == "serve":
		return all(ctx, servedRows())
	case len(args) > 1 && args[0] == "serve":
		w, err := openWorkshop(ctx)
		if err != nil {
			return false, err
		}
		_, err = served(ctx, w, args[1:])
		return err == nil, err
	case len(args) == 1 && args[0] == "rebuild":
		w, err := openWorkshop(ctx)
		if err != nil {
			return false, err
		}
		found, err := rebuildFigures(ctx, w)
		return err == nil && report(os.Stdout, rebuildRows(), found), err
	case len(args) == 2 && args[0] == "ceiling": // what this program starts itself
		return true, ceiling(args[1])
	case args[0] == "soak" && len(args) <= 2:
		d := 10 * time.Minute
		if len(args) == 2 {
			if d, err = time.ParseDuration(args[1]); err != nil || d <= 0 {
				return false, fmt.Errorf("DURATION is %q, which is no time such as 10m", args[1])
			}
		}
		return soak(ctx, os.Stdout, d)
	case args[0] == "scale" && (len(args) == 2 || len(args) == 3):
		copies := 20
		if len(args) == 3 {
			if copies, err = strconv.Atoi(args[2]); err != nil || copies < 1 || copies > maxCopies {
				return false, fmt.Errorf("COPIES is %q, which is no number from 1 to %d", args[2], maxCopies)
			}
		}
		return scale(ctx, args[1], copies)
	}
	return false, fmt.Errorf("usage: bench [serve [SCENARIO...] | rebuild] | bench soak [DURATION] | bench scale EXTRACT.osm.pbf [COPIES]")
}

// all measures rows and prints them.
func all(ctx context.Context, rows []row) (ok bool, err error) {
	found, err := measure(ctx, rows)
	if ctx.Err() == nil {
		w, openErr := openWorkshop(ctx)
		if openErr == nil {
			var more figures
			more, openErr = served(ctx, w, nil)
			maps.Copy(found, more)
		}
		err = errors.Join(err, openErr)
	}
	if ctx.Err() != nil {
		return false, err
	}
	return report(os.Stdout, rows, found), err
}
