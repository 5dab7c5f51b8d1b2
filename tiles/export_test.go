package tiles

// What the tests of package tiles_test use of this one's.
var (
	CheckTile = checkTile
	EachTile  = eachTile
	Build     = build
)
