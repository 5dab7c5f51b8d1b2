package pmtiles

import "fmt"

// FormatError says that a file is not a usable PMTiles archive: it is damaged,
// cut short, or uses what this package does not read.
type FormatError struct {
	// Part is what was being read: header, root directory, leaf directory,
	// metadata, tile.
	Part string
	// Reason says what is wrong with it.
	Reason string
	// Err is the cause, nil where there is none.
	Err error
}

// Error returns the part and the reason.
func (e *FormatError) Error() string {
	s := "pmtiles: " + e.Part + ": " + e.Reason
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *FormatError) Unwrap() error { return e.Err }

func damaged(part, format string, args ...any) error {
	return &FormatError{Part: part, Reason: fmt.Sprintf(format, args...)}
}
