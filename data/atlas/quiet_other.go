//go:build !linux

package atlas

// yieldToOthers does nothing where a thread has no priority of its own.
func yieldToOthers() {}
