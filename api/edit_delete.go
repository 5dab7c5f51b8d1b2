package api

import "github.com/gofiber/fiber/v2"

// deletePlace removes a place.
func (s *Server) deletePlace(r *call) error {
	return r.write(func() error {
		if err := r.query.err(); err != nil {
			return err
		}
		id, err := r.pathID("id")
		if err != nil {
			return err
		}
		if err := r.notMapped(id); err != nil {
			return err
		}
		if _, err := s.cfg.Editor.Delete(r.ctx, id, r.conditions()...); err != nil {
			return err
		}
		r.c.Status(fiber.StatusNoContent)
		r.c.Set(fiber.HeaderCacheControl, cacheNever)
		return nil
	})
}
