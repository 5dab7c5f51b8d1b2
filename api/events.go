package api

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"time"

	"github.com/gofiber/fiber/v2"

	"yizhan/data/atlas"
	"yizhan/geo"
)

// events answers with a stream of server-sent events, one for each change of
// the Atlas. The stream ends when the client goes away, when the server stops,
// or when the client stops reading.
func (s *Server) events(r *call) error {
	h := &r.c.Context().Response.Header
	h.SetContentType("text/event-stream")
	h.Set(fiber.HeaderCacheControl, cacheNever)
	// Proxies such as nginx buffer answers unless told otherwise.
	h.Set("X-Accel-Buffering", "no")
	if r.c.Method() == fiber.MethodHead {
		return nil
	}
	select {
	case <-s.closing:
		return &fault{kind: probUnavailable}
	default:
	}
	if !s.streams.enter(s.cfg.MaxStreams) {
		return &fault{kind: probUnavailable, detail: geo.Text{
			Zh: "实时连接已满，请稍后重连。", En: "Too many event streams are open; connect again later."}}
	}
	s.metrics.streams.Inc()
	st := &stream{server: s, conn: r.c.Context().Conn(), version: r.atlas.Version}
	r.c.Context().Response.ImmediateHeaderFlush = true
	r.c.Context().SetBodyStreamWriter(st.write)
	return nil
}

// stream is one open event stream.
type stream struct {
	server  *Server
	conn    net.Conn
	version string
}

// write runs until the stream ends. It is called in a goroutine of its own,
// where a panic would take the process down.
func (st *stream) write(w *bufio.Writer) {
	s := st.server
	defer s.streams.leave()
	defer s.metrics.streams.Dec()
	defer func() {
		if p := recover(); p != nil {
			s.cfg.Log.Error("fault", "route", "/api/events", "cause", fmt.Sprint("panic: ", p))
		}
	}()
	ctx, cancel := context.WithCancel(s.base)
	defer cancel()
	changes := s.cfg.Keeper.Subscribe(ctx)
	// What was swapped in between the answer's headers and the subscription
	// must not be missed: the first event names the version held now.
	version := st.version
	if a := s.cfg.Keeper.Current(); a != nil {
		version = a.Version
	}
	if !st.send(w, "retry: 2000\n", event(atlas.Change{Version: version})) {
		return
	}
	beat := time.NewTicker(s.cfg.Heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-s.closing:
			return
		case c, ok := <-changes:
			if !ok || !st.send(w, event(c)) {
				return
			}
		case <-beat.C:
			if !st.send(w, ": still here\n\n") {
				return
			}
		}
	}
}

// send writes and flushes, each within the write timeout, and says whether the
// client is still there.
func (st *stream) send(w *bufio.Writer, parts ...string) bool {
	if st.conn.SetWriteDeadline(time.Now().Add(st.server.cfg.WriteTimeout)) != nil {
		return false
	}
	for _, p := range parts {
		if _, err := w.WriteString(p); err != nil {
			return false
		}
	}
	return w.Flush() == nil
}

// event formats a change as a server-sent event.
func event(c atlas.Change) string {
	layers := c.Layers
	if layers == nil {
		layers = []string{}
	}
	data, err := json.Marshal(struct {
		Version string   `json:"version"`
		Layers  []string `json:"layers"`
	}{c.Version, layers})
	if err != nil { // strings always marshal
		return ""
	}
	return "event: change\nid: " + c.Version + "\ndata: " + string(data) + "\n\n"
}
