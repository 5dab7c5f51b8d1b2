package street

import (
	"strconv"

	"yizhan/geo"
)

// Class is the class of a way: what its highway tag says, in few words.
type Class uint8

// The classes of way, from the largest road to the smallest path.
const (
	Motorway Class = iota
	Trunk
	Primary
	Secondary
	Tertiary
	Residential
	LivingStreet
	Service
	Pedestrian
	Cycleway
	Footway
	Path
	Steps
	Track
	// GateLink is the short way between a gate that is mapped on no street
	// and the nearest street on either side of it.
	GateLink
	numClasses
)

// classRow says how fast each mode goes on a class of way, in km/h; 0 where
// it may not go. Walk marks where a rider pushes the bike unless the way's tags
// allow riding.
type classRow struct {
	word string
	name geo.Text
	kmh  [geo.NumModes]float64
	walk bool
}

// The speeds. Walking: 4.8 km/h, the middle of what studies give for city
// pavements, a third of that on stairs. Bicycles: 15 km/h on streets, less
// where people walk. E-bikes: 25 km/h is the limit of the Chinese standard
// GB 17761; 20 to 22 is what is reached between junctions.
var classTable = [numClasses]classRow{
	Motorway:     {"motorway", geo.Text{Zh: "高速路", En: "motorway"}, [3]float64{0, 0, 0}, false},
	Trunk:        {"trunk", geo.Text{Zh: "快速路", En: "trunk road"}, [3]float64{4.6, 15, 22}, false},
	Primary:      {"primary", geo.Text{Zh: "主干道", En: "main road"}, [3]float64{4.7, 15, 22}, false},
	Secondary:    {"secondary", geo.Text{Zh: "次干道", En: "main road"}, [3]float64{4.8, 15, 22}, false},
	Tertiary:     {"tertiary", geo.Text{Zh: "支路", En: "road"}, [3]float64{4.8, 15, 22}, false},
	Residential:  {"residential", geo.Text{Zh: "街道", En: "street"}, [3]float64{4.8, 15, 20}, false},
	LivingStreet: {"living_street", geo.Text{Zh: "生活街道", En: "living street"}, [3]float64{4.8, 12, 15}, false},
	Service:      {"service", geo.Text{Zh: "内部道路", En: "service road"}, [3]float64{4.8, 12, 15}, false},
	Pedestrian:   {"pedestrian", geo.Text{Zh: "步行街", En: "pedestrian street"}, [3]float64{4.8, 10, 10}, true},
	Cycleway:     {"cycleway", geo.Text{Zh: "自行车道", En: "cycleway"}, [3]float64{4.8, 16, 22}, false},
	Footway:      {"footway", geo.Text{Zh: "人行道", En: "footway"}, [3]float64{4.8, 10, 10}, true},
	Path:         {"path", geo.Text{Zh: "小路", En: "path"}, [3]float64{4.6, 10, 12}, false},
	Steps:        {"steps", geo.Text{Zh: "台阶", En: "steps"}, [3]float64{1.8, 0, 0}, true},
	Track:        {"track", geo.Text{Zh: "土路", En: "track"}, [3]float64{4.5, 10, 12}, false},
	GateLink:     {"gate_link", geo.Text{Zh: "门前小路", En: "way by the gate"}, [3]float64{4.6, 0, 0}, true},
}

// pushKmh is the speed of walking a bicycle, and the third of it on stairs.
const (
	pushKmh       = 4.0
	pushStairsKmh = 1.0
)

// EbikeLimit is the highest speed of an e-bike in km/h, after GB 17761-2018.
const EbikeLimit = 25.0

// Text returns what an unnamed way of the class is called.
func (c Class) Text() geo.Text { return classTable[c].name }

// Word returns the value of highway=* that stands for the class, "gate_link"
// for GateLink.
func (c Class) Word() string { return classTable[c].word }

// mainRoad says that a way is a road of its own that no compound swallows.
func (c Class) mainRoad() bool { return c <= Tertiary }

// minor says that a way may belong to a compound even where it keeps to the
// perimeter.
func (c Class) minor() bool { return c >= LivingStreet }

// ParseClass reads a highway value; links count as their road. ok is false
// for what nobody of the modes can use or what is no street.
func ParseClass(s string) (Class, bool) {
	switch s {
	case "motorway_link":
		return Motorway, true
	case "trunk_link":
		return Trunk, true
	case "primary_link":
		return Primary, true
	case "secondary_link":
		return Secondary, true
	case "tertiary_link":
		return Tertiary, true
	case "unclassified", "road", "busway":
		return Residential, true
	case "bridleway":
		return Track, true
	case "corridor", "platform":
		return Footway, true
	}
	for c, row := range classTable {
		if row.word == s && Class(c) != GateLink {
			return Class(c), true
		}
	}
	return 0, false
}

// permission is what the tags of a way allow one mode.
type permission uint8

const (
	allowed permission = iota
	calling            // to call there, not to pass through
	byTag              // allowed, and said so by a tag: yes, permissive, designated
	forbidden
)

// Profile is how the modes use a way.
type Profile struct {
	// Speed in metres per second, along the way and against it; 0 where the
	// mode may not go.
	Speed [geo.NumModes][2]float32
	// Walk says that a rider pushes the bike.
	Walk [geo.NumModes][2]bool
	// Calling says that the way may be used to call there only.
	Calling [geo.NumModes]bool
	// Private says that callers must expect to register: access=private,
	// residents or permit.
	Private [geo.NumModes]bool
	// Public says that a tag opens the way for everybody, even within a
	// compound.
	Public [geo.NumModes]bool
	// Below says that the way runs in a tunnel, below ground or inside a
	// building: what stands on the street above it is not reached from it.
	Below bool
}

// usable says whether any mode may go in any direction.
func (p *Profile) usable() bool {
	for _, s := range p.Speed {
		if s[0] > 0 || s[1] > 0 {
			return true
		}
	}
	return false
}

// profileOf works out how the modes use a way of a class with tags.
func profileOf(class Class, tags geo.Tags) Profile {
	p := Profile{Below: below(tags)}
	row := classTable[class]
	foot := modePermission(class, tags, geo.Foot)
	fwd, back := onewayOf(tags, geo.Foot)
	if foot != forbidden {
		setSpeed(&p, geo.Foot, row.kmh[geo.Foot]*surfaceFactor(tags, geo.Foot), fwd, back, false)
		setPermission(&p, geo.Foot, foot, tags)
	}
	for _, m := range []geo.Mode{geo.Bicycle, geo.Ebike} {
		may := modePermission(class, tags, m)
		word := specific(tags, m)
		pushOnly := word == "dismount" || row.walk && !isYes(word)
		if may != forbidden && !pushOnly {
			kmh := row.kmh[m] * surfaceFactor(tags, m)
			if class == Steps {
				kmh = 0 // bicycle=yes on stairs speaks of a ramp to push
			}
			if m == geo.Ebike {
				kmh = min(kmh, EbikeLimit)
			}
			fwd, back := onewayOf(tags, m)
			setSpeed(&p, m, kmh, fwd, back, false)
			setPermission(&p, m, may, tags)
		}
		if foot == forbidden || class == Motorway {
			continue
		}
		// Where riding is out, the bike is pushed: a rider on foot.
		kmh := pushKmh
		if class == Steps {
			kmh = pushStairsKmh
		}
		needFwd, needBack := p.Speed[m][0] == 0, p.Speed[m][1] == 0
		rides := !needFwd || !needBack
		setSpeed(&p, m, kmh, needFwd && fwd, needBack && back, true)
		if !rides {
			setPermission(&p, m, foot, tags)
		}
	}
	return p
}

// below reads the tags that put a way under the ground or under a roof. A
// passage through a building is open to the street at both ends.
func below(tags geo.Tags) bool {
	switch tags["tunnel"] {
	case "", "no", "building_passage", "culvert":
	default:
		return true
	}
	switch tags["indoor"] {
	case "", "no":
	default:
		return true
	}
	layer, err := strconv.ParseFloat(tags["layer"], 64)
	return err == nil && layer < 0 || tags["highway"] == "corridor"
}

func setSpeed(p *Profile, m geo.Mode, kmh float64, fwd, back, walk bool) {
	mps := float32(kmh / 3.6)
	if fwd && mps > 0 {
		p.Speed[m][0], p.Walk[m][0] = mps, walk
	}
	if back && mps > 0 {
		p.Speed[m][1], p.Walk[m][1] = mps, walk
	}
}

func setPermission(p *Profile, m geo.Mode, may permission, tags geo.Tags) {
	p.Calling[m] = may == calling
	p.Public[m] = may == byTag
	if may == calling {
		p.Private[m] = classify(accessWord(tags, m)) == wordPermit
	}
}

// modePermission reads the access hierarchy of a way: the most specific tag
// of the mode wins over the class's default.
func modePermission(class Class, tags geo.Tags, m geo.Mode) permission {
	word := accessWord(tags, m)
	switch classify(word) {
	case wordYes, wordDismount:
		return byTag
	case wordDeliver, wordPermit:
		return calling
	case wordNo:
		if !conditional(tags, m) {
			return forbidden
		}
	}
	switch {
	case class == Motorway, tags["motorroad"] == "yes":
		return forbidden
	case class == Trunk && m == geo.Foot && tags["sidewalk"] == "no":
		return forbidden
	case class == Cycleway && m == geo.Foot && (tags["foot"] == "no" || tags["segregated"] == "" && tags["sidewalk"] == "no"):
		return forbidden
	}
	return allowed
}

// conditional says whether a :conditional tag may open for a mode what the
// plain tags close; the rule of the way then decides at each hour.
func conditional(tags geo.Tags, m geo.Mode) bool {
	for _, k := range append([]string{"access"}, modeKeys[m]...) {
		if tags[k+":conditional"] != "" {
			return true
		}
	}
	return false
}

// onewayOf says in which directions a mode may go. People on foot go both
// ways unless a tag speaks of them.
func onewayOf(tags geo.Tags, m geo.Mode) (fwd, back bool) {
	var v string
	if m == geo.Foot {
		v = tags["oneway:foot"]
		if v == "" && (tags["highway"] == "steps" || tags["conveying"] != "") {
			v = conveyed(tags["conveying"])
		}
	} else {
		v = tags["oneway"]
		if v == "" && (tags["junction"] == "roundabout" || tags["junction"] == "circular") {
			v = "yes"
		}
		for _, k := range []string{"cycleway", "cycleway:left", "cycleway:right", "cycleway:both"} {
			if o := tags[k]; o == "opposite" || o == "opposite_lane" || o == "opposite_track" || o == "opposite_share_busway" {
				v = "no"
			}
			if tags[k+":oneway"] == "no" {
				v = "no"
			}
		}
		if s := tags["oneway:bicycle"]; s != "" {
			v = s
		}
		if s := tags["oneway:electric_bicycle"]; s != "" && m == geo.Ebike {
			v = s
		}
	}
	switch v {
	case "yes", "true", "1", "forward":
		return true, false
	case "-1", "reverse", "backward":
		return false, true
	}
	return true, true
}

func conveyed(v string) string {
	if v == "forward" || v == "backward" {
		return v
	}
	return ""
}

// surfaceFactor slows a mode down on bad ground.
func surfaceFactor(tags geo.Tags, m geo.Mode) float64 {
	var bad float64
	switch tags["surface"] {
	case "cobblestone", "unhewn_cobblestone", "sett", "gravel", "pebblestone":
		bad = 0.3
	case "sand", "mud", "grass", "earth", "dirt", "ground", "unpaved":
		bad = 0.4
	case "compacted", "fine_gravel", "grass_paver", "wood":
		bad = 0.15
	}
	if m == geo.Foot {
		bad /= 4
	}
	return 1 - bad
}
