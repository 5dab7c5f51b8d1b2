package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// child is a server in a process of its own.
type child struct {
	cmd  *exec.Cmd
	addr string
	// ready is how long it took until it answered.
	ready time.Duration
}

// start runs a server that prints http://ADDRESS as its first line when it is
// ready. What it writes to its standard error is thrown away, which costs it
// as little as can be: a line for each request.
func start(ctx context.Context, env []string, name string, args ...string) (*child, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c := &child{cmd: cmd}
	line, err := bufio.NewReader(out).ReadString('\n')
	c.ready = time.Since(began)
	addr, ok := strings.CutPrefix(strings.TrimRight(strings.TrimSpace(line), "/"), "http://")
	if err != nil || !ok {
		c.stop()
		return nil, fmt.Errorf("%s %s does not say where it listens: %q", name, strings.Join(args, " "), line)
	}
	c.addr = addr
	return c, nil
}

// stop ends the server and waits for it.
func (c *child) stop() {
	if c.cmd.Process.Signal(syscall.SIGINT) != nil {
		return
	}
	timer := time.AfterFunc(15*time.Second, func() { c.cmd.Process.Kill() }) //nolint:errcheck // it has ended
	defer timer.Stop()
	c.cmd.Wait() //nolint:errcheck // it was told to end
}

// resident is how much memory the server has now, in bytes, pages of files that
// it has mapped included; 0 where the system does not say.
func (c *child) resident() float64 {
	return statusLine(c.cmd.Process.Pid, "VmRSS")
}

func statusLine(pid int, name string) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), name+":")
	words := strings.Fields(rest)
	if len(words) == 0 {
		return 0
	}
	kb, err := strconv.ParseFloat(words[0], 64)
	if err != nil {
		return 0
	}
	return kb * 1024
}

// stolenTime is how long the host of a virtual machine had processors do other
// work while there was some here, in seconds since the start of the system; 0
// where the system does not say.
func stolenTime() float64 {
	const perSecond = 100 // of the clock ticks that /proc counts in
	said, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(said), "\n")
	words := strings.Fields(line)
	if len(words) < 9 || words[0] != "cpu" {
		return 0
	}
	ticks, _ := strconv.ParseFloat(words[8], 64) //nolint:errcheck // then it is 0
	return ticks / perSecond
}

// processor is how much time of processors the threads of a process have used,
// in seconds; 0 where the system does not say.
func processor(pid int) float64 {
	// What stat says of the process is sampled, by the tick of a clock.
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid)) //nolint:errcheck // the pattern is sound
	total := 0.0
	for _, task := range tasks {
		said, err := os.ReadFile(task)
		if err != nil {
			continue // it has ended
		}
		ran, _, _ := strings.Cut(string(said), " ")
		ns, _ := strconv.ParseFloat(ran, 64) //nolint:errcheck // then it is 0
		total += ns / 1e9
	}
	return total
}

// workshop is where the program under test and invented data are kept from
// one run to the next.
type workshop struct {
	dir string
	bin string
}

// open builds yizhan.
func openWorkshop(ctx context.Context) (*workshop, error) {
	w := &workshop{dir: filepath.Join(os.TempDir(), "yizhan-bench")}
	if err := os.MkdirAll(w.dir, 0o755); err != nil {
		return nil, err
	}
	w.bin = filepath.Join(w.dir, "yizhan")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", w.bin, "./cmd/yizhan")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build yizhan: %w\n%s", err, out)
	}
	return w, nil
}

// makers is the code that decides what synth writes.
var makers = [...]string{"data/demo", "data/osm", "data/store", "geo/street", "cmd/yizhan/synth.go"}

// folder returns a data folder of so many invented places, which is made
// anew when the code that makes it has changed.
func (w *workshop) folder(ctx context.Context, places int) (string, error) {
	version := sha256.New()
	for _, root := range makers {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			code, err := os.ReadFile(path)
			version.Write(code)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	dir := filepath.Join(w.dir, fmt.Sprintf("%d-%.8x", places, version.Sum(nil)))
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	// Those made by other code are of no more use.
	if old, err := filepath.Glob(filepath.Join(w.dir, strconv.Itoa(places)+"-*")); err == nil {
		for _, path := range old {
			os.RemoveAll(path) //nolint:errcheck // only space is lost
		}
	}
	fmt.Fprintf(os.Stderr, "making %d places in %s\n", places, dir)
	half := filepath.Join(w.dir, fmt.Sprintf("%d-unfinished", places))
	if out, err := exec.CommandContext(ctx, w.bin, "synth", "--places", strconv.Itoa(places), "--out", half).CombinedOutput(); err != nil {
		return "", fmt.Errorf("synth: %w\n%s", err, out)
	}
	return dir, os.Rename(half, dir)
}
