package route_test

// suiteRow is one gate of the suite: what stands there and what is tagged.
type suiteRow struct {
	name    string
	barrier string
	said    []statement
}

// suiteHours are the minutes of Monday, 23 November 2026 at which the suite
// asks: in opening hours, outside them, a minute before six.
var suiteHours = []struct {
	name   string
	minute int
}{{"noon", 12 * 60}, {"night", 3 * 60}, {"before six", 6*60 - 1}}

// suiteRows are the rows of the gate suite.
func suiteRows() []suiteRow {
	var rows []suiteRow
	add := func(name, barrier string, said ...statement) { rows = append(rows, suiteRow{name, barrier, said}) }

	for _, b := range []string{"gate", "lift_gate", "swing_gate", "sliding_gate", "entrance", "bollard", "cycle_barrier", "block",
		"turnstile", "full-height_turnstile", "kissing_gate", "stile", "wall", "fence", "yes", "security_control", "checkpoint"} {
		add("nothing tagged", b)
	}
	for _, v := range []string{"yes", "permissive", "designated", "delivery", "destination", "customers", "private", "residents", "permit",
		"no", "agricultural", "forestry", "military",
		"private;delivery", "residents; delivery", "no;customers", "private;destination", "agricultural;forestry", "private;permissive", "destination;delivery", "perhaps"} {
		add("value", "gate", say("access", v))
	}
	for _, b := range []string{"lift_gate", "bollard", "turnstile", "wicket_gate", "wall", "checkpoint"} {
		add("value at another barrier", b, say("access", "private"))
		add("value at another barrier", b, say("access", "yes"))
		add("value at another barrier", b, say("access", "no"))
	}

	// The most specific tag of the mode wins.
	for _, said := range [][]statement{
		{say("access", "no"), say("foot", "delivery")},
		{say("access", "no"), say("foot", "yes")},
		{say("access", "no"), say("bicycle", "yes")},
		{say("access", "no"), say("bicycle", "designated"), say("foot", "designated")},
		{say("access", "no"), say("bicycle", "no"), say("electric_bicycle", "yes")},
		{say("access", "yes"), say("foot", "no")},
		{say("access", "yes"), say("bicycle", "no")},
		{say("access", "yes"), say("electric_bicycle", "no")},
		{say("access", "yes"), say("bicycle", "no"), say("electric_bicycle", "delivery")},
		{say("access", "private"), say("bicycle", "permissive"), say("electric_bicycle", "no")},
		{say("access", "yes"), say("vehicle", "no")},
		{say("access", "yes"), say("vehicle", "no"), say("bicycle", "yes")},
		{say("access", "yes"), say("vehicle", "private"), say("electric_bicycle", "customers")},
		{say("access", "private"), say("foot", "yes"), say("bicycle", "dismount")},
		{say("access", "yes"), say("bicycle", "dismount")},
		{say("access", "yes"), say("bicycle", "dismount"), say("electric_bicycle", "no")},
		{say("access", "private"), say("foot", "delivery"), say("bicycle", "private;delivery")},
		{say("access", "yes"), say("motor_vehicle", "no")},
		{say("access", "yes"), say("moped", "no"), say("motorcycle", "no")},
	} {
		add("of a mode", "gate", said...)
	}
	add("of a mode", "turnstile", say("bicycle", "yes"))
	add("of a mode", "kissing_gate", say("electric_bicycle", "no"), say("bicycle", "yes"))
	add("of a mode", "fence", say("foot", "yes"))
	add("of a mode", "checkpoint", say("foot", "permissive"))
	add("of a mode", "bollard", say("electric_bicycle", "no"))

	// locked=yes.
	day := openAt("06:00-22:00", dayTime)
	for _, said := range [][]statement{
		{say("locked", "yes")},
		{say("locked", "no")},
		{say("locked", "yes"), say("access", "yes")},
		{say("locked", "yes"), say("access", "private")},
		{say("locked", "yes"), say("access", "delivery")},
		{say("locked", "yes"), say("foot", "yes")},
		{say("locked", "yes"), day},
		{say("locked", "yes"), say("access", "yes"), day},
		{say("locked", "yes"), say("foot", "yes"), day},
		{say("locked", "yes"), say("bicycle", "yes"), day},
		{say("locked", "yes"), say("electric_bicycle", "yes"), day},
		{say("locked", "yes"), say("foot", "delivery"), day},
		{say("locked", "yes"), say("access", "private"), say("bicycle", "no"), say("foot", "yes"), openAt("Mo-Su 06:00-24:00", []span{{6 * 60, 24 * 60}})},
		{say("access", "yes"), during("locked", "yes", "(22:00-06:00)", nightTime)},
	} {
		add("locked", "gate", said...)
	}

	// opening_hours.
	for _, said := range [][]statement{
		{day},
		{day, say("access", "yes")},
		{day, say("access", "private")},
		{day, say("access", "delivery")},
		{day, say("access", "no")},
		{day, say("access", "yes"), say("electric_bicycle", "no")},
		{openAt("24/7", always)},
		{openAt("off", nil)},
		{openAt("Mo-Fr 06:00-22:00", dayTime)},
		{openAt("06:00-09:00,11:30-13:30,17:00-21:00", []span{{6 * 60, 9 * 60}, {11*60 + 30, 13*60 + 30}, {17 * 60, 21 * 60}})},
		{openAt("Mo-Su 06:00-22:00; Mo 11:00-13:00", []span{{11 * 60, 13 * 60}})},
		{openAt("Oct-Mar 06:00-22:00; Apr-Sep 05:00-23:00", dayTime)},
		{openAt("22:00-06:00", nightTime), say("access", "yes")},
	} {
		add("hours", "gate", said...)
	}
	add("hours", "turnstile", day)
	add("hours", "lift_gate", day, say("access", "customers"))
	add("hours", "bollard", day, say("access", "yes"))

	// *:conditional, in the forms that are in use.
	for _, said := range [][]statement{
		{say("access", "yes"), during("access", "no", "(22:00-06:00)", nightTime)},
		{say("access", "yes"), during("access", "no", "22:00-06:00", nightTime)},
		{say("access", "no"), during("access", "yes", "(06:00-22:00)", dayTime)},
		{say("access", "no"), during("access", "yes", "(Mo-Fr 06:00-22:00)", dayTime)},
		{say("access", "no"), during("access", "yes", "(Mo-Su,PH 06:00-22:00)", dayTime)},
		{say("access", "no"), during("access", "yes", "(Sa,Su 06:00-22:00)", nil)},
		{say("access", "no"), during("access", "yes", "(Mo-Fr AND 06:00-22:00)", dayTime)},
		{say("access", "no"), during("access", "delivery", "(Oct-Mar 06:00-22:00)", dayTime)},
		{say("access", "no"), during("access", "permissive", "(06:00-10:00,11:00-22:00)", []span{{6 * 60, 10 * 60}, {11 * 60, 22 * 60}})},
		{say("access", "private"), during("access", "delivery", "(06:00-22:00)", dayTime)},
		{during("access", "no", "(22:00-06:00)", nightTime), during("access", "delivery", "(06:00-22:00)", dayTime)},
		{during("access", "yes", "(06:00-22:00)", dayTime), during("access", "private", "(11:00-13:00)", []span{{11 * 60, 13 * 60}}), say("access", "no")},
		{say("access", "yes"), perhaps("access", "no", "wet")},
		{say("access", "private"), perhaps("access", "yes", "(residents)")},
		{say("access", "no"), during("foot", "yes", "(06:00-22:00)", dayTime)},
		{say("access", "no"), during("foot", "delivery", "(Mo-Fr 06:00-22:00)", dayTime)},
		{say("access", "yes"), during("foot", "no", "(22:00-06:00)", nightTime)},
		{say("foot", "yes"), say("access", "yes"), during("access", "no", "(22:00-06:00)", nightTime)},
		{say("access", "yes"), during("bicycle", "no", "(22:00-06:00)", nightTime)},
		{say("access", "yes"), during("bicycle", "dismount", "(06:00-22:00)", dayTime)},
		{say("access", "yes"), during("electric_bicycle", "no", "(06:00-22:00)", dayTime)},
		{say("access", "yes"), say("bicycle", "no"), during("electric_bicycle", "yes", "(06:00-22:00)", dayTime)},
		{say("access", "yes"), during("vehicle", "no", "(06:00-22:00)", dayTime)},
		{say("access", "yes"), during("motor_vehicle", "no", "(06:00-22:00)", dayTime)},
		{say("access", "no"), during("foot", "yes", "(11:00-13:00)", []span{{11 * 60, 13 * 60}}), during("bicycle", "yes", "(06:00-22:00)", dayTime)},
		{openAt("05:00-23:00", []span{{5 * 60, 23 * 60}}), say("access", "yes"), during("access", "no", "(22:00-06:00)", nightTime)},
	} {
		add("conditional", "gate", said...)
	}
	add("conditional", "turnstile", say("access", "private"), during("foot", "yes", "(11:00-13:30)", []span{{11 * 60, 13*60 + 30}}))
	add("conditional", "lift_gate", say("access", "private"), during("access", "no", "(22:00-06:00)", nightTime))
	return rows
}

// suiteWays are ways into the compound that say themselves who may use them;
// where they cross the wall nothing is mapped.
func suiteWays() []suiteRow {
	var rows []suiteRow
	for _, said := range [][]statement{
		nil,
		{say("access", "yes")}, {say("access", "permissive")}, {say("access", "delivery")}, {say("access", "customers")},
		{say("access", "private")}, {say("access", "residents")}, {say("access", "private;delivery")}, {say("access", "no")}, {say("access", "military")},
		{say("access", "no"), say("foot", "yes")},
		{say("access", "yes"), say("foot", "no")},
		{say("access", "private"), say("foot", "permissive")},
		{openAt("06:00-22:00", dayTime)},
		{openAt("06:00-22:00", dayTime), say("access", "delivery")},
		{say("access", "yes"), during("access", "no", "(22:00-06:00)", nightTime)},
		{say("access", "no"), during("access", "yes", "(06:00-22:00)", dayTime)},
		{say("access", "no"), during("foot", "yes", "(06:00-22:00)", dayTime)},
		{say("access", "yes"), during("motor_vehicle", "no", "(06:00-22:00)", dayTime)},
	} {
		rows = append(rows, suiteRow{"way", "", said})
	}
	return rows
}
