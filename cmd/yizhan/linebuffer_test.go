package main

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestLineBuffer: lines come whole, in their order, soon, and none is lost.
func TestLineBuffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		b := newLineBuffer(&out)
		write := func(s string) {
			if n, err := b.Write([]byte(s)); n != len(s) || err != nil {
				t.Fatal(n, err)
			}
		}
		write("one\n")
		write("two\n")
		if out.Len() > 0 {
			t.Errorf("written at once: %q", out.String())
		}
		time.Sleep(lineDelay + time.Millisecond)
		synctest.Wait()
		if out.String() != "one\ntwo\n" {
			t.Errorf("after a while: %q", out.String())
		}
		out.Reset()
		long := strings.Repeat("x", lineRoom-2) + "\n"
		write("three\n")
		write(long)
		write(long)
		b.flush()
		if out.String() != "three\n"+long+long {
			t.Errorf("%d bytes of lines that do not fit", out.Len())
		}
		time.Sleep(2 * lineDelay)
	})
}
