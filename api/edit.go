package api

import "github.com/gofiber/fiber/v2"

// editEndpoints are those that change places.
func (s *Server) editEndpoints() []endpoint {
	return []endpoint{
		{path: "/api/places", method: fiber.MethodPost, run: s.addPlace, atlas: true, params: once("datum")},
		{path: "/api/places/:id", method: fiber.MethodPut, run: s.putPlace, atlas: true, params: once("datum")},
		{path: "/api/places/:id", method: fiber.MethodDelete, run: s.deletePlace, atlas: true},
	}
}
