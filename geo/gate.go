package geo

// Gate is what stands at a gate: its barrier and what is tagged of who may
// pass it.
type Gate struct {
	// Barrier is the OSM value of barrier=* or entrance=*: gate, lift_gate,
	// bollard, turnstile …; "" for an inferred gate.
	Barrier string
	// Tags are the access tags in OSM's words: access, foot, bicycle,
	// electric_bicycle, delivery, locked, opening_hours, *:conditional.
	Tags Tags
	// Inferred is true where no gate is mapped but a street crosses the
	// perimeter.
	Inferred bool
	// Compounds are the IDs of the compounds whose perimeter it stands on.
	Compounds []string
}

// Tags are OSM tags by key.
type Tags map[string]string
