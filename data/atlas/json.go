package atlas

import (
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"
)

// The append functions write JSON of our own shapes. Names of members are
// ours and need no escapes; a comma is set unless the byte before opens an
// object or array.

func appendKey(dst []byte, name string) []byte {
	dst = appendComma(dst)
	dst = append(dst, '"')
	dst = append(dst, name...)
	return append(dst, '"', ':')
}

func appendComma(dst []byte) []byte {
	if n := len(dst); n > 0 && dst[n-1] != '{' && dst[n-1] != '[' && dst[n-1] != ':' {
		dst = append(dst, ',')
	}
	return dst
}

// appendText appends a string member; appendMaybe leaves an empty one out.
func appendText(dst []byte, name, value string) []byte {
	return AppendString(appendKey(dst, name), value)
}

func appendMaybe(dst []byte, name, value string) []byte {
	if value == "" {
		return dst
	}
	return appendText(dst, name, value)
}

// AppendString appends a JSON string of any text: what is not UTF-8 becomes
// U+FFFD, and the line separators that JavaScript stumbles over are escaped.
// Nothing is escaped for HTML.
func AppendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	done := 0
	for i := 0; i < len(s); {
		b := s[i]
		if b < utf8.RuneSelf {
			if b >= ' ' && b != '"' && b != '\\' {
				i++
				continue
			}
			dst = append(dst, s[done:i]...)
			switch b {
			case '"', '\\':
				dst = append(dst, '\\', b)
			case '\n':
				dst = append(dst, '\\', 'n')
			case '\r':
				dst = append(dst, '\\', 'r')
			case '\t':
				dst = append(dst, '\\', 't')
			default:
				dst = append(dst, '\\', 'u', '0', '0', hex[b>>4], hex[b&15])
			}
			i++
			done = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			dst = append(append(dst, s[done:i]...), "\uFFFD"...)
			done = i + 1
		case r == '\u2028' || r == '\u2029':
			dst = append(append(dst, s[done:i]...), '\\', 'u', '2', '0', '2', hex[r&15])
			done = i + size
		}
		i += size
	}
	return append(append(dst, s[done:]...), '"')
}

func appendBool(dst []byte, name string, v bool) []byte {
	return strconv.AppendBool(appendKey(dst, name), v)
}

// appendCount appends a number member, and nothing where it is not known.
func appendCount(dst []byte, name string, n int64) []byte {
	if n <= 0 {
		return dst
	}
	return strconv.AppendInt(appendKey(dst, name), n, 10)
}

func appendTime(dst []byte, name string, t time.Time) []byte {
	dst = append(appendKey(dst, name), '"')
	dst = t.AppendFormat(dst, time.RFC3339)
	return append(dst, '"')
}

func appendList[T ~string](dst []byte, name string, list []T) []byte {
	dst = append(appendKey(dst, name), '[')
	for _, s := range list {
		dst = AppendString(appendComma(dst), string(s))
	}
	return append(dst, ']')
}

// appendPosition appends "lon,lat" with at most 7 decimals, about 1 cm.
func appendPosition(dst []byte, p orb.Point) []byte {
	dst = appendDegrees(dst, p[0])
	return appendDegrees(append(dst, ','), p[1])
}

func appendDegrees(dst []byte, v float64) []byte {
	return appendSteps(dst, int64(math.Round(v*1e7)))
}

// appendSteps appends degrees given in steps of 1e-7.
func appendSteps(dst []byte, n int64) []byte {
	const scale = 1e7
	if n < 0 {
		dst = append(dst, '-')
		n = -n
	}
	whole, frac := n/scale, uint32(n%scale)
	if whole < 100 {
		if whole >= 10 {
			dst = append(dst, byte('0'+whole/10))
		}
		dst = append(dst, byte('0'+whole%10))
	} else {
		dst = strconv.AppendInt(dst, whole, 10)
	}
	if frac == 0 {
		return dst
	}
	// A point and seven digits, without the zeros at their end.
	var text [8]byte
	text[0], text[1] = '.', byte('0'+frac/1e6)
	for at, pair := range [3]uint32{frac / 1e4 % 100, frac / 100 % 100, frac % 100} {
		text[2+2*at], text[3+2*at] = digitPairs[2*pair], digitPairs[2*pair+1]
	}
	end := len(text)
	for text[end-1] == '0' {
		end--
	}
	return append(dst, text[:end]...)
}

// digitPairs are the numbers below a hundred, two digits each.
const digitPairs = "00010203040506070809" +
	"10111213141516171819" +
	"20212223242526272829" +
	"30313233343536373839" +
	"40414243444546474849" +
	"50515253545556575859" +
	"60616263646566676869" +
	"70717273747576777879" +
	"80818283848586878889" +
	"90919293949596979899"
