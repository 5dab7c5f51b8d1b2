package table

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// tokenKind is what a piece of a Chinese opening-hours text is.
type tokenKind uint8

const (
	tDay     tokenKind = iota // one weekday, value 0 (Monday) to 6
	tDays                     // a set of weekdays, value a mask
	tWorkday                  // 工作日: Monday to Friday, not on public holidays
	tHoliday                  // public holidays
	tClock                    // a time of day, value in minutes
	tNumber                   // a bare number: an hour or a day, value as it is
	tHalf                     // 上午, 下午 …: value one of the halves below
	tNextDay                  // 次日
	tDash                     // a range
	tSep                      // an item of a list ends
	tEnd                      // a clause ends
	tAllDay                   // 24小时
	tOff                      // 休息, 除外
	tAlways                   // 无休: it is open then too
	tOpen                     // 开放
	tMonth                    // a month, value 1 to 12
	tDate                     // a day of a month, value month*100+day
	tBooking                  // 需预约
)

// The halves of a day.
const (
	beforeNoon = 1 + iota
	aroundNoon
	afterNoon
	atNight // 晚上
	smallHours
)

type token struct {
	kind   tokenKind
	value  int
	padded bool // of tClock: the hour has a leading zero
}

// hourWords are the words of the language, as narrow leaves them. Those with
// no kind of their own say nothing and are skipped.
var hourWords = [...]struct {
	word  string
	kind  tokenKind
	value int
	skip  bool
}{
	{word: "工作日", kind: tWorkday}, {word: "平日", kind: tWorkday}, {word: "上班日", kind: tWorkday},
	{word: "周末", kind: tDays, value: weekend}, {word: "双休日", kind: tDays, value: weekend}, {word: "双休", kind: tDays, value: weekend},
	{word: "每天", kind: tDays, value: everyDay}, {word: "每日", kind: tDays, value: everyDay}, {word: "天天", kind: tDays, value: everyDay},
	{word: "法定节假日", kind: tHoliday}, {word: "国家法定节假日", kind: tHoliday}, {word: "国家节假日", kind: tHoliday}, {word: "法定假日", kind: tHoliday},
	{word: "节假日", kind: tHoliday}, {word: "节日", kind: tHoliday}, {word: "公众假期", kind: tHoliday}, {word: "ph", kind: tHoliday},
	{word: "全天24小时", kind: tAllDay}, {word: "24小时全天", kind: tAllDay}, {word: "全天候24小时", kind: tAllDay}, {word: "全天候", kind: tAllDay}, {word: "全天", kind: tAllDay},
	{word: "24小时", kind: tAllDay}, {word: "24h", kind: tAllDay}, {word: "24 小时", kind: tAllDay}, {word: "二十四小时", kind: tAllDay},
	{word: "7*24小时", kind: tAllDay}, {word: "7x24小时", kind: tAllDay}, {word: "7×24小时", kind: tAllDay}, {word: "7*24", kind: tAllDay}, {word: "7x24", kind: tAllDay}, {word: "昼夜", kind: tAllDay},
	{word: "休息", kind: tOff}, {word: "除外", kind: tOff}, {word: "关闭", kind: tOff}, {word: "闭馆", kind: tOff}, {word: "闭店", kind: tOff}, {word: "停业", kind: tOff}, {word: "放假", kind: tOff},
	{word: "不开放", kind: tOff}, {word: "不营业", kind: tOff}, {word: "不上班", kind: tOff}, {word: "不对外开放", kind: tOff}, {word: "暂停开放", kind: tOff},
	{word: "无休", kind: tAlways}, {word: "不休息", kind: tAlways}, {word: "不休", kind: tAlways}, {word: "照常开放", kind: tAlways}, {word: "照常营业", kind: tAlways}, {word: "照常", kind: tAlways}, {word: "不打烊", kind: tAlways}, {word: "照常服务", kind: tAlways}, {word: "正常开放", kind: tAlways}, {word: "正常营业", kind: tAlways}, {word: "正常服务", kind: tAlways},
	{word: "凌晨", kind: tHalf, value: smallHours}, {word: "清晨", kind: tHalf, value: beforeNoon}, {word: "早上", kind: tHalf, value: beforeNoon}, {word: "早晨", kind: tHalf, value: beforeNoon},
	{word: "上午", kind: tHalf, value: beforeNoon}, {word: "早", kind: tHalf, value: beforeNoon}, {word: "朝", kind: tHalf, value: beforeNoon}, {word: "午间", kind: tHalf, value: aroundNoon}, {word: "中午", kind: tHalf, value: aroundNoon}, {word: "午后", kind: tHalf, value: afterNoon},
	{word: "下午", kind: tHalf, value: afterNoon}, {word: "傍晚", kind: tHalf, value: atNight}, {word: "晚上", kind: tHalf, value: atNight}, {word: "夜间", kind: tHalf, value: atNight}, {word: "夜里", kind: tHalf, value: atNight}, {word: "晚", kind: tHalf, value: atNight},
	{word: "次日", kind: tNextDay}, {word: "翌日", kind: tNextDay}, {word: "第二天", kind: tNextDay}, {word: "隔天", kind: tNextDay},
	{word: "到", kind: tDash}, {word: "至", kind: tDash}, {word: "-", kind: tDash}, {word: "~", kind: tDash}, {word: "–", kind: tDash}, {word: "—", kind: tDash}, {word: "―", kind: tDash}, {word: "−", kind: tDash}, {word: "─", kind: tDash}, {word: "〜", kind: tDash}, {word: "∼", kind: tDash}, {word: "…", kind: tDash},
	{word: ",", kind: tSep}, {word: "、", kind: tSep}, {word: "/", kind: tSep}, {word: "和", kind: tSep}, {word: "及", kind: tSep}, {word: "与", kind: tSep}, {word: "&", kind: tSep}, {word: "或", kind: tSep}, {word: "+", kind: tSep},
	{word: ";", kind: tEnd}, {word: "。", kind: tEnd}, {word: "|", kind: tEnd}, {word: "\n", kind: tEnd},
	{word: "开放", kind: tOpen}, {word: "营业", kind: tOpen}, {word: "上班", kind: tOpen}, {word: "可用", kind: tOpen}, {word: "服务", kind: tOpen}, {word: "对外开放", kind: tOpen}, {word: "免费开放", kind: tOpen}, {word: "开门", kind: tOpen},
	{word: "需预约", kind: tBooking}, {word: "须预约", kind: tBooking}, {word: "需提前预约", kind: tBooking}, {word: "请提前预约", kind: tBooking}, {word: "请预约", kind: tBooking}, {word: "预约", kind: tBooking},
	{word: "开放时间", skip: true}, {word: "营业时间", skip: true}, {word: "服务时间", skip: true}, {word: "工作时间", skip: true}, {word: "开放时段", skip: true}, {word: "时间", skip: true}, {word: "全年", skip: true}, {word: "每逢", skip: true}, {word: "逢", skip: true}, {word: "每", skip: true},
	{word: "中午不休息", skip: true}, {word: "中午不休", skip: true}, {word: "午间不休息", skip: true}, {word: "午间不休", skip: true},
	{word: "(", skip: true}, {word: ")", skip: true}, {word: "[", skip: true}, {word: "]", skip: true}, {word: ":", skip: true}, {word: " ", skip: true}, {word: "均", skip: true}, {word: "为", skip: true}, {word: "的", skip: true},
	{word: "夏季", skip: true}, {word: "夏令时", skip: true}, {word: "冬季", skip: true}, {word: "冬令时", skip: true}, {word: "春季", skip: true}, {word: "秋季", skip: true}, {word: "夏秋季", skip: true}, {word: "冬春季", skip: true},
	{word: "monday", kind: tDay, value: 0}, {word: "tuesday", kind: tDay, value: 1}, {word: "wednesday", kind: tDay, value: 2}, {word: "thursday", kind: tDay, value: 3}, {word: "friday", kind: tDay, value: 4}, {word: "saturday", kind: tDay, value: 5}, {word: "sunday", kind: tDay, value: 6},
	{word: "mon", kind: tDay, value: 0}, {word: "tue", kind: tDay, value: 1}, {word: "wed", kind: tDay, value: 2}, {word: "thu", kind: tDay, value: 3}, {word: "fri", kind: tDay, value: 4}, {word: "sat", kind: tDay, value: 5}, {word: "sun", kind: tDay, value: 6},
	{word: "am", kind: tHalf, value: beforeNoon}, {word: "pm", kind: tHalf, value: afterNoon}, {word: "daily", kind: tDays, value: everyDay}, {word: "closed", kind: tOff}, {word: "open", kind: tOpen}, {word: "to", kind: tDash},
}

const (
	everyDay = 1<<7 - 1
	weekdays = 1<<5 - 1
	weekend  = 1<<5 | 1<<6
)

// seasonWords name seasons, whose months nobody has settled.
var seasonWords = [...]string{"夏", "冬", "春", "秋"}

// hourTokens cuts a text, folded by narrow, into tokens; ok is false where a
// piece of it has no meaning here.
func hourTokens(s string) (tokens []token, ok bool) {
	for s != "" {
		if t, n := dayToken(s, tokens); n > 0 {
			tokens, s = append(tokens, t...), s[n:]
			continue
		}
		t, n, skip := wordToken(s)
		if n == 0 {
			t, n = numberToken(s)
		}
		if n == 0 {
			return nil, false
		}
		if repeated := t.kind == tDash && len(tokens) > 0 && tokens[len(tokens)-1].kind == tDash; !skip && !repeated {
			tokens = append(tokens, t)
		}
		s = s[n:]
	}
	return tokens, true
}

// namesDays says whether a text is of days and nothing else that matters.
func namesDays(text string) bool {
	tokens, ok := hourTokens(narrow(text))
	found := false
	for _, t := range tokens {
		found = found || t.kind <= tHoliday
		ok = ok && (t.kind <= tHoliday || t.kind == tDash || t.kind == tSep || t.kind == tOpen)
	}
	return ok && found
}

// wordToken reads the longest word that the text begins with; n is 0 where it
// begins with none.
func wordToken(s string) (t token, n int, skip bool) {
	for i := range hourWords {
		w := &hourWords[i]
		if len(w.word) > n && strings.HasPrefix(s, w.word) {
			t, n, skip = token{kind: w.kind, value: w.value}, len(w.word), w.skip
		}
	}
	return t, n, skip
}

// dayToken reads weekdays: 周一, 星期天, 周一三五, and after a range also the
// bare 五 of 周一至五.
func dayToken(s string, before []token) ([]token, int) {
	rest, n := s, 0
	for _, prefix := range []string{"星期", "礼拜", "周"} {
		if strings.HasPrefix(s, prefix) {
			rest, n = s[len(prefix):], len(prefix)
			break
		}
	}
	if n == 0 {
		k := len(before)
		if k < 2 || before[k-1].kind != tDash && before[k-1].kind != tSep || before[k-2].kind != tDay {
			return nil, 0
		}
	}
	var days []token
	for rest != "" {
		r, size := utf8.DecodeRuneInString(rest)
		day := strings.IndexRune("一二三四五六日", r) / len("一")
		switch {
		case r == '天':
			day = 6
		case r >= '1' && r <= '7' && len(days) == 0 && !clockFollows(rest[size:]):
			day = int(r - '1')
		case !strings.ContainsRune("一二三四五六日", r):
			day = -1
		}
		if day < 0 || len(days) > 0 && r > '7' && hourFollows(rest[size:]) || n == 0 && (r <= '7' && clockFollows(rest[size:]) || r > '7' && (hourFollows(rest[size:]) || strings.HasPrefix(rest[size:], "月"))) {
			break
		}
		days = append(days, token{kind: tDay, value: day})
		rest, n = rest[size:], n+size
	}
	if len(days) == 0 {
		return nil, 0
	}
	return days, n
}

// clockFollows says whether what stands before the text is part of a time or
// of a longer number.
func clockFollows(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return strings.ContainsRune(":.点时月十0123456789", r) && s != ""
}

// hourFollows says whether a Chinese digit before the text is an hour: 三点.
func hourFollows(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s != "" && strings.ContainsRune("点时十", r)
}

// numberToken reads a number and what follows it: 8:30, 8.30, 8点半, 八点,
// 5月, 5月1日, 8.
func numberToken(s string) (token, int) {
	n, size := number(s)
	if size == 0 {
		return token{}, 0
	}
	rest := s[size:]
	if after, ok := strings.CutPrefix(rest, "月"); ok {
		return monthToken(n, after, len(s))
	}
	for _, mark := range []string{":", "：", "."} {
		after, ok := strings.CutPrefix(rest, mark)
		if !ok || len(after) < 2 || !digit(after[0]) || !digit(after[1]) || len(after) > 2 && digit(after[2]) {
			continue
		}
		minutes, _ := strconv.Atoi(after[:2])
		after = after[2:]
		// Seconds, which spreadsheets add of their own: 8:30:00.
		after = strings.TrimPrefix(after, ":00")
		if n > 24 || minutes > 59 || n == 24 && minutes > 0 {
			return token{}, 0
		}
		return token{tClock, n*60 + minutes, s[0] == '0' && size == 2}, len(s) - len(after)
	}
	for _, mark := range []string{"点钟", "点", "时"} {
		after, ok := strings.CutPrefix(rest, mark)
		if !ok {
			continue
		}
		minutes := 0
		if more, half := strings.CutPrefix(after, "半"); half {
			minutes, after = 30, more
		} else if more, quarter := strings.CutPrefix(after, "一刻"); quarter {
			minutes, after = 15, more
		} else if m, size := number(after); size > 0 {
			minutes, after = m, strings.TrimPrefix(after[size:], "分")
		} else {
			after = strings.TrimPrefix(after, "整")
		}
		if n > 24 || minutes > 59 || n == 24 && minutes > 0 {
			return token{}, 0
		}
		return token{kind: tClock, value: n*60 + minutes}, len(s) - len(after)
	}
	return token{kind: tNumber, value: n}, size
}

// monthToken reads what follows 月.
func monthToken(month int, after string, whole int) (token, int) {
	if month < 1 || month > 12 {
		return token{}, 0
	}
	if day, size := number(after); size > 0 {
		for _, mark := range []string{"日", "号"} {
			if rest, ok := strings.CutPrefix(after[size:], mark); ok && day >= 1 && day <= 31 {
				return token{kind: tDate, value: month*100 + day}, whole - len(rest)
			}
		}
		return token{}, 0
	}
	return token{kind: tMonth, value: month}, whole - len(strings.TrimPrefix(after, "份"))
}

// number reads an Arabic number of up to two digits or a Chinese one below a
// hundred.
func number(s string) (value, size int) {
	for size < len(s) && digit(s[size]) {
		if size == 2 {
			return 0, 0
		}
		value = value*10 + int(s[size]-'0')
		size++
	}
	if size > 0 {
		return value, size
	}
	const digits = "零一二三四五六七八九"
	seen := false
	for size < len(s) {
		r, n := utf8.DecodeRuneInString(s[size:])
		at := strings.IndexRune(digits, r)
		switch {
		case r == '两' && !seen:
			value = 2
		case r == '十' && value < 10:
			value = max(value, 1) * 10
		case at >= 0 && (!seen || value >= 10 && value%10 == 0):
			value += at / len("零")
		default:
			return value, size
		}
		seen = true
		size += n
	}
	return value, size
}

func digit(c byte) bool { return c >= '0' && c <= '9' }
