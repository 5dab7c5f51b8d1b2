package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/static"
)

// serve answers HTTP until it is interrupted.
type serve struct {
	Data   string `help:"Data folder, as import leaves it. Without it: the demo district." type:"path" placeholder:"DIR" env:"YIZHAN_DATA"`
	Listen string `help:"Address to listen on." default:"127.0.0.1:8080" placeholder:"HOST:PORT" env:"YIZHAN_LISTEN"`
	Token  string `name:"token-file" help:"File with the token for changes of places and closures: 16 characters or more. Or the token itself in $$YIZHAN_TOKEN. Without one, nothing can be changed over HTTP." type:"path" placeholder:"FILE"`
	TZ     string `name:"tz" help:"Zone of opening hours and times." default:"Asia/Shanghai" placeholder:"ZONE" env:"YIZHAN_TZ"`
	Log    string `help:"Form of the log on standard error: text or json." enum:"text,json" default:"text"`
}

// Run serves. Where the data folder cannot be read, it says so and does not
// start: an empty map would look like an answer.
func (c *serve) Run(ctx context.Context, t *terminal) error {
	zone, err := zoneOf(c.TZ)
	if err != nil {
		return err
	}
	token, err := readToken(c.Token, t.Getenv)
	if err != nil {
		return err
	}
	spread(t.Getenv)
	lines := newLineBuffer(t.Err)
	defer lines.flush()
	log := c.logger(lines)
	ln, err := listen(ctx, c.Listen)
	if err != nil {
		return err
	}
	keeper := new(atlas.Keeper)
	editor := atlas.NewEditor(keeper, c.Data)
	editor.OnSettled(func() { settle(t.Getenv) })
	server, err := newServer(keeper, editor, c.Data, token, log)
	if err != nil {
		ln.Close()
		return err
	}
	follow, err := c.load(ctx, t, keeper, editor, zone, log)
	if err != nil {
		ln.Close()
		return err
	}
	settle(t.Getenv)
	ctx, cancel := context.WithCancel(ctx)
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		follow(ctx)
	}()
	c.announce(t, ln.Addr().String(), keeper.Current())
	err = server.Serve(ctx, ln)
	cancel()
	<-followed
	return err
}

// load reads the first Atlas and returns what keeps it current.
func (c *serve) load(ctx context.Context, t *terminal, keeper *atlas.Keeper, editor *atlas.Editor, zone *time.Location, log *slog.Logger) (func(context.Context), error) {
	if c.Data == "" {
		a, err := demoAtlas(ctx, zone, time.Now())
		if err != nil {
			return nil, err
		}
		keeper.Swap(a)
		return func(ctx context.Context) { renewDemo(ctx, keeper, editor, zone, log) }, nil
	}
	options := folderOptions(zone, log)
	options.Settled = func() { settle(t.Getenv) }
	a, err := atlas.Open(ctx, c.Data, options)
	if err != nil {
		return nil, err
	}
	keeper.Swap(a)
	return func(ctx context.Context) { atlas.Watch(ctx, keeper, c.Data, options) }, nil
}

// renewDemo makes the demo anew each midnight, so that its dated service never
// lies in the past.
func renewDemo(ctx context.Context, keeper *atlas.Keeper, editor *atlas.Editor, zone *time.Location, log *slog.Logger) {
	for {
		now := time.Now().In(zone)
		midnight := time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 1, 0, zone)
		select {
		case <-ctx.Done():
			return
		case <-time.After(midnight.Sub(now)):
		}
		a, err := demoAtlas(ctx, zone, time.Now())
		if err != nil {
			log.Error("the demo could not be renewed", "error", err)
			continue
		}
		keeper.Revise(func(before *atlas.Atlas) (*atlas.Atlas, error) { //nolint:errcheck // cannot fail
			return editor.Over(a.WithClosures(before.Closures()), before), nil
		})
	}
}

// announce says where the map is, and what it shows. The address stands on
// standard output alone, for programs that start this one.
func (c *serve) announce(t *terminal, addr string, a *atlas.Atlas) {
	fmt.Fprintf(t.Out, "http://%s\n", addr)
	say := func(zh, en string, args ...any) {
		fmt.Fprintf(t.Err, geo.Text{Zh: zh, En: en}.In(t.Lang)+"\n", args...)
	}
	if a.Demo {
		say("演示街区，全部虚构。换成自己的城市：yizhan import osm 文件.osm.pbf --data 文件夹",
			"The demo district: all invented. For your own city: yizhan import osm FILE.osm.pbf --data DIR")
	} else {
		say("%s：%d 个地点", "%s: %d places", c.Data, a.Places.Len(""))
	}
	if !static.Built() {
		say("页面尚未构建：请运行 make run（需要 Node）。接口可以照常使用。",
			"The page is not built: run make run, which needs Node. The interfaces work without it.")
	}
}

func (c *serve) logger(out io.Writer) *slog.Logger {
	return slog.New(newLineHandler(out, c.Log == "json"))
}

// zoneOf reads the name of a time zone. That of China is known without a zone
// database.
func zoneOf(name string) (*time.Location, error) {
	if name == "Asia/Shanghai" {
		return atlas.DefaultZone(), nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, geo.NewError(geo.Invalid,
			fmt.Sprintf("时区 %q 不认识，请写成 Asia/Shanghai、Europe/Helsinki 这样的名字。", name),
			fmt.Sprintf("unknown time zone %q: use a name such as Asia/Shanghai or Europe/Helsinki", name)).Because(err)
	}
	return zone, nil
}
