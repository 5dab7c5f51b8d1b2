package hours

// tokenKind is the kind of a token. Symbols stand for themselves.
type tokenKind uint8

const (
	tokEnd tokenKind = iota
	tokNumber
	tokWeekday // value 0 Monday
	tokMonth   // value 1 January
	tokHoliday // value dayPublic, daySchool or dayWorkday
	tokEvent   // value sunEvent
	tokEaster
	tokState // value State
	tokWeek
	tokDays
	tokAlways // 24/7
	tokComment
	tokMeridiem // value 0 am, 12 pm
	tokClock    // value minutes of a named time
	tokFallback // ||
	tokComma
	tokSemicolon
	tokHyphen
	tokPlus
	tokColon
	tokSlash
	tokOpenParen
	tokCloseParen
	tokOpenBracket
	tokCloseBracket
	tokLate // an end that is not known
	tokSkip // a word without meaning: o'clock, hours
)

// meaning is what a word stands for, one token or several.
type meaning []token

func one(kind tokenKind, value int) meaning { return meaning{{kind: kind, value: value}} }

func weekdays(from, to int) meaning {
	return meaning{{kind: tokWeekday, value: from}, {kind: tokHyphen}, {kind: tokWeekday, value: to}}
}

// lexicon returns the words of the grammar and of its common misspellings, in
// lower case. Phrases of several words have single spaces.
func lexicon() map[string]meaning {
	words := map[string]meaning{
		"open": one(tokState, int(StateOpen)), "opened": one(tokState, int(StateOpen)),
		"off": one(tokState, int(StateClosed)), "closed": one(tokState, int(StateClosed)),
		"close": one(tokState, int(StateClosed)), "unknown": one(tokState, int(StateUnknown)),
		"休息": one(tokState, int(StateClosed)), "关闭": one(tokState, int(StateClosed)),

		"dawn": one(tokEvent, int(eventDawn)), "sunrise": one(tokEvent, int(eventSunrise)),
		"sunset": one(tokEvent, int(eventSunset)), "dusk": one(tokEvent, int(eventDusk)),
		"日出": one(tokEvent, int(eventSunrise)), "日落": one(tokEvent, int(eventSunset)),

		"easter": one(tokEaster, 0), "week": one(tokWeek, 0), "weeks": one(tokWeek, 0),
		"day": one(tokDays, 0), "days": one(tokDays, 0),

		"ph": one(tokHoliday, int(dayPublic)), "public holiday": one(tokHoliday, int(dayPublic)),
		"public holidays": one(tokHoliday, int(dayPublic)), "holiday": one(tokHoliday, int(dayPublic)),
		"holidays": one(tokHoliday, int(dayPublic)), "bank holiday": one(tokHoliday, int(dayPublic)),
		"bank holidays": one(tokHoliday, int(dayPublic)), "法定节假日": one(tokHoliday, int(dayPublic)),
		"节假日": one(tokHoliday, int(dayPublic)), "sh": one(tokHoliday, int(daySchool)),
		"school holiday": one(tokHoliday, int(daySchool)), "school holidays": one(tokHoliday, int(daySchool)),
		"工作日": one(tokHoliday, int(dayWorkday)),

		"to": one(tokHyphen, 0), "till": one(tokHyphen, 0), "til": one(tokHyphen, 0),
		"until": one(tokHyphen, 0), "through": one(tokHyphen, 0), "thru": one(tokHyphen, 0), "bis": one(tokHyphen, 0),
		"至": one(tokHyphen, 0), "到": one(tokHyphen, 0), "and": one(tokComma, 0), "和": one(tokComma, 0),
		"am": one(tokMeridiem, 0), "a.m": one(tokMeridiem, 0), "pm": one(tokMeridiem, 12), "p.m": one(tokMeridiem, 12),
		"noon": one(tokClock, 12*60), "midnight": one(tokClock, 24*60),

		"late": one(tokLate, 0), "open end": one(tokLate, 0), "open-end": one(tokLate, 0),

		"daily": weekdays(0, 6), "everyday": weekdays(0, 6), "every day": weekdays(0, 6),
		"each day": weekdays(0, 6), "all days": weekdays(0, 6), "7 days a week": weekdays(0, 6),
		"每天": weekdays(0, 6), "每日": weekdays(0, 6), "weekdays": weekdays(0, 4),
		"weekday": weekdays(0, 4), "weekend": weekdays(5, 6), "weekends": weekdays(5, 6),
		"周末": weekdays(5, 6), "双休日": weekdays(5, 6),

		"24/7": one(tokAlways, 0), "24x7": one(tokAlways, 0), "24h": one(tokAlways, 0),
		"24 hours": one(tokAlways, 0), "24hours": one(tokAlways, 0), "24 hrs": one(tokAlways, 0),
		"24hrs": one(tokAlways, 0), "24hr": one(tokAlways, 0), "24 h": one(tokAlways, 0),
		"24小时": one(tokAlways, 0), "全天": one(tokAlways, 0), "always": one(tokAlways, 0),
		"always open": one(tokAlways, 0),

		"by appointment": {{kind: tokComment, text: "by appointment"}}, "appointment only": {{kind: tokComment, text: "by appointment"}},
		"by appointment only": {{kind: tokComment, text: "by appointment"}}, "on appointment": {{kind: tokComment, text: "by appointment"}},
		"h": one(tokSkip, 0), "hrs": one(tokSkip, 0), "hours": one(tokSkip, 0), "uhr": one(tokSkip, 0), "from": one(tokSkip, 0),
		"o'clock": one(tokSkip, 0), "on": one(tokSkip, 0),
	}
	for _, w := range []struct {
		kind  tokenKind
		first int
		names [][]string
	}{
		{tokWeekday, 0, [][]string{
			{"mo", "mon", "monday", "mondays", "周一", "星期一", "礼拜一"},
			{"tu", "tue", "tues", "tuesday", "tuesdays", "周二", "星期二", "礼拜二"},
			{"we", "wed", "weds", "wednesday", "wednesdays", "周三", "星期三", "礼拜三"},
			{"th", "thu", "thur", "thurs", "thursday", "thursdays", "周四", "星期四", "礼拜四"},
			{"fr", "fri", "friday", "fridays", "周五", "星期五", "礼拜五"},
			{"sa", "sat", "saturday", "saturdays", "周六", "星期六", "礼拜六"},
			{"su", "sun", "sunday", "sundays", "周日", "星期日", "礼拜日", "周天", "星期天", "礼拜天"},
		}},
		{tokMonth, 1, [][]string{
			{"jan", "january"}, {"feb", "february"}, {"mar", "march"}, {"apr", "april"}, {"may"},
			{"jun", "june"}, {"jul", "july"}, {"aug", "august"}, {"sep", "sept", "september"},
			{"oct", "october"}, {"nov", "november"}, {"dec", "december"},
		}},
	} {
		for i, names := range w.names {
			for _, name := range names {
				words[name] = one(w.kind, w.first+i)
			}
		}
	}
	return words
}

// canonical names, for String.
var (
	weekdayNames = [...]string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}
	monthNames   = [...]string{"", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
)
