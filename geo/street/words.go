package street

import (
	"strings"

	"yizhan/geo"
)

// word is what an access value means for a caller, who is neither a resident
// nor the public.
type word uint8

const (
	wordNone     word = iota // nothing said, or nothing that is understood
	wordYes                  // for everybody
	wordDismount             // for everybody who pushes the bike
	wordDeliver              // to call there
	wordPermit               // to call there after registering
	wordNo
)

// wordOf reads a single access value.
func wordOf(v string) word {
	switch v {
	case "yes", "permissive", "designated", "public", "official":
		return wordYes
	case "dismount":
		return wordDismount
	case "delivery", "destination", "customers", "customer", "visitors":
		return wordDeliver
	case "private", "residents", "resident", "permit", "employees", "students":
		return wordPermit
	case "no", "agricultural", "forestry", "military", "emergency":
		return wordNo
	}
	return wordNone
}

// goodness orders words from the caller's best to the worst.
var goodness = [...]int{wordYes: 0, wordDismount: 1, wordDeliver: 2, wordPermit: 3, wordNo: 4, wordNone: 5}

// classify reads an access value. Of a list such as "private;delivery" the
// word that serves the caller best counts: each names somebody who may pass.
func classify(value string) word {
	if value == "" {
		return wordNone
	}
	if w := wordOf(value); w != wordNone {
		return w
	}
	best := wordNone
	for _, v := range strings.FieldsFunc(strings.ToLower(value), func(r rune) bool { return r == ';' || r == ',' || r == '|' }) {
		if w := wordOf(strings.TrimSpace(v)); goodness[w] < goodness[best] {
			best = w
		}
	}
	return best
}

func isYes(value string) bool { return classify(value) == wordYes }

// modeKeys are the keys that speak of a mode itself, the most specific first.
var modeKeys = [geo.NumModes][]string{
	geo.Foot:    {"foot"},
	geo.Bicycle: {"bicycle", "vehicle"},
	geo.Ebike:   {"electric_bicycle", "bicycle", "vehicle"},
}

// specific returns the value of the most specific tag of a mode, "" where none
// speaks of it.
func specific(tags geo.Tags, m geo.Mode) string {
	for _, k := range modeKeys[m] {
		if v := tags[k]; classify(v) != wordNone {
			return v
		}
	}
	return ""
}

// accessWord returns the access value that holds for a caller of a mode at
// any hour: the mode's own tag, else what delivery=* says, else access=*.
//
// delivery=yes makes access=private, no and the like into "delivery", and
// delivery=no closes what no tag of the mode itself opens.
func accessWord(tags geo.Tags, m geo.Mode) string {
	return combine(specific(tags, m), tags["delivery"], tags["access"])
}

// combine merges the value of a mode's own tag, of delivery=* and of access=*.
func combine(own, delivery, access string) string {
	d := classify(delivery)
	if own != "" {
		if d == wordYes && classify(own) == wordPermit {
			return "delivery"
		}
		return own
	}
	switch {
	case d == wordNo:
		return "no"
	case d != wordNone && classify(access) != wordYes:
		if d == wordYes {
			return "delivery"
		}
		return delivery
	}
	return access
}
