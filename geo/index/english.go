package index

// NameEn returns a place's English name, "" where there is none.
func (ix *Index) NameEn(s Slot) string { return ix.Place(s).Names["en"] }
