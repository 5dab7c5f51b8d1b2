package demo

import "slices"

// gateRow is one way that gates are kept in practice.
type gateRow struct {
	suffix  name
	tags    []string
	way     string
	wayTags []string
	// bay says that riders leave the bike outside.
	bay bool
}

// mainGates stand on the widest street; one of them is the first gate of
// every residential compound.
var mainGates = []gateRow{
	{name{"门（正门）", "Main Gate"}, []string{"barrier", "lift_gate", "foot", "yes", "bicycle", "yes", "motor_vehicle", "private", "opening_hours", "24/7"}, "service", nil, false},
	{name{"门（正门）", "Main Gate"}, []string{"barrier", "gate", "foot", "yes", "bicycle", "yes", "electric_bicycle", "no", "opening_hours", "24/7"}, "service", nil, true},
	{name{"门（正门）", "Main Gate"}, []string{"barrier", "lift_gate", "access", "private", "delivery", "yes", "opening_hours", "24/7"}, "service", nil, false},
	{name{"门（正门）", "Main Gate"}, []string{"barrier", "security_control", "opening_hours", "24/7"}, "service", nil, true},
	{name{"门（正门）", "Main Gate"}, []string{"barrier", "lift_gate", "foot", "yes", "bicycle", "yes", "opening_hours", "Mo-Su 05:00-24:00"}, "service", nil, false},
}

// sideGates are the others, in the order in which compounds take them.
var sideGates = []gateRow{
	{name{"门", "Gate"}, []string{"barrier", "gate", "foot", "yes", "bicycle", "yes", "electric_bicycle", "no", "opening_hours", "Mo-Su 06:00-22:00"}, "footway", []string{"bicycle", "yes"}, true},
	{name{"门", "Gate"}, []string{"barrier", "gate", "locked", "yes"}, "footway", nil, false},
	{name{"门（外卖通道）", "Delivery Gate"}, []string{"barrier", "swing_gate", "access", "private", "delivery", "yes", "opening_hours", "Mo-Su 07:00-21:00"}, "service", nil, false},
	{name{"门（人行）", "Pedestrian Gate"}, []string{"barrier", "turnstile", "foot", "yes", "opening_hours", "Mo-Su 05:30-23:30"}, "footway", nil, true},
	{name{"门（车库）", "Garage Gate"}, []string{"barrier", "lift_gate", "access", "private"}, "service", nil, false},
	{name{"门（人行）", "Pedestrian Gate"}, []string{"barrier", "full-height_turnstile", "access", "private", "foot:conditional", "yes @ (06:00-09:00,11:00-13:30,17:00-20:00)"}, "footway", nil, true},
	{name{"门", "Gate"}, []string{"barrier", "swing_gate"}, "footway", nil, false},
	{name{"门（早市）", "Market Gate"}, []string{"barrier", "gate", "foot", "yes", "bicycle", "dismount", "opening_hours", "Mo-Fr 06:30-09:30,16:30-19:30; Sa-Su 06:30-19:30"}, "footway", nil, true},
	{name{"门", "Gate"}, []string{"barrier", "bollard"}, "footway", []string{"bicycle", "yes"}, false},
	{name{"门", "Gate"}, []string{"barrier", "gate", "access", "no", "foot", "delivery", "opening_hours", "Mo-Su 08:00-20:00"}, "footway", nil, true},
}

// institutionGates are the gates of campuses, hospitals and office parks.
var institutionGates = map[use][]gateRow{
	useCampus: {
		{name{"门", "Gate"}, []string{"barrier", "lift_gate", "access", "private", "foot", "delivery", "opening_hours", "Mo-Fr 06:30-22:00; Sa-Su 08:00-18:00"}, "service", nil, true},
		{name{"门", "Gate"}, []string{"barrier", "gate", "access", "private", "locked", "yes"}, "footway", nil, false},
		{name{"门（家长接送）", "Pick-up Gate"}, []string{"barrier", "gate", "foot", "yes", "bicycle", "no", "opening_hours", "Mo-Fr 07:00-08:30,16:00-18:30; PH off"}, "footway", nil, true},
	},
	useHospital: {
		{name{"门（门诊）", "Outpatient Gate"}, []string{"barrier", "lift_gate", "access", "yes", "opening_hours", "24/7"}, "service", nil, false},
		{name{"门（急诊）", "Emergency Gate"}, []string{"barrier", "lift_gate", "access", "permissive", "bicycle", "no", "electric_bicycle", "no"}, "service", nil, true},
		{name{"门（住院）", "Ward Gate"}, []string{"barrier", "gate", "foot", "yes", "bicycle", "yes", "opening_hours", "06:00-21:30"}, "service", nil, false},
	},
	useOffice: {
		{name{"门", "Gate"}, []string{"barrier", "lift_gate", "access", "permissive", "electric_bicycle", "yes", "opening_hours", "Mo-Su 07:00-23:00"}, "service", nil, false},
		{name{"门", "Gate"}, []string{"barrier", "gate", "foot", "permissive", "bicycle", "dismount", "opening_hours", "Mo-Fr 07:30-20:00"}, "footway", nil, true},
		{name{"门（访客登记）", "Visitor Gate"}, []string{"barrier", "gate", "access", "permit"}, "footway", nil, true},
	},
}

// gateRowsFor returns how the gates of the index-th compound are kept: the
// first is its main gate. Neighbours take different rows, so that every row
// stands somewhere.
func gateRowsFor(u use, index, count int) []gateRow {
	if own := institutionGates[u]; own != nil {
		return own[:min(count, len(own))]
	}
	rows := []gateRow{mainGates[index%len(mainGates)]}
	for i := range count - 1 {
		rows = append(rows, sideGates[(index*3+i)%len(sideGates)])
	}
	return slices.Clip(rows)
}
