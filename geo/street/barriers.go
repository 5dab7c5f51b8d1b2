package street

import (
	"strings"

	"yizhan/geo"
)

// kind is what a barrier does to those who come to it.
type kind uint8

const (
	// kindGate opens and shuts: gate, lift_gate, entrance and what is not
	// known.
	kindGate kind = iota
	// kindBollard stops cars only.
	kindBollard
	// kindTurnstile lets people through, and no wheels.
	kindTurnstile
	// kindWall lets nobody through.
	kindWall
	// kindGuard is a post where one registers.
	kindGuard
	// kindInferred is a crossing of a perimeter where nothing is mapped.
	kindInferred
	// kindNothing does not stand in the way: a kerb, a bump.
	kindNothing
)

// kindOf reads a value of barrier=* or, as tags say, of entrance=*.
func kindOf(value string, tags geo.Tags) kind {
	if tags["barrier"] == "" && tags["entrance"] != "" && tags["entrance"] == value {
		return kindGate
	}
	switch value {
	case "":
		return kindInferred
	case "bollard", "cycle_barrier", "block", "motorcycle_barrier", "planter", "chain", "jersey_barrier", "cable_barrier", "bus_trap", "sump_buster", "height_restrictor", "log", "debris", "rope", "bar", "tyres":
		return kindBollard
	case "turnstile", "full-height_turnstile", "kissing_gate", "stile", "horse_stile", "sliding_beam":
		return kindTurnstile
	case "wall", "fence", "yes", "hedge", "city_wall", "retaining_wall", "guard_rail", "handrail", "ditch", "wire_fence", "railing":
		return kindWall
	case "security_control", "checkpoint", "security_checkpoint", "border_control":
		return kindGuard
	case "kerb", "entrance_none", "cattle_grid", "toll_booth", "speed_bump", "tree", "gully", "cushion":
		return kindNothing
	}
	return kindGate
}

// keyed says whether a barrier is of a sort that nobody sits at: where it is
// private it opens to those with a card or a key, and no book can be signed.
func keyed(value string) bool {
	switch value {
	case "turnstile", "full-height_turnstile", "kissing_gate", "wicket_gate", "wicket", "door":
		return true
	}
	return false
}

// obstacle says whether the barrier can stop or delay anybody.
func (b *draftBarrier) obstacle() bool {
	switch kindOf(b.kind, b.tags) {
	case kindNothing:
		return false
	case kindBollard:
		return restricts(b.tags)
	case kindGate:
		// A door of a building that a way runs through is no gate.
		return b.tags["barrier"] != "" || b.tags["entrance"] == "" || restricts(b.tags)
	}
	return true
}

// restricts says whether any tag is about who may pass.
func restricts(tags geo.Tags) bool { return len(accessTags(tags)) > 0 }

// accessKeys are the tags that say who may pass and when.
func accessKey(k string) bool {
	switch k {
	case "access", "foot", "bicycle", "electric_bicycle", "vehicle", "delivery", "locked", "opening_hours":
		return true
	case "access:conditional", "foot:conditional", "bicycle:conditional", "electric_bicycle:conditional",
		"vehicle:conditional", "delivery:conditional", "locked:conditional":
		return true
	}
	return false
}

// accessTags keeps the tags that say who may pass and when; nil where there
// are none.
func accessTags(tags geo.Tags) geo.Tags {
	var out geo.Tags
	for k, v := range tags {
		if accessKey(k) {
			if out == nil {
				out = geo.Tags{}
			}
			out[k] = v
		}
	}
	return out
}

// timed says whether what the tags allow changes with the hour.
func timed(tags geo.Tags) bool {
	for k := range tags {
		if accessKey(k) && (k == "opening_hours" || strings.HasSuffix(k, ":conditional")) {
			return true
		}
	}
	return false
}
