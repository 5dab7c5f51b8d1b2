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
