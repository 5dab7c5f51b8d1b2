package atlas

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"yizhan/data/store/gpkg"
	"yizhan/geo"
	"yizhan/geo/street"
)

// Words that an import may keep beside the places (store.Store.SetMeta) for the
// Atlas.
const (
	MetaNameZh      = "name_zh"
	MetaNameEn      = "name_en"
	MetaAttribution = "attribution"
	// MetaDemo is "true" where everything is invented.
	MetaDemo = "demo"
)

// osmAttribution is what the licence of OpenStreetMap asks to be shown.
const osmAttribution = "© OpenStreetMap contributors"

// Options say how to read a data folder.
type Options struct {
	// Zone is the zone of opening hours; nil is Asia/Shanghai.
	Zone *time.Location
	// OpenBase opens a base.pmtiles; nil leaves the base map out. What it
	// returns is not closed: it must let its file go when it is no longer
	// used.
	OpenBase func(path string) (BaseTiles, error)
	// Settled, if there is one, is called by Watch when it has made another
	// Atlas the current one, and the one before holds a lot of memory no more.
	Settled func()
	// Log is told of places that cannot be read and the like; nil is
	// slog.Default.
	Log *slog.Logger

	// Once says that hardly a place will be asked for twice: their features are
	// not kept ready.
	Once bool

	// sheetMemory is how many bytes of features are kept in memory, as many as
	// usual where it is 0. Tests set it.
	sheetMemory int
}

func (o *Options) log() *slog.Logger {
	if o.Log != nil {
		return o.Log
	}
	return slog.Default()
}

// Open reads a data folder. Places or streets alone are enough. Errors are
// *geo.Error: NotFound where there is nothing to read, Invalid where a file is
// damaged.
func Open(ctx context.Context, dir string, opt Options) (*Atlas, error) {
	a, _, err := open(ctx, At(dir), opt, runtime.GOMAXPROCS(0))
	return a, err
}

// open also returns the stamp of the files it read. It works on at most a
// number of processors.
func open(ctx context.Context, f Folder, opt Options, workers int) (*Atlas, stamp, error) {
	f.tidy()
	// Nobody keeps an import from committing while the files are read one
	// after another; but where no more than one file is another afterwards, the
	// files that were read have all been there at one moment.
	const tries = 10
	var spoilt error
	for range tries {
		before := f.steady()
		if before.empty() {
			return nil, before, geo.NewError(geo.NotFound,
				fmt.Sprintf("%s 里还没有数据：请先运行 yizhan import osm 文件.osm.pbf --data %s", f.dir, f.dir),
				fmt.Sprintf("there is no data in %s yet: run yizhan import osm FILE.osm.pbf --data %s first", f.dir, f.dir))
		}
		a, err := load(ctx, f, before, opt, workers)
		if ctx.Err() != nil {
			return nil, before, ctx.Err()
		}
		after := f.steady()
		if err != nil && (!after.same(before) || after.moved(before)) {
			spoilt = err
			continue
		}
		if err == nil && after.replaced(before) > 1 {
			continue
		}
		// Where a file was touched meanwhile, the stamp is that of before: the
		// folder is read again, but a folder that never rests is served too.
		if a != nil {
			a.files = before
		}
		return a, before, err
	}
	if spoilt != nil {
		return nil, stamp{}, spoilt
	}
	return nil, stamp{}, geo.NewError(geo.Unavailable,
		fmt.Sprintf("%s 里的文件一直在变化，请稍后再试。", f.dir),
		fmt.Sprintf("the files in %s keep changing: try again later", f.dir))
}

// found is a file as it was at one moment; its info is nil where there was
// none.
type found struct {
	path string
	info fs.FileInfo
}

// stamp is a folder's files at one moment: places, streets, base map, where
// other programs write first that have places.gpkg open in write-ahead mode,
// and the closures.
type stamp [5]found

// closuresAt is where the closures stand in a stamp.
const closuresAt = 4

func (f Folder) stamp() stamp {
	var s stamp
	for i, name := range fileNames() {
		s[i] = f.find(name)
	}
	s[3].path = f.join(PlacesFile + "-wal")
	s[3].info, _ = os.Stat(s[3].path)
	s[closuresAt] = f.find(ClosuresFile)
	return s
}

// find says where a file is to be read.
func (f Folder) find(name string) found {
	committed := f.join(committedDir, name)
	if info, err := os.Stat(committed); err == nil {
		return found{committed, info}
	}
	plain := f.join(name)
	info, _ := os.Stat(plain)
	return found{plain, info}
}

// steady returns a stamp whose files have all been there at one moment, unless
// they are replaced faster than they can be looked at.
func (f Folder) steady() stamp {
	s := f.stamp()
	for range 100 {
		again := f.stamp()
		if again.replaced(s) == 0 {
			return again
		}
		s = again
	}
	return s
}

// replaced counts the files of the folder itself that are others than in t. A
// file system gives the number of a removed file to the next one, so that the
// time is looked at too.
func (s stamp) replaced(t stamp) (n int) {
	for i := range len(fileNames()) {
		a, b := s[i].info, t[i].info
		if (a == nil) != (b == nil) || a != nil && (!os.SameFile(a, b) || !a.ModTime().Equal(b.ModTime())) {
			n++
		}
	}
	return n
}

// gone lists the files that are not there any more.
func (s stamp) gone(before stamp) (names []string) {
	for i, name := range fileNames() {
		if s[i].info == nil && before[i].info != nil {
			names = append(names, name)
		}
	}
	return names
}

func (s stamp) empty() bool { return s[0].info == nil && s[1].info == nil }

// same says whether both are of the same files with the same content.
func (s stamp) same(t stamp) bool { return s.sameData(t) && s[closuresAt].same(t[closuresAt]) }

// sameData is same for all but the closures.
func (s stamp) sameData(t stamp) bool {
	for i := range closuresAt {
		if !s[i].same(t[i]) {
			return false
		}
	}
	return true
}

func (f found) same(g found) bool {
	a, b := f.info, g.info
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// moved says whether a file is elsewhere, so that it may not have been found
// where it was looked for.
func (s stamp) moved(t stamp) bool {
	for i := range s {
		if s[i].path != t[i].path {
			return true
		}
	}
	return false
}

// load reads the files of a stamp once.
func load(ctx context.Context, f Folder, files stamp, opt Options, workers int) (*Atlas, error) {
	parts := Parts{Zone: opt.Zone, GatesFromStreets: files[0].info == nil, sheets: sheets{off: opt.Once, dir: f.dir, memory: opt.sheetMemory, log: opt.log()}}
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, workers))
	if files[1].info != nil {
		group.Go(func() error { return loadStreets(files[1].path, &parts) })
	}
	if files[2].info != nil && opt.OpenBase != nil {
		group.Go(func() error { return loadBase(files[2].path, opt.OpenBase, &parts) })
	}
	if files[closuresAt].info != nil {
		group.Go(func() (err error) {
			if parts.Closures, err = f.readClosures(); errors.Is(err, fs.ErrNotExist) {
				return nil // gone since
			}
			return err
		})
	}
	if files[0].info != nil {
		group.Go(func() error { return loadMeta(gctx, files[0].path, &parts) })
	}
	if err := group.Wait(); err != nil {
		return nil, f.explain(err)
	}
	// Places are told which compounds they lie in, so the streets come first.
	m := newMaker(parts, workers)
	if files[0].info != nil {
		if err := loadPlaces(ctx, files[0].path, opt.log(), workers, m); err != nil {
			return nil, f.explain(err)
		}
	}
	a := m.atlas()
	if bad := a.UnreadableHours(); len(bad) > 0 {
		opt.log().Warn("opening hours that cannot be read count as unknown", "places", len(bad), "first", bad[:min(5, len(bad))])
	}
	a.sayIdle(opt.log())
	return a, nil
}

// breath is how many places are read at a stretch beside a server that answers.
const breath = 256

// loadPlaces hands the places of a file to a maker.
func loadPlaces(ctx context.Context, path string, log *slog.Logger, workers int, m *maker) error {
	s, err := gpkg.Open(ctx, path, gpkg.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer s.Close()
	bad, n := 0, 0
	err = s.EachWith(ctx, workers, func(err error) {
		if bad++; bad <= 5 {
			log.Warn("a place is left out", "file", path, "why", err)
		}
	}, func(p *geo.Place) error {
		m.add(p)
		if n++; n%breath == 0 && workers == 1 {
			runtime.Gosched() // who answers questions meanwhile goes first
		}
		return nil
	})
	if bad > 5 {
		log.Warn("more places are left out", "file", path, "places", bad-5)
	}
	return err
}

// loadMeta reads what is kept beside the places.
func loadMeta(ctx context.Context, path string, parts *Parts) error {
	s, err := gpkg.Open(ctx, path, gpkg.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer s.Close()
	var demo string
	for key, to := range map[string]*string{
		MetaNameZh: &parts.Name.Zh, MetaNameEn: &parts.Name.En, MetaAttribution: &parts.Attribution, MetaDemo: &demo,
	} {
		if *to, err = s.Meta(ctx, key); err != nil {
			return err
		}
	}
	parts.Demo = demo == "true"
	return nil
}

func loadStreets(path string, parts *Parts) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if parts.Streets, err = street.Decode(data); err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	parts.StreetsVersion = string(sum[:])
	return nil
}

func loadBase(path string, openBase func(string) (BaseTiles, error), parts *Parts) error {
	base, err := openBase(path)
	if err != nil {
		return err
	}
	if parts.Base, err = guard(base, path); err != nil {
		return err
	}
	parts.BaseVersion, err = baseVersion(path)
	return err
}

// baseVersion stands for the content of a base map, which can be too large to
// read as a whole: its beginning, where the directory is, its size and its
// time.
func baseVersion(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	head := make([]byte, min(info.Size(), 64<<10))
	if _, err := f.ReadAt(head, 0); err != nil {
		return "", err
	}
	sum := sha256.Sum256(head)
	return fmt.Sprintf("%x %d %d", sum, info.Size(), info.ModTime().UnixNano()), nil
}
