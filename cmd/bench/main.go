// Command bench measures what yizhan promises and prints each figure beside
// its target:
//
//	go run ./cmd/bench                            speed and memory, of the Go benchmarks
//	go run ./cmd/bench scale EXTRACT [COPIES]     an import of many copies of a city
//
// make bench and make scale run it. The figures come from benchmarks that
// stand in the rooms themselves; rows.go says which. Speed that other work on
// the machine could spoil is given as a ratio to another row of the same run.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strconv"
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
		found, err := measure(ctx, rows())
		if ctx.Err() != nil {
			return false, err
		}
		return report(os.Stdout, rows(), found), err
	case args[0] == "scale" && (len(args) == 2 || len(args) == 3):
		copies := 20
		if len(args) == 3 {
			if copies, err = strconv.Atoi(args[2]); err != nil || copies < 1 || copies > maxCopies {
				return false, fmt.Errorf("COPIES is %q, which is no number from 1 to %d", args[2], maxCopies)
			}
		}
		return scale(ctx, args[1], copies)
	}
	return false, fmt.Errorf("usage: bench | bench scale EXTRACT.osm.pbf [COPIES]")
}
