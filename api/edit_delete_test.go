package api

import "testing"

// TestDeletePlace removes a place, once.
func TestDeletePlace(t *testing.T) {
	r := startFolder(t, townFolder(t))
	var c struct{ Features []placeAnswer }
	r.get("/api/nearest?limit=2&at="+at(0, 0)).want(t, 200).decode(t, &c)
	id, next := c.Features[0].ID, c.Features[1].ID
	r.remove("/api/places/"+id).want(t, 204)
	r.get("/api/places/"+id).want(t, 404)
	r.remove("/api/places/"+id).want(t, 404)
	if r.get("/api/nearest?limit=2&at="+at(0, 0)).decode(t, &c); c.Features[0].ID != next {
		t.Errorf("nearest is %s, want %s", c.Features[0].ID, next)
	}
	r.remove("/api/places/"+buildingID).want(t, 400)
	r.remove("/api/places/never:was").want(t, 404)
}
