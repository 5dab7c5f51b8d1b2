package tiles

// What the tests of package tiles_test use of this one's.
var (
	Areas     = areas
	CheckTile = checkTile
	EachTile  = eachTile
	Build     = build
)
