package street

// area is a compound while rooms are made.
type area struct {
	index int // in draft.compounds
	*shape
}

// makeRooms decides which compounds are gated and gives every piece its room.
func (d *draft) makeRooms(b *Builder) {
	for _, bar := range d.barriers {
		bar.gate = kindOf(bar.kind, bar.tags) != kindBollard && bar.obstacle()
	}
}
