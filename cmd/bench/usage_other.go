//go:build !unix

package main

import "os"

// peakBytes is 0 where the system does not say.
func peakBytes(*os.ProcessState) float64 { return 0 }
