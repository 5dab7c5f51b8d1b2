package street_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/hours"
	"yizhan/geo/street"
)

var beijing = time.FixedZone("CST", 8*3600)

// gateTime is a time of day on Monday, 23 November 2026.
func gateTime(hour, minute int) time.Time {
	return time.Date(2026, 11, 23, hour, minute, 0, 0, beijing)
}

var here = hours.Place{Point: orb.Point{116.35, 39.96}, Zone: beijing}

// accessRow is what one barrier gives for the three modes at night, 03:00, and
// at noon: o open, d open for callers only, D open when dismounted, p permit
// for callers only, u unknown, x closed; for foot, bicycle, e-bike.
type accessRow struct {
	name    string
	barrier string
	tags    string
	night   string
	noon    string
}

var accessRows = []accessRow{
	// Nothing tagged.
	{"gate", "gate", "", "uuu", "uuu"},
	{"lift gate", "lift_gate", "", "uuu", "uuu"},
	{"swing gate", "swing_gate", "", "uuu", "uuu"},
	{"sliding gate", "sliding_gate", "", "uuu", "uuu"},
	{"wicket gate", "wicket_gate", "", "uuu", "uuu"},
	{"entrance", "entrance", "", "uuu", "uuu"},
	{"bollard", "bollard", "", "ooo", "ooo"},
	{"cycle barrier", "cycle_barrier", "", "ooo", "ooo"},
	{"block", "block", "", "ooo", "ooo"},
	{"turnstile", "turnstile", "", "oxx", "oxx"},
	{"full-height turnstile", "full-height_turnstile", "", "oxx", "oxx"},
	{"kissing gate", "kissing_gate", "", "oxx", "oxx"},
	{"stile", "stile", "", "oxx", "oxx"},
	{"wall", "wall", "", "xxx", "xxx"},
	{"fence", "fence", "", "xxx", "xxx"},
	{"yes", "yes", "", "xxx", "xxx"},
	{"security control", "security_control", "", "ppp", "ppp"},
	{"checkpoint", "checkpoint", "", "ppp", "ppp"},
	{"inferred", "", "", "uuu", "uuu"},
	{"what nobody knows", "drawbridge", "", "uuu", "uuu"},
	// Words.
	{"access yes", "gate", "access=yes", "ooo", "ooo"},
	{"permissive", "gate", "access=permissive", "ooo", "ooo"},
	{"designated", "gate", "bicycle=designated", "uoo", "uoo"},
	{"delivery", "gate", "access=delivery", "ddd", "ddd"},
	{"destination", "gate", "access=destination", "ddd", "ddd"},
	{"customers", "gate", "access=customers", "ddd", "ddd"},
	{"private and delivery", "gate", "access=private;delivery", "ddd", "ddd"},
	{"list with blanks", "gate", "access=residents;_delivery", "ddd", "ddd"},
	{"private", "gate", "access=private", "ppp", "ppp"},
	{"residents", "gate", "access=residents", "ppp", "ppp"},
	{"permit", "gate", "access=permit", "ppp", "ppp"},
	{"no", "gate", "access=no", "xxx", "xxx"},
	{"agricultural", "gate", "access=agricultural", "xxx", "xxx"},
	{"agricultural list", "gate", "access=agricultural;forestry", "xxx", "xxx"},
	{"forestry", "gate", "access=forestry", "xxx", "xxx"},
	{"military", "gate", "access=military", "xxx", "xxx"},
	{"a word nobody knows", "gate", "access=perhaps", "uuu", "uuu"},
	// The most specific tag wins.
	{"no, foot delivery", "gate", "access=no foot=delivery", "dxx", "dxx"},
	{"no, foot yes", "gate", "access=no foot=yes", "oxx", "oxx"},
	{"yes, foot no", "gate", "access=yes foot=no", "xoo", "xoo"},
	{"bicycle for both", "gate", "access=no bicycle=yes", "xoo", "xoo"},
	{"no e-bikes", "gate", "access=yes electric_bicycle=no", "oox", "oox"},
	{"only e-bikes", "gate", "access=no bicycle=no electric_bicycle=yes", "xxo", "xxo"},
	{"vehicle no", "gate", "access=yes vehicle=no", "oxx", "oxx"},
	{"vehicle no, bicycle yes", "gate", "vehicle=no bicycle=yes", "uoo", "uoo"},
	{"dismount", "gate", "bicycle=dismount", "uDD", "uDD"},
	{"dismount, e-bike no", "gate", "bicycle=dismount electric_bicycle=no", "uDx", "uDx"},
	{"turnstile for bicycles", "turnstile", "bicycle=yes", "ooo", "ooo"},
	{"wall with a way", "wall", "foot=yes", "oxx", "oxx"},
	{"bollard private", "bollard", "access=private", "ppp", "ppp"},
	{"checkpoint yes", "checkpoint", "foot=yes", "opp", "opp"},
	// delivery=*.
	{"private, delivery yes", "gate", "access=private delivery=yes", "ddd", "ddd"},
	{"no, delivery yes", "gate", "access=no delivery=yes", "ddd", "ddd"},
	{"yes, delivery yes", "gate", "access=yes delivery=yes", "ooo", "ooo"},
	{"delivery no", "gate", "delivery=no", "xxx", "xxx"},
	{"delivery no, foot yes", "gate", "delivery=no foot=yes", "oxx", "oxx"},
	{"foot private, delivery yes", "gate", "foot=private delivery=yes", "ddd", "ddd"},
	{"bicycle no, delivery yes", "gate", "bicycle=no delivery=yes", "dxx", "dxx"},
	// locked=*.
	{"locked", "gate", "locked=yes", "xxx", "xxx"},
	{"not locked", "gate", "locked=no", "uuu", "uuu"},
	{"locked, access yes", "gate", "locked=yes access=yes", "xxx", "xxx"},
	{"locked, foot yes, no hours", "gate", "locked=yes foot=yes", "xxx", "xxx"},
	{"locked, foot yes in hours", "gate", "locked=yes foot=yes opening_hours=06:00-24:00", "xxx", "oxx"},
	{"locked, private, hours", "gate", "locked=yes access=private opening_hours=06:00-24:00", "xxx", "xxx"},
	{"the north gate", "gate", "access=private bicycle=no foot=yes locked=yes opening_hours=Mo-Su_06:00-24:00", "xxx", "oxx"},
	{"locked at night", "gate", "locked:conditional=yes_@_(22:00-06:00) access=yes", "xxx", "ooo"},
	// opening_hours.
	{"hours alone", "gate", "opening_hours=06:00-22:00", "xxx", "ooo"},
	{"hours, private", "gate", "opening_hours=06:00-22:00 access=private", "xxx", "ppp"},
	{"hours, delivery", "gate", "opening_hours=06:00-22:00 access=delivery", "xxx", "ddd"},
	{"always", "gate", "opening_hours=24/7", "ooo", "ooo"},
	{"never", "gate", "opening_hours=off", "xxx", "xxx"},
	{"another weekday", "gate", "opening_hours=Tu_06:00-22:00 access=yes", "xxx", "xxx"},
	{"hours nobody can read", "gate", "opening_hours=sometimes_maybe: access=yes", "uuu", "uuu"},
	{"hours nobody can tell", "gate", "opening_hours=\"by_appointment\" access=yes", "uuu", "uuu"},
	{"turnstile with hours", "turnstile", "opening_hours=06:00-22:00", "xxx", "oxx"},
	// *:conditional.
	{"no at night", "gate", "access=yes access:conditional=no_@_(22:00-06:00)", "xxx", "ooo"},
	{"yes by day", "gate", "access=no access:conditional=yes_@_(06:00-22:00)", "xxx", "ooo"},
	{"delivery by day", "gate", "access=private access:conditional=delivery_@_(06:00-22:00)", "ppp", "ddd"},
	{"two clauses", "gate", "access:conditional=no_@_(22:00-06:00);_delivery_@_(06:00-22:00)", "xxx", "ddd"},
	{"foot conditional", "gate", "access=no foot:conditional=yes_@_(06:00-22:00)", "xxx", "oxx"},
	{"foot beats access conditional", "gate", "foot=yes access:conditional=no_@_(22:00-06:00)", "oxx", "ouu"},
	{"bicycle conditional for e-bikes", "gate", "access=yes bicycle:conditional=no_@_(00:00-05:00)", "oxx", "ooo"},
	{"e-bike conditional", "gate", "bicycle=yes electric_bicycle:conditional=no_@_(00:00-05:00)", "uox", "uoo"},
	{"a condition nobody can check", "gate", "access=yes access:conditional=no_@_wet", "uuu", "uuu"},
	{"a conditional nobody can read", "gate", "access=yes access:conditional=no_@", "uuu", "uuu"},
}

func tagsOf(s string) geo.Tags {
	tags := geo.Tags{}
	for _, f := range strings.Fields(s) {
		k, v, _ := strings.Cut(f, "=")
		tags[k] = strings.ReplaceAll(v, "_", " ")
		if k == "barrier" {
			tags[k] = v
		}
	}
	return tags
}

func letter(a street.Access) byte {
	switch {
	case a.Verdict == geo.Closed:
		return 'x'
	case a.Verdict == geo.Unknown:
		return 'u'
	case a.Verdict == geo.Permit && !a.Through:
		return 'p'
	case a.Dismount && a.Through:
		return 'D'
	case a.Verdict == geo.Open && a.Through:
		return 'o'
	case a.Verdict == geo.Open:
		return 'd'
	}
	return '?'
}

// TestEvaluate runs every row for each mode at both hours.
func TestEvaluate(t *testing.T) {
	for _, row := range accessRows {
		for _, c := range []struct {
			hour int
			want string
		}{{3, row.night}, {12, row.noon}} {
			var got []byte
			for _, m := range geo.Modes() {
				a := street.Evaluate(tagsOf(row.tags), row.barrier, m, gateTime(c.hour, 0), here)
				got = append(got, letter(a))
				if a.Reason.Zh == "" || a.Reason.En == "" {
					t.Errorf("%s, %s at %d:00: no reason", row.name, m, c.hour)
				}
				if a.Verdict == geo.Closed && a.Delay != 0 {
					t.Errorf("%s: delay %g at a closed gate", row.name, a.Delay)
				}
			}
			if string(got) != c.want {
				t.Errorf("%s (%s) at %d:00: %s, want %s", row.name, row.tags, c.hour, got, c.want)
			}
		}
	}
}

// TestPassAgrees: the cheap form used by searches says what the full one says.
func TestPassAgrees(t *testing.T) {
	for _, row := range accessRows {
		rule := street.NewRule(row.barrier, tagsOf(row.tags))
		for hour := range 24 {
			for _, m := range geo.Modes() {
				a := rule.At(m, gateTime(hour, 30), here)
				p := rule.Pass(m, gateTime(hour, 30), here)
				if p.Verdict != a.Verdict || p.Through != a.Through || float64(p.Delay)/1000 != a.Delay {
					t.Errorf("%s, %s at %d:30: %+v against %+v", row.name, m, hour, p, a)
				}
			}
		}
	}
}

// TestReasons: what a rider reads, and when the gate opens.
func TestReasons(t *testing.T) {
	for _, c := range []struct {
		name    string
		barrier string
		tags    string
		mode    geo.Mode
		at      time.Time
		zh, en  string
		opens   time.Time
	}{
		{"before opening", "gate", "opening_hours=06:00-22:00", geo.Foot, gateTime(3, 0),
			"此门 06:00 开，现在关闭", "Closed now, opens 06:00", gateTime(6, 0)},
		{"after closing", "gate", "opening_hours=06:00-22:00", geo.Foot, gateTime(23, 0),
			"此门明天 06:00 开，现在关闭", "Closed now, opens tomorrow 06:00", gateTime(30, 0)},
		{"closed for days", "gate", "opening_hours=Th_06:00-22:00", geo.Foot, gateTime(3, 0),
			"此门周四 06:00 开，现在关闭", "Closed now, opens Thursday 06:00", gateTime(3*24+6, 0)},
		{"never", "gate", "opening_hours=off", geo.Foot, gateTime(3, 0),
			"此门现在关闭", "Closed now", time.Time{}},
		{"the north gate at night", "gate", "access=private bicycle=no foot=yes locked=yes opening_hours=Mo-Su_06:00-24:00", geo.Foot, gateTime(3, 0),
			"此门 06:00 开，现在关闭", "Closed now, opens 06:00", gateTime(6, 0)},
		{"the north gate by day", "gate", "access=private bicycle=no foot=yes locked=yes opening_hours=Mo-Su_06:00-24:00", geo.Foot, gateTime(12, 0),
			"可以通行，到 24:00", "Open until 24:00", time.Time{}},
		{"the north gate on an e-bike", "gate", "access=private bicycle=no foot=yes locked=yes opening_hours=Mo-Su_06:00-24:00", geo.Ebike, gateTime(12, 0),
			"此门不让电动车通过", "No e-bikes", time.Time{}},
		{"locked", "gate", "locked=yes", geo.Foot, gateTime(12, 0), "此门上锁", "Locked", time.Time{}},
		{"no e-bikes", "gate", "electric_bicycle=no", geo.Ebike, gateTime(12, 0), "此门不让电动车通过", "No e-bikes", time.Time{}},
		{"no at night", "gate", "access=yes access:conditional=no_@_(22:00-06:00)", geo.Foot, gateTime(3, 0),
			"此门不让行人通过，06:00 起可以", "No entry on foot until 06:00", gateTime(6, 0)},
		{"hours and condition", "gate", "opening_hours=05:00-23:00 access:conditional=no_@_(22:00-06:00)", geo.Foot, gateTime(3, 0),
			"此门不让行人通过，06:00 起可以", "No entry on foot until 06:00", gateTime(6, 0)},
		{"private", "gate", "access=private", geo.Foot, gateTime(12, 0), "仅限内部人员，外来人员须登记", "Private: register to enter", time.Time{}},
		{"free at noon, in the hours", "gate", "access=private foot:conditional=yes_@_(11:00-13:30)", geo.Foot, gateTime(12, 17),
			"可以通行，到 13:30", "Open until 13:30", time.Time{}},
		{"free at noon, before", "gate", "access=private foot:conditional=yes_@_(11:00-13:30)", geo.Foot, gateTime(9, 0),
			"仅限内部人员，外来人员须登记；11:00–13:30 可自由通行", "Private: register to enter; open to all 11:00–13:30", gateTime(11, 0)},
		{"a turnstile for cards, before", "full-height_turnstile", "access=private foot:conditional=yes_@_(11:00-13:30)", geo.Foot, gateTime(9, 0),
			"仅限持卡人员，需住户开门；11:00–13:30 可自由通行", "Cardholders only: a resident has to let you in; open to all 11:00–13:30", gateTime(11, 0)},
		{"a turnstile for cards, after", "full-height_turnstile", "access=private foot:conditional=yes_@_(11:00-13:30)", geo.Foot, gateTime(14, 0),
			"仅限持卡人员，需住户开门；明天 11:00–13:30 可自由通行", "Cardholders only: a resident has to let you in; open to all tomorrow 11:00–13:30", gateTime(35, 0)},
		{"a turnstile for cards on an e-bike", "full-height_turnstile", "access=private foot:conditional=yes_@_(11:00-13:30)", geo.Ebike, gateTime(9, 0),
			"转门或台阶门只能走人，车进不去", "Turnstile: on foot only", time.Time{}},
		{"private, hours", "gate", "access=private opening_hours=06:00-22:00", geo.Foot, gateTime(12, 0),
			"仅限内部人员，外来人员须登记，到 22:00", "Private: register to enter until 22:00", time.Time{}},
		{"delivery by day, then private", "gate", "access=private access:conditional=delivery_@_(06:00-22:00)", geo.Foot, gateTime(12, 0),
			"送货、访客可进，到 22:00", "Open for deliveries and callers until 22:00", time.Time{}},
		{"from one word to a better one", "gate", "access=delivery access:conditional=yes_@_(13:00-14:00)", geo.Foot, gateTime(12, 0),
			"送货、访客可进", "Open for deliveries and callers", time.Time{}},
		{"no at night, by day", "gate", "access=yes access:conditional=no_@_(22:00-06:00)", geo.Foot, gateTime(12, 0),
			"可以通行，到 22:00", "Open until 22:00", time.Time{}},
		{"delivery", "gate", "access=private;delivery", geo.Foot, gateTime(12, 0), "送货、访客可进", "Open for deliveries and callers", time.Time{}},
		{"turnstile", "turnstile", "", geo.Ebike, gateTime(12, 0), "转门或台阶门只能走人，车进不去", "Turnstile: on foot only", time.Time{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := street.Evaluate(tagsOf(c.tags), c.barrier, c.mode, c.at, here)
			if diff := cmp.Diff(geo.Text{Zh: c.zh, En: c.en}, a.Reason); diff != "" {
				t.Error(diff)
			}
			if !a.Opens.Equal(c.opens) {
				t.Errorf("opens %v, want %v", a.Opens, c.opens)
			}
		})
	}
}

// TestZone: hours are those of the gate's zone, whatever zone the instant
// carries.
func TestZone(t *testing.T) {
	a := street.Evaluate(tagsOf("opening_hours=06:00-22:00"), "gate", geo.Foot, gateTime(3, 0).UTC(), here)
	if a.Verdict != geo.Closed || a.Reason.En != "Closed now, opens 06:00" {
		t.Errorf("%v %v", a.Verdict, a.Reason)
	}
}
