package geo

// The most characters that the texts of a place may have, wherever they come
// from people: tables cut what is longer and say so, edits are refused.
const (
	MaxName     = 200 // in each language
	MaxAddress  = 300
	MaxDistrict = 100
	MaxPhone    = 100
	MaxOperator = 200
	MaxWebsite  = 300
	MaxNote     = 2000
	MaxHours    = 500 // also as the source wrote them
	MaxNetwork  = 200
	MaxBooking  = 300
	MaxFee      = 200
	MaxLines    = 500 // of a bus stop, each
	// MaxWord bounds what is a word, an ID or a tag rather than a text.
	MaxWord = 255
)
