package main

import "runtime"

// spare is how many more threads run Go at once than there are processors.
//
// Where clients or other programs share the processors, the system now and then
// puts two threads of the server on the same one. The second then waits until
// the first is interrupted, 4 ms on a usual Linux, as the first never runs out
// of questions; and with it waits the one question it has begun. One thread
// more takes questions away from the first, which so comes to its end sooner:
// the slowest answer of a hundred takes about half as long, the usual one a few
// percent longer.
const spare = 1

// spread sets how many threads run Go at once. Who set GOMAXPROCS has said
// already. From then on Go does not follow when the share of the processors
// that a container may use is changed.
func spread(getenv func(string) string) {
	if getenv("GOMAXPROCS") != "" {
		return
	}
	runtime.SetDefaultGOMAXPROCS()
	runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + spare)
}
