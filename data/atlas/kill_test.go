//go:build unix

package atlas

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// TestKilledCommit does the same with a process that is killed.
func TestKilledCommit(t *testing.T) {
	if step := os.Getenv("ATLAS_TEST_KILL_AT"); step != "" {
		s := stage(t, os.Getenv("ATLAS_TEST_DIR"))
		fill(t, s, "new")
		s.step = func(name string) error {
			if name == step {
				_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
				select {}
			}
			return nil
		}
		_ = s.Commit()
		return
	}
	for step, want := range map[string]string{"sync files": "old", "commit": "old", "sync commit": "new", "move streets.bin": "new", "remove": "new"} {
		dir := t.TempDir()
		importAll(t, dir, "old")
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilledCommit$")
		cmd.Env = append(os.Environ(), "ATLAS_TEST_KILL_AT="+step, "ATLAS_TEST_DIR="+dir)
		if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(err.Error(), "killed") {
			t.Fatalf("killed at %q: %v\n%s", step, err, out)
		}
		if got := generation(t, dir); got != want {
			t.Errorf("killed at %q: %q, want %q", step, got, want)
		}
		importAll(t, dir, "next")
		if got := generation(t, dir); got != "next" {
			t.Errorf("killed at %q, then imported: %q", step, got)
		}
	}
}

// TestKilledRegister kills a process between the steps of writing closures.
func TestKilledRegister(t *testing.T) {
	if step := os.Getenv("ATLAS_TEST_KILL_REGISTER_AT"); step != "" {
		dir := os.Getenv("ATLAS_TEST_DIR")
		r := NewRegister(keeping(t, dir), dir)
		r.step = func(name string) error {
			if name == step {
				_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
				select {}
			}
			return nil
		}
		closeGate(t, r)
		return
	}
	for step, want := range map[string]int{"sync": 1, "rename": 1, "sync folder": 2} {
		dir := courtFolder(t)
		closeGate(t, NewRegister(keeping(t, dir), dir))
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilledRegister$")
		cmd.Env = append(os.Environ(), "ATLAS_TEST_KILL_REGISTER_AT="+step, "ATLAS_TEST_DIR="+dir)
		if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(err.Error(), "killed") {
			t.Fatalf("killed at %q: %v\n%s", step, err, out)
		}
		k := keeping(t, dir)
		if n := len(k.Current().Closures()); n != want {
			t.Errorf("killed at %q: %d closures, want %d", step, n, want)
		}
		closeGate(t, NewRegister(k, dir)) // the lock went with its holder
	}
}

// TestKilledEdit kills a process between the steps of an edit: the folder has
// the place as it was or as it was put, and takes the next edit.
func TestKilledEdit(t *testing.T) {
	if step := os.Getenv("ATLAS_TEST_KILL_EDIT_AT"); step != "" {
		dir := os.Getenv("ATLAS_TEST_DIR")
		e := NewEditor(keeping(t, dir), dir)
		e.step = func(name string) error {
			if name == step {
				_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
				select {}
			}
			return nil
		}
		_, _ = e.Put(t.Context(), *stationAt("x", "new", 1, 1))
		return
	}
	for step, want := range map[string]string{"commit": "old", "swap": "new"} {
		for _, where := range []string{"places", "streets alone"} {
			dir := t.TempDir()
			if where == "places" {
				importAll(t, dir, "one")
				if _, err := NewEditor(keeping(t, dir), dir).Put(t.Context(), *stationAt("x", "old", 1, 1)); err != nil {
					t.Fatal(err)
				}
			} else {
				dir = courtFolder(t)
			}
			cmd := exec.Command(os.Args[0], "-test.run=^TestKilledEdit$")
			cmd.Env = append(os.Environ(), "ATLAS_TEST_KILL_EDIT_AT="+step, "ATLAS_TEST_DIR="+dir)
			if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(err.Error(), "killed") {
				t.Fatalf("killed at %q: %v\n%s", step, err, out)
			}
			k := keeping(t, dir)
			p, ok := k.Current().Places.Get("x")
			switch {
			case where == "places" && (!ok || p.Name != want):
				t.Errorf("killed at %q: %+v, want %q", step, p, want)
			case where != "places" && ok != (want == "new"):
				t.Errorf("%s, killed at %q: there %t", where, step, ok)
			case where != "places":
				if _, ok := k.Current().Places.Get(courtGate); !ok {
					t.Errorf("killed at %q: the gates of the streets are gone", step)
				}
			}
			// The lock went with its holder.
			if _, err := NewEditor(k, dir).Put(t.Context(), *stationAt("y", "next", 1, 1)); err != nil {
				t.Errorf("killed at %q, then edited: %v", step, err)
			}
			a := keeping(t, dir).Current()
			if _, ok := a.Places.Get("y"); !ok {
				t.Errorf("killed at %q: the next edit is lost", step)
			}
		}
	}
}
