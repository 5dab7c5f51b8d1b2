package geo

import "fmt"

// Mode is how a caller travels.
type Mode uint8

// The modes, in the order of every table indexed by mode.
const (
	Foot Mode = iota
	Bicycle
	Ebike
)

// NumModes is the number of modes, for arrays indexed by Mode.
const NumModes = 3

var modeNames = [NumModes]string{"foot", "bicycle", "ebike"}

var modeTexts = [NumModes]Text{{"步行", "on foot"}, {"骑自行车", "by bicycle"}, {"骑电动车", "by e-bike"}}

// Modes lists all modes in their order.
func Modes() [NumModes]Mode { return [NumModes]Mode{Foot, Bicycle, Ebike} }

// String returns the word used in requests and files: foot, bicycle or ebike.
func (m Mode) String() string {
	if int(m) < NumModes {
		return modeNames[m]
	}
	return fmt.Sprintf("mode(%d)", uint8(m))
}

// Text returns the mode as people say it.
func (m Mode) Text() Text {
	if int(m) < NumModes {
		return modeTexts[m]
	}
	return Text{}
}

// MarshalText writes the mode's word.
func (m Mode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// ParseMode reads foot, bicycle or ebike.
func ParseMode(s string) (Mode, error) {
	for i, name := range modeNames {
		if s == name {
			return Mode(i), nil
		}
	}
	return 0, NewError(Invalid,
		fmt.Sprintf("出行方式 %q 不认识，请用 foot、bicycle 或 ebike。", s),
		fmt.Sprintf("unknown mode %q: use foot, bicycle or ebike", s))
}
