package api

import "github.com/gofiber/fiber/v2"

// healthz says that the process answers.
func (s *Server) healthz(r *call) error {
	return r.sendJSON("", cacheNever, map[string]string{"status": "ok"})
}

// readyz says that there is an Atlas to answer from and no shutdown under way,
// so that a balancer may send riders here.
func (s *Server) readyz(r *call) error {
	select {
	case <-s.closing:
		r.c.Set(fiber.HeaderConnection, "close")
		return &fault{kind: probUnavailable}
	default:
	}
	if r.atlas == nil {
		return &fault{kind: probUnavailable}
	}
	return r.sendJSON("", cacheNever, map[string]string{"status": "ready", "version": r.atlas.Version})
}
