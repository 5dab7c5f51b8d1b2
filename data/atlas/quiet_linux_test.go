package atlas

import (
	"runtime"
	"syscall"
	"testing"
)

// TestQuietly lets others go before what is done quietly, and before nothing
// that is done afterwards.
func TestQuietly(t *testing.T) {
	if runtime.GOMAXPROCS(0) < 2 {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	}
	priority := func() int {
		upside, err := syscall.Getpriority(syscall.PRIO_PROCESS, syscall.Gettid())
		if err != nil {
			t.Error(err)
		}
		return 20 - upside
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	usual := priority()
	for range 3 {
		var within int
		quietly(func() { within = priority() })
		if want := min(19, usual+modesty); within != want {
			t.Errorf("priority %d, want %d", within, want)
		}
	}
	for range 100 {
		beside := make(chan int)
		go func() {
			runtime.LockOSThread() // the thread ends with it
			beside <- priority()
		}()
		if got := <-beside; got != usual {
			t.Fatalf("priority %d of another thread afterwards, want %d", got, usual)
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	quietly(func() {
		if got := priority(); got != usual {
			t.Errorf("priority %d where there is one processor, want %d", got, usual)
		}
	})
}
