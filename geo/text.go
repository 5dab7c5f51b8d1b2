package geo

// Lang is a language that yizhan speaks to people.
type Lang string

// The languages of the user interface.
const (
	Chinese Lang = "zh"
	English Lang = "en"
)

// Text is one sentence or name in both languages of the user interface.
type Text struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// In returns the text in the language asked for, or in the other one where
// that is empty.
func (t Text) In(lang Lang) string {
	if lang == English && t.En != "" || t.Zh == "" {
		return t.En
	}
	return t.Zh
}

// IsZero says whether neither language has text.
func (t Text) IsZero() bool { return t.Zh == "" && t.En == "" }
