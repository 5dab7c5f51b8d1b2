package geo

import "errors"

// Code classes an error by what its receiver can do about it. The HTTP room
// maps each code to a status, the command line to an exit code.
type Code uint8

const (
	// Internal is a fault of ours; its cause is logged, never shown.
	Internal Code = iota
	// Invalid is input that cannot be used as it is.
	Invalid
	// NotFound is a well-formed reference to something that is not there.
	NotFound
	// TooLarge is input beyond a stated bound.
	TooLarge
	// Unavailable is a part that is not loaded or not ready.
	Unavailable
	// Timeout is work that did not finish before its deadline.
	Timeout
)

// Error is an error that may be shown to a person: Message says in both
// languages what is wrong and what to do next. Err, if any, is the cause, for
// the log only.
type Error struct {
	Code    Code
	Message Text
	Err     error
}

// NewError returns an Error with a message in Chinese and English.
func NewError(code Code, zh, en string) *Error {
	return &Error{Code: code, Message: Text{Zh: zh, En: en}}
}

// Because returns a copy of e that carries its cause.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Err = cause
	return &c
}

// Error returns the English message with the cause, for logs.
func (e *Error) Error() string {
	if e.Err != nil {
		return e.Message.En + ": " + e.Err.Error()
	}
	return e.Message.En
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf returns the code of the first Error in err's chain, Internal where
// there is none.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}
