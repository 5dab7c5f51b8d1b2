package atlas

import "syscall"

// modesty is how much nicer than the others a thread is that yields to them: a
// tenth of their weight. At the utmost, a tenth of that, the collector of
// garbage, which has to stop all threads for a moment, would wait for this one.
const modesty = 10

// yieldToOthers lowers the priority of the calling thread, which stays so.
func yieldToOthers() {
	// Linux has a priority for each thread. The call answers 20 less it.
	thread := syscall.Gettid()
	if upside, err := syscall.Getpriority(syscall.PRIO_PROCESS, thread); err == nil {
		// Where it is not allowed, it stays as it is.
		_ = syscall.Setpriority(syscall.PRIO_PROCESS, thread, min(19, 20-upside+modesty))
	}
}
