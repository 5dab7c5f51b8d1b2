// Package tiles turns the map into vector tiles: clipping, simplifying and
// encoding to Mapbox Vector Tile 2.1, the base map's pyramid, the tiles of
// places and archives of them, TileJSON documents, and a cache.
//
// Inside, the world is a square of 2^30 integer steps a side in Web Mercator,
// 3.7 cm at the equator, y down; a tile of zoom z is 2^(30-z) steps wide. To
// round to a tile's 4096 units is a shift, and the same point rounds to the
// same place in every tile that shows it, so nothing gapes at a border.
package tiles
