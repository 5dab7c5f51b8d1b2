package api

import (
	"encoding/base64"
	"encoding/binary"
	"math"
	"strings"

	"github.com/cespare/xxhash/v2"

	"yizhan/geo/index"
)

// A cursor stands for a place in the order of an answer: the page after it
// begins there, whatever was added or taken away before. It is the base64url
// of a version, the hash of the question it belongs to, the distance of the
// last place in metres, and its id.
const (
	cursorVersion = 1
	cursorHead    = 1 + 8 + 8
)

// appendCursor appends the cursor behind a place.
func appendCursor(dst []byte, question uint64, m index.Mark) []byte {
	var room [cursorHead + maxIDBytes]byte
	raw := append(room[:0], cursorVersion)
	raw = binary.BigEndian.AppendUint64(raw, question)
	raw = binary.BigEndian.AppendUint64(raw, math.Float64bits(m.Distance))
	return base64.RawURLEncoding.AppendEncode(dst, append(raw, m.ID...))
}

// cursor reads a cursor of a question, nil where there is none.
func (q *query) cursor(name string, question uint64) *index.Mark {
	s, ok := q.get(name)
	if !ok {
		return nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(raw) <= cursorHead || len(raw) > cursorHead+maxIDBytes || raw[0] != cursorVersion {
		q.fail(badParam(name, "不是本服务器给出的游标，请原样使用上一页的 next。", "is no cursor of this server: follow the link in next as it stands"))
		return nil
	}
	m := &index.Mark{Distance: math.Float64frombits(binary.BigEndian.Uint64(raw[9:])), ID: string(raw[cursorHead:])}
	if binary.BigEndian.Uint64(raw[1:]) != question || !(m.Distance >= 0 && m.Distance < math.Inf(1)) {
		q.fail(badParam(name, "属于另一个问题，请从第一页重新开始。", "belongs to another question: begin again with the first page"))
		return nil
	}
	return m
}

// appendNext appends the address of the page behind a cursor: that of this
// request with the cursor in place of its own.
func (r *call) appendNext(dst []byte, param string, question uint64, m index.Mark) []byte {
	uri := r.c.Context().URI()
	dst = append(append(dst, uri.PathOriginal()...), '?')
	for rest := r.query.raw; rest != ""; {
		var pair string
		pair, rest, _ = strings.Cut(rest, "&")
		raw, _, _ := strings.Cut(pair, "=")
		if name, ok := unescape(raw, true); pair == "" || ok && name == param {
			continue
		}
		dst = append(append(dst, pair...), '&')
	}
	dst = append(append(dst, param...), '=')
	return appendCursor(dst, question, m)
}

// sign is a hash of the parts of a question.
type sign struct{ xxhash.Digest }

func (s *sign) number(v uint64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], v)
	s.Write(b[:]) //nolint:errcheck // a hash never fails
}

func (s *sign) text(v string) { tagPart(&s.Digest, v) }
