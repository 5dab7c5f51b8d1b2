// Command yizhan serves a map for delivery riders and the communities that
// host them, and brings data into it. Run "yizhan --help" for the manual.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	_ "time/tzdata" // a container may have no time zones of its own

	"github.com/alecthomas/kong"

	"yizhan/geo"
)

// manual is the whole command line.
type manual struct {
	Serve  serve            `cmd:"" help:"Serve the map. Without a data folder: a built-in, invented demo district."`
	Import imports          `cmd:"" help:"Bring data into a data folder."`
	Export exports          `cmd:"" help:"Write places, compounds, buildings or streets into files for other programs."`
	Synth  synth            `cmd:"" help:"Write an invented district of any size into a data folder."`
	Lang   string           `help:"Language of reports and errors: zh or en. Default: the terminal's." enum:"zh,en," default:"" env:"YIZHAN_LANG"`
	Quiet  bool             `short:"q" help:"No progress line."`
	Ver    kong.VersionFlag `name:"version" help:"Print the version and exit."`
}

// imports holds one verb a format.
type imports struct {
	OSM importOSM `cmd:"" name:"osm" help:"Streets, compounds, gates, chargers, stops and the base map from an OpenStreetMap extract (.osm.pbf)."`
	CSV importCSV `cmd:"" name:"csv" help:"Places from a spreadsheet saved as CSV."`
}

// terminal is where a verb reads its language from and writes to.
type terminal struct {
	Out, Err io.Writer
	Lang     geo.Lang
	Quiet    bool
	Getenv   func(string) string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}

// run carries out one command line and returns the exit code: 0 done, 1 the
// work failed, 2 the command line could not be read.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	term := &terminal{Out: stdout, Err: stderr, Lang: languageOf(getenv), Getenv: getenv}
	var m manual
	exit := -1
	parser, err := kong.New(&m,
		kong.Name("yizhan"),
		kong.Description("A map server for delivery riders: the nearest open station, the gate that lets you in, the way to the door."),
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { exit = code }),
		kong.Vars{"version": version()},
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(term),
		kong.UsageOnError(),
	)
	if err != nil {
		panic(err) // the struct above is wrong: nothing a user could mend
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 { // --help and --version have answered
		return exit
	}
	if err != nil {
		fmt.Fprintf(stderr, "yizhan: %v\n", err)
		return 2
	}
	if m.Lang != "" {
		term.Lang = geo.Lang(m.Lang)
	}
	term.Quiet = m.Quiet
	if err := parsed.Run(); err != nil {
		if ctx.Err() != nil {
			err = geo.NewError(geo.Unavailable, "已中断，没有写入任何内容。", "interrupted: nothing was written")
		}
		fmt.Fprintf(stderr, "yizhan: %s\n", oneLine(err, term.Lang))
		return 1
	}
	return 0
}

// oneLine says an error in the user's language. The cause follows in
// parentheses where the message does not hold it: at a terminal the user is
// the operator, who may need it.
func oneLine(err error, lang geo.Lang) string {
	var known *geo.Error
	if !errors.As(err, &known) {
		return err.Error()
	}
	text := known.Message.In(lang)
	if known.Err != nil {
		text += " (" + known.Err.Error() + ")"
	}
	return strings.ReplaceAll(text, "\n", " ")
}

// languageOf reads the terminal's language as other programs do.
func languageOf(getenv func(string) string) geo.Lang {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := getenv(name); value != "" {
			if strings.HasPrefix(value, "zh") {
				return geo.Chinese
			}
			return geo.English
		}
	}
	return geo.English
}

func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "yizhan (development build)"
	}
	return "yizhan " + info.Main.Version
}
