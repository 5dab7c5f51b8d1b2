package api

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"yizhan/data/atlas"
)

// addPlace enters a place under an ID of its own. When it answers, the next
// question is answered with it.
func (s *Server) addPlace(r *call) error {
	return r.write(func() error {
		d := r.query.datum()
		if err := r.query.err(); err != nil {
			return err
		}
		p, err := r.readFeature("", d)
		if err != nil {
			return err
		}
		p.ID = atlas.NewPlaceID()
		a, _, err := s.cfg.Editor.PutIn(r.ctx, p)
		if err != nil {
			return err
		}
		return r.sendPlace(a, p.ID, fiber.StatusCreated)
	})
}

// placeAddress is where a place is.
func placeAddress(id string) string { return "/api/places/" + url.PathEscape(id) }
