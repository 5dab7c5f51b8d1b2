package hours

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"yizhan/geo"
)

func TestCanonical(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"24/7", "24/7"},
		{"00:00-24:00", "24/7"},
		{"always open", "24/7"},
		{"24小时", "24/7"},
		{"mo-fr 8:00-18:00", "Mo-Fr 08:00-18:00"},
		{"Mon - Fri 08:00 – 18:00", "Mo-Fr 08:00-18:00"},
		{"Monday to Friday from 9 am to 5:30 pm", "Mo-Fr 09:00-17:30"},
		{"Mo—Fr 08.00—18.00 Uhr", "Mo-Fr 08:00-18:00"},
		{"Mo-Fr 8h-12h30,13h30-18h", "Mo-Fr 08:00-12:30,13:30-18:00"},
		{"Mo-Fr 0800-1730", "Mo-Fr 08:00-17:30"},
		{"Mo-Fr 9-17", "Mo-Fr 09:00-17:00"},
		{"Mo-Fr 12am-12pm", "Mo-Fr 00:00-12:00"},
		{"Mo-Fr 08:00:00-18:00:00", "Mo-Fr 08:00-18:00"},
		{"noon-midnight", "12:00-24:00"},
		{"Mo-Fr 11-late", "Mo-Fr 11:00+"},
		{"Fr 18:00 till late", "Fr 18:00+"},
		{"10:00-26:00", "10:00-02:00"},
		{"10:00-36:00", "10:00-36:00"},
		{"22:00-06:00", "22:00-06:00"},
		{"Mo-Fr 08:00-18:00 Sa 10:00-14:00 PH off", "Mo-Fr 08:00-18:00; Sa 10:00-14:00; PH off"},
		{"10:00-12:00 Mo", "Mo 10:00-12:00"},
		{"Mo,10:00-12:00", "Mo 10:00-12:00"},
		{"Mo-Fr: 10:00-12:00", "Mo-Fr 10:00-12:00"},
		{"Mo-Fr", "Mo-Fr open"},
		{"Tu off;", "Tu off"},
		{`"by  appointment"`, `"by  appointment"`},
		{"“预约”", `"预约"`},
		{"by appointment", `"by appointment"`},
		{`Mo-Fr open "a", We 18:00-20:00`, `Mo-Fr open "a", We 18:00-20:00`},
		{"Mo 10:00-12:00 open, 14:00-16:00 off", "Mo 10:00-12:00 open, 14:00-16:00 off"},
		{"周一至周五 08:30-12:00,13:00-17:30", "Mo-Fr 08:30-12:00,13:00-17:30"},
		{"周一至周五：8点30分-17点；周末 休息", "Mo-Fr 08:30-17:00; Sa-Su off"},
		{"工作日 09:00-18:00", "工作日 09:00-18:00"},
		{"每天０８：００—２２：００", "Mo-Su 08:00-22:00"},
		{"Jan 5 08:00-10:00", "Jan 05 08:00-10:00"},
		{"Jan 5: 08:00-10:00", "Jan 05 08:00-10:00"},
		{"Jan 08:00-10:00", "Jan 08:00-10:00"},
		{"Jan 23-31/3,Feb 1-12,Mar 1", "Jan 23-31/3,Feb 01-12,Mar 01 open"},
		{"Dec 24,26 off", "Dec 24,Dec 26 off"},
		{"24 Dec-2 Jan off", "Dec 24-Jan 02 off"},
		{"24 Dec 2026 off", "2026 Dec 24 off"},
		{"2021 Mar 28-Apr 16 off", "2021 Mar 28-2021 Apr 16 off"},
		{"2021 Dec 28-Jan 6 off", "2021 Dec 28-2022 Jan 06 off"},
		{"2016: Jan 3", "2016: Jan 03 open"},
		{"2016-2018 Jan 3", "2016-2018 Jan 03 open"},
		{"2013,2015,2050-2053,2055/2,2020-2029/3,2060+ Jan 1", "2013,2015,2050-2053,2055/2,2020-2029/3,2060+ Jan 01 open"},
		{"Mar Su[-1]-Dec Su[1] -2 days: 22:00-23:00", "Mar Su[-1]-Dec Su[1] -2 days 22:00-23:00"},
		{"Sa[-1],Sa[-1] +1 day 10:00-12:00", "Sa[-1],Sa[-1] +1 day 10:00-12:00"},
		{"Apr-Oct Su[2] 14:00-18:00", "Apr-Oct Su[2] 14:00-18:00"},
		{"Aug Su[-1] -1 day 10:00-18:00", "Aug Su[-1] -1 day 10:00-18:00"},
		{"We[1,3-4,-1] 10:00-12:00", "We[1,3,4,-1] 10:00-12:00"},
		{"We[-2--1] 10:00-12:00", "We[-1,-2] 10:00-12:00"},
		{"week1-53/2 Sa", "week 01-53/2 Sa open"},
		{"week 2, week 4 Mo", "week 02,04 Mo open"},
		{"PH,Su 10:00-12:00", "PH,Su 10:00-12:00"},
		{"PH Mo-Fr 10:00-12:00", "PH Mo-Fr 10:00-12:00"},
		{"public holidays closed", "PH off"},
		{"PH -1 day,Sa 08:00-12:00", "PH -1 day,Sa 08:00-12:00"},
		{"2012 easter -2 days-2012 easter +2 days: open", "2012 easter -2 days-2012 easter +2 days open"},
		{"(sunrise+01:00)-(sunset-00:30)", "(sunrise+01:00)-(sunset-00:30)"},
		{"(sunset+01:00)-24:00 || closed \"No drink before sunset!\"", "(sunset+01:00)-24:00 || off \"No drink before sunset!\""},
		{"07:30-19:15+ open \"x\"", "07:30-19:15+ open \"x\""},
		{"00:00-24:00 week 6 Mo-Su Feb; PH off", "Feb week 06 Mo-Su 00:00-24:00; PH off"},
		{"monday, Tu, wE, TH 12:00 - 20:00 ; 14:00-16:00 Off ; closed public Holiday", "Mo,Tu,We,Th 12:00-20:00; 14:00-16:00 off; PH off"},
	} {
		s, err := Parse(c.in)
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		if got := s.String(); got != c.want {
			t.Errorf("%s\n\tgives %s\n\twant  %s", c.in, got, c.want)
		}
	}
}

func TestLexicon(t *testing.T) {
	longest := 0
	for word := range lexicon() {
		longest = max(longest, utf8.RuneCountInString(word))
		if word != strings.ToLower(word) {
			t.Errorf("%q is not in lower case", word)
		}
	}
	if longest != longestWord {
		t.Errorf("the longest word has %d letters, longestWord is %d", longest, longestWord)
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct {
		in  string
		at  string // the position as the message names it
		say string
	}{
		{"", "character 1", "nothing in it"},
		{" ; ;", "character 5", "nothing in it"},
		{"Mo-Fr 08:00", "character 12", "end of the time is missing"},
		{"Mo-Fr 08:00-", "character 13", "a time belongs here"},
		{"Mo-Fr 08:00-18:60", "character 16", "minutes go"},
		{"Mo-Fr 25:00-26:00", "character 7", "start before 24:00"},
		{"Mo-Fr 10:00-49:00", "character 13", "up to 48"},
		{"Mo-Fr 10:00-13:00/30", "character 18", "no step"},
		{"Mo-", "character 4", "weekday belongs"},
		{"Mo[6] 10:00-12:00", "character 4", "1 to 5"},
		{"Mo[1 10:00-12:00", "character 6", "bracket"},
		{"Jan 32 10:00-12:00", "character 5", "1 to 31"},
		{"Feb 30", "character 5", "1 to 29"},
		{"Jan 10-5", "character 7", "reversed"},
		{"2021 Mar 5-2020 Mar 4", "character 11", "reversed"},
		{"Mar 5-2020 Mar 4", "character 6", "year at its end"},
		{"2020-2019", "character 6", "reversed"},
		{"week 54", "character 6", "1 to 53"},
		{"week Mo", "character 6", "1 to 53"},
		{"(sunrise+1)-12:00", "character 10", "hours and minutes"},
		{"(noon+01:00)-12:00", "character 2", "belongs in the parentheses"},
		{`Mo "never closed`, "character 4", "never closed"},
		{"Mo-Fr 08:00-18:00 foo", "character 19", `"foo" is not understood`},
		{"|| 10:00-12:00", "character 1", "rule before"},
		{"10:00-12:00 ||", "character 15", "rule after"},
		{"Mo, Jan 10:00-12:00", "character 3", "comma"},
		{"Mo open off", "character 9", "one state"},
		{"17pm-18pm", "character 1", "am or pm"},
		{"周一至周五 开门", "character 7", "not understood"},
	} {
		_, err := Parse(c.in)
		if err == nil {
			t.Errorf("%q parses", c.in)
			continue
		}
		var e *geo.Error
		if !errors.As(err, &e) || e.Code != geo.Invalid || e.Message.Zh == "" || e.Message.Zh == e.Message.En {
			t.Errorf("%q: %#v", c.in, err)
			continue
		}
		if !strings.Contains(e.Message.En, c.at) || !strings.Contains(e.Message.En, c.say) {
			t.Errorf("%q: %s; want %q at %s", c.in, e.Message.En, c.say, c.at)
		}
	}
	for _, in := range []string{strings.Repeat("Mo;", 101), strings.Repeat("x", 3000)} {
		if _, err := Parse(in); geo.CodeOf(err) != geo.TooLarge {
			t.Errorf("%.20q…: %v", in, err)
		}
	}
	if _, err := Parse(strings.Repeat("1-2,", 500)); err == nil {
		t.Error("500 spans parse")
	}
	if _, err := Parse(strings.Repeat("dawn-dusk,", 50)); err == nil {
		t.Error("50 sun spans parse")
	}
	if _, err := Parse("Mo \xff"); geo.CodeOf(err) != geo.Invalid {
		t.Errorf("bad UTF-8: %v", err)
	}
}
