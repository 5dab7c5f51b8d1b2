package atlas

import (
	"yizhan/data/store"
	"yizhan/geo"
)

// Whoever takes a place from a person asks here first, so that what an Editor
// would refuse is said before it begins.

// CheckPlace says what of a place cannot be kept: a *geo.Error.
func CheckPlace(p *geo.Place) error { return store.Check(p) }

// CheckID says what is wrong with the ID of a place: a *geo.Error.
func CheckID(id string) error { return store.CheckID(id) }

// NormalPlace returns a place as it is read after it was kept.
func NormalPlace(p geo.Place) geo.Place { return store.Normal(p) }
