package main

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// ceiling serves what nothing that answers over Fiber can beat: one route of
// fixed bytes for whatever is asked, without anything around it. spec is the
// number of bytes, or a 304. It prints its address, as yizhan serve does, and
// serves until it is killed.
func ceiling(spec string) error {
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	if spec == "304" {
		app.Get("/*", func(c *fiber.Ctx) error {
			c.Set(fiber.HeaderETag, `"0123456789abcdef"`)
			c.Status(fiber.StatusNotModified)
			return nil
		})
	} else {
		n, err := strconv.Atoi(strings.TrimSuffix(spec, "B"))
		if err != nil || n < 0 {
			return fmt.Errorf("%q is neither 304 nor a number of bytes such as 2048B", spec)
		}
		body := make([]byte, n)
		app.Get("/*", func(c *fiber.Ctx) error { return c.Send(body) })
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("http://%s\n", ln.Addr())
	return app.Listener(ln)
}
