// Package api is the HTTP room: it reads requests strictly, asks the current
// Atlas, and writes JSON, GeoJSON, vector tiles and the front end's files.
//
// One endpoint is one file, with its test beside it. Fiber is used only here
// and only as a router; what an endpoint needs of a request stands in call,
// so that an endpoint reads as: parameters, question, answer.
//
// Rules that every endpoint keeps:
//
//   - A parameter that is unknown, repeated, empty or malformed is answered
//     with 400 and says what to write instead; nothing is guessed.
//   - Every error is application/problem+json (RFC 9457) in Chinese or English.
//   - An answer is a function of the Atlas's version, the request and, where
//     opening hours matter, the minute. The ETag covers exactly these.
//   - What changes something takes the token, and a body that no page of
//     another site can send unasked.
//   - Logs and metrics carry the route's pattern, never a rider's position.
package api
