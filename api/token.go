package api

import (
	"crypto/sha256"
	"crypto/subtle"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"yizhan/geo"
)

const (
	// maxWriters is how many changes may wait for one another.
	maxWriters = 32
	// changePatience is how many times as long as a question a change may take:
	// it waits while an import writes the folder.
	changePatience = 6
)

// authorize lets through who shows the server's token.
func (r *call) authorize() error {
	want := r.s.cfg.Token
	if want == "" {
		return &fault{kind: probForbidden}
	}
	scheme, given, _ := strings.Cut(r.c.Get(fiber.HeaderAuthorization), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return &fault{kind: probToken}
	}
	// Digests are of one length, so that the time tells nothing of the token.
	a, b := sha256.Sum256([]byte(strings.TrimSpace(given))), sha256.Sum256([]byte(want))
	if subtle.ConstantTimeCompare(a[:], b[:]) != 1 {
		return &fault{kind: probToken, detail: geo.Text{
			Zh: "令牌不对，请向服务器管理员索取。", En: "This is not the server's token: ask whoever runs the server."}}
	}
	return nil
}

// write runs a change for who may make it, one of a bounded number at a time.
func (r *call) write(change func() error) error {
	if err := r.authorize(); err != nil {
		return err
	}
	if !r.s.writers.enter(maxWriters) {
		return &fault{kind: probUnavailable, detail: geo.Text{
			Zh: "同时修改的请求太多，请稍后再试。", En: "Too many changes are under way; try again shortly."}}
	}
	defer r.s.writers.leave()
	r.end.start(r.s.base, time.Now().Add(changePatience*r.s.cfg.Timeout))
	return change()
}
