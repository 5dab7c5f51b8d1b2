package api

import (
	"github.com/gofiber/fiber/v2"

	"yizhan/data/atlas"
	"yizhan/geo"
)

// putPlace makes a feature all that there is of a place.
func (s *Server) putPlace(r *call) error {
	return r.write(func() error {
		d := r.query.datum()
		if err := r.query.err(); err != nil {
			return err
		}
		id, err := r.pathID("id")
		if err != nil {
			return err
		}
		if err := atlas.CheckID(id); err != nil {
			return badParamErr("id", err)
		}
		if err := r.notMapped(id); err != nil {
			return err
		}
		p, err := r.readFeature(id, d)
		if err != nil {
			return err
		}
		status := fiber.StatusCreated
		a, _, err := s.cfg.Editor.PutIn(r.ctx, p, append(r.conditions(), func(now *geo.Place) error {
			if now != nil {
				status = fiber.StatusOK
			}
			return nil
		})...)
		if err != nil {
			return err
		}
		return r.sendPlace(a, id, status)
	})
}

// notMapped refuses the ID of what is mapped with the streets, and no place.
func (r *call) notMapped(id string) error {
	if _, place := r.atlas.Places.Find(id); place {
		return nil
	}
	_, compound := r.atlas.Streets.Compound(id)
	_, building := r.atlas.Streets.Building(id)
	if compound || building {
		return badParam("id", "是小区或楼栋，不是地点，不能在这里修改。", "is a compound or a building and no place: it cannot be changed here")
	}
	return nil
}
