// Package hours reads opening_hours strings in the grammar of OpenStreetMap
// and says whether a place is open, closed or unknown at an instant and when
// that changes next. It also reads conditional restrictions, which put such a
// string behind an @.
//
// # The day is the unit
//
// A Schedule is a list of rules. A rule has date selectors (years, dates,
// weeks, holidays, weekdays: all must hold, within one kind any), time spans,
// a state and a comment. For a civil date, in the zone of the place, the rules
// are laid over each other in order:
//
//   - a rule with date selectors that opens (or makes unknown) replaces all that
//     earlier rules said of the dates it matches, the hours that earlier rules
//     carry over from the evening before included;
//   - a rule that closes (off) only paints its own hours, the whole day where it
//     has none;
//   - a rule after a comma adds to the earlier ones;
//   - a rule after || fills what is still closed;
//   - where a span runs past midnight, the date on which it starts decides; the
//     rest of it belongs to that rule on the next date, also where a later rule
//     shut the first one.
//
// These are the rules of the reference implementation, the JavaScript library
// opening_hours, against which this package is tested; the differences are a
// table in the test.
//
// # The clock on the wall
//
// The state at an instant is a function of what the clock on the wall shows,
// to the minute. In the night when clocks go back the same hour is read twice;
// in the night when they go forward a span inside the lost hour does not
// happen. The next change is always the first instant at which the state truly
// differs.
//
// # Open ends and the sun
//
// "17:00+" is unknown from 17:00 on: nobody says when it closes. It is taken
// to end ten hours later, eight hours later from 22:00 on, at midnight when it
// starts before 17:00, and where the next span of the same rule begins.
// "10:00-17:00+" is open until 17:00 and unknown from then on.
//
// Sun times are those of the place's point on that date, to the full minute.
// Where the sun does not set, sunrise is 00:00 and sunset 24:00; where it does
// not rise, both are at solar noon.
//
// # Holidays
//
// PH is what Holidays.Public says, SH what Holidays.School says; where that
// does not know, the state is unknown only if it depends on the answer. A
// make-up workday (a Saturday worked for a long holiday) is not PH and "Mo-Fr"
// does not include it: OSM has no word for it. The Chinese word 工作日 is
// accepted as a day selector beside the OSM ones and means what it says: Monday
// to Friday without holidays, and the make-up workdays. Other programs cannot
// read it.
package hours
