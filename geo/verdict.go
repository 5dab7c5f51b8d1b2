package geo

// Verdict is what a caller may expect of a gate or a way, for one mode at one
// minute.
type Verdict uint8

// The verdicts, from best to worst. Unknown is worse than Permit because a
// register can be signed, while nobody knows of an untagged gate whether it
// opens at all.
const (
	// Open lets the caller pass.
	Open Verdict = iota
	// Permit lets the caller pass after registering, or only to call there.
	Permit
	// Unknown says nothing is known against passing, nor for it.
	Unknown
	// Closed does not let the caller pass at that minute.
	Closed
)

var verdictNames = [...]string{"open", "permit", "unknown", "closed"}

// String returns open, permit, unknown or closed.
func (v Verdict) String() string { return verdictNames[v] }

// MarshalText writes the verdict's word.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// Passable says whether the caller may try.
func (v Verdict) Passable() bool { return v != Closed }

// Worse returns the worse of two verdicts.
func (v Verdict) Worse(w Verdict) Verdict { return max(v, w) }
