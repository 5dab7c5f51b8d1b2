package street

import (
	"time"

	"yizhan/geo"
	"yizhan/geo/hours"
)

// reason puts a decision into words.
func (r *tagRule) reason(d decision, m geo.Mode, t time.Time, where hours.Place, opens time.Time) geo.Text {
	switch d.cause {
	case causeLocked:
		if !opens.IsZero() {
			zh, en := moment(opens, t)
			return geo.Text{Zh: "此门上锁，" + zh + " 开", En: "Locked, opens " + en}
		}
		return geo.Text{Zh: "此门上锁", En: "Locked"}
	case causeUnread:
		return geo.Text{Zh: "开放时间要到现场确认", En: "Its hours have to be checked on the spot"}
	case causeHours:
		if d.verdict == geo.Closed {
			if opens.IsZero() {
				return geo.Text{Zh: "此门现在关闭", En: "Closed now"}
			}
			zh, en := moment(opens, t)
			return geo.Text{Zh: "此门" + apart(zh) + " 开，现在关闭", En: "Closed now, opens " + en}
		}
		return r.until(geo.Text{Zh: "现在开放", En: "Open now"}, d, m, t, where)
	case causeWord:
		return r.wordReason(d, m, t, where, opens)
	}
	switch r.kind {
	case kindTurnstile:
		if d.verdict == geo.Closed {
			return geo.Text{Zh: "转门或台阶门只能走人，车进不去", En: "Turnstile: on foot only"}
		}
		return geo.Text{Zh: "行人可通过", En: "Open on foot"}
	case kindWall:
		return geo.Text{Zh: "此处有围墙或栏杆，没有门", En: "A wall or fence, no gate"}
	case kindGuard:
		return geo.Text{Zh: "有门岗，登记后可进", En: "Guarded: register to enter"}
	case kindInferred:
		return geo.Text{Zh: "有路通入，门的情况没有标注", En: "A way leads in; what stands there is not mapped"}
	case kindGate:
		return geo.Text{Zh: "能否通行没有标注，到门口确认", En: "Not known whether it lets callers pass"}
	}
	return geo.Text{Zh: "可以通过", En: "Open"}
}

// wordReason puts what a tag says into words.
func (r *tagRule) wordReason(d decision, m geo.Mode, t time.Time, where hours.Place, opens time.Time) geo.Text {
	switch d.word {
	case wordYes:
		return r.until(geo.Text{Zh: "可以通行", En: "Open"}, d, m, t, where)
	case wordDismount:
		if m == geo.Foot {
			return r.until(geo.Text{Zh: "可以通行", En: "Open"}, d, m, t, where)
		}
		return r.until(geo.Text{Zh: "下车推行可以通过", En: "Open if you push the bike"}, d, m, t, where)
	case wordDeliver:
		return r.until(geo.Text{Zh: "送货、访客可进", En: "Open for deliveries and callers"}, d, m, t, where)
	case wordPermit:
		text := geo.Text{Zh: "仅限内部人员，外来人员须登记", En: "Private: register to enter"}
		if r.keyed {
			text = geo.Text{Zh: "仅限持卡人员，需住户开门", En: "Cardholders only: a resident has to let you in"}
		}
		return r.freely(text, d, m, t, where, opens)
	}
	no := [geo.NumModes]geo.Text{
		geo.Foot:    {Zh: "此门不让行人通过", En: "No entry on foot"},
		geo.Bicycle: {Zh: "此门不让自行车通过", En: "No bicycles"},
		geo.Ebike:   {Zh: "此门不让电动车通过", En: "No e-bikes"},
	}[m]
	if !opens.IsZero() {
		zh, en := moment(opens, t)
		return geo.Text{Zh: no.Zh + "，" + zh + " 起可以", En: no.En + " until " + en}
	}
	return no
}

// until adds until when a decision holds, where that is within a day and what
// follows is worse for the caller.
func (r *tagRule) until(text geo.Text, d decision, m geo.Mode, t time.Time, where hours.Place) geo.Text {
	end, then, ok := r.lasts(d, m, t, where)
	if !ok || then.verdict <= d.verdict {
		return text
	}
	at := clock(end, t)
	return geo.Text{Zh: text.Zh + "，到 " + at, En: text.En + " until " + at}
}

// freely adds when a barrier that wants a permit is open to everybody next,
// from opens on; where that is not within a week, until when the permit helps.
func (r *tagRule) freely(text geo.Text, d decision, m geo.Mode, t time.Time, where hours.Place, opens time.Time) geo.Text {
	if opens.IsZero() || opens.Sub(t) > 7*24*time.Hour {
		return r.until(text, d, m, t, where)
	}
	zh, en := moment(opens, t)
	end, _, ok := r.lasts(r.decide(m, opens, where), m, opens, where)
	if !ok {
		return geo.Text{Zh: text.Zh + "；" + zh + " 起可自由通行", En: text.En + "; open to all from " + en}
	}
	span := "–" + clock(end, opens.In(t.Location()))
	return geo.Text{Zh: text.Zh + "；" + zh + span + " 可自由通行", En: text.En + "; open to all " + en + span}
}

// apart sets a text that begins with a digit off from the Chinese before it.
func apart(zh string) string {
	if zh != "" && zh[0] >= '0' && zh[0] <= '9' {
		return " " + zh
	}
	return zh
}

// clock writes the end of a span; midnight of the same day is 24:00.
func clock(u, t time.Time) string {
	u = u.In(t.Location())
	if u.Hour() == 0 && u.Minute() == 0 && u.Add(-time.Minute).YearDay() == t.YearDay() {
		return "24:00"
	}
	return u.Format("15:04")
}

var weekdays = [7]geo.Text{{Zh: "周日", En: "Sunday"}, {Zh: "周一", En: "Monday"}, {Zh: "周二", En: "Tuesday"}, {Zh: "周三", En: "Wednesday"}, {Zh: "周四", En: "Thursday"}, {Zh: "周五", En: "Friday"}, {Zh: "周六", En: "Saturday"}}

// moment writes an instant as seen from t: the time of day today, the weekday
// within a week, else the date.
func moment(u, t time.Time) (zh, en string) {
	u = u.In(t.Location())
	y, mo, d := t.Date()
	days := int(time.Date(u.Year(), u.Month(), u.Day(), 12, 0, 0, 0, time.UTC).Sub(time.Date(y, mo, d, 12, 0, 0, 0, time.UTC)).Hours() / 24)
	at := u.Format("15:04")
	switch {
	case days == 0:
		return at, at
	case days == 1:
		return "明天 " + at, "tomorrow " + at
	case days < 7:
		w := weekdays[u.Weekday()]
		return w.Zh + " " + at, w.En + " " + at
	}
	return u.Format("2006-01-02 15:04"), u.Format("2006-01-02 15:04")
}
