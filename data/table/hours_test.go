package table_test

import (
	"strings"
	"testing"
	"time"

	"yizhan/data/table"
	"yizhan/geo/hours"
)

func TestReadHours(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		// As in the Zhengzhou table
		{"周一至周五 08:30-12:00,13:00-17:30", "Mo-Fr 08:30-12:00,13:00-17:30"},
		{"周一至周五 09:00-17:00", "Mo-Fr 09:00-17:00"},
		{"07:30-22:30", "07:30-22:30"},
		{"24小时", "24/7"},
		// All day
		{"全天", "24/7"}, {"全天24小时开放", "24/7"}, {"7*24小时", "24/7"}, {"每天24小时", "24/7"}, {"24小时营业，全年无休", "24/7"},
		{"周一至周日 00:00-24:00", "24/7"}, {"00:00-24:00", "24/7"}, {"0:00—24:00", "24/7"},
		{"周六24小时", "Sa 00:00-24:00"},
		// Days
		{"每天8:00—22:00", "Mo-Su 08:00-22:00"}, {"每日 8:00-22:00", "Mo-Su 08:00-22:00"},
		{"星期一到星期五9:00-17:00", "Mo-Fr 09:00-17:00"}, {"周一~周五：9:00～17:00", "Mo-Fr 09:00-17:00"}, {"周一至五 9:00-17:00", "Mo-Fr 09:00-17:00"},
		{"周一三五 9:00-17:00", "Mo,We,Fr 09:00-17:00"}, {"周一、周三、周五 9:00-17:00", "Mo,We,Fr 09:00-17:00"}, {"周六日 9:00-17:00", "Sa-Su 09:00-17:00"},
		{"周1-5 9:00-17:00", "Mo-Fr 09:00-17:00"}, {"周五至周一 9:00-17:00", "Mo,Fr-Su 09:00-17:00"}, {"礼拜天 9:00-12:00", "Su 09:00-12:00"},
		{"周末 10:00-16:00", "Sa-Su 10:00-16:00"}, {"9:00-17:00（周一至周五）", "Mo-Fr 09:00-17:00"},
		{"周一至周五8:30-17:30，周六9:00-12:00", "Mo-Fr 08:30-17:30; Sa 09:00-12:00"},
		{"8:30-17:30（周一至周五），9:00-12:00（周六）", "Mo-Fr 08:30-17:30; Sa 09:00-12:00"},
		{"周一至周五 8:30-12:00、14:00-18:00；周六、周日 9:00-17:00", "Mo-Fr 08:30-12:00,14:00-18:00; Sa-Su 09:00-17:00"},
		{"Mon-Fri 9:00 am-5:00 pm", "Mo-Fr 09:00-17:00"},
		// Times
		{"上午9点至下午5点半", "09:00-17:30"}, {"早8点-晚10点", "08:00-22:00"}, {"早8晚10", "08:00-22:00"}, {"早上七点到晚上九点半", "07:00-21:30"},
		{"８：００－１８：００", "08:00-18:00"}, {"8.30-17.30", "08:30-17:30"}, {"8:30--17:30", "08:30-17:30"}, {"8时30分至17时30分", "08:30-17:30"},
		{"上午8:30-12:00 下午2:00-5:30", "08:30-12:00,14:00-17:30"}, {"上午：9：00—12：00；下午：14：00—18：00", "09:00-12:00; 14:00-18:00"},
		{"8:30-12:00/13:30-17:30", "08:30-12:00,13:30-17:30"}, {"9-18点", "09:00-18:00"}, {"8:00-20:00", "08:00-20:00"},
		{"08:00:00-18:00:00", "08:00-18:00"}, {"早8:00-20:00", "08:00-20:00"}, {"8:00至20:00", "08:00-20:00"},
		// Past midnight
		{"18:00-次日2:00", "18:00-02:00"}, {"18:00-02:00", "18:00-02:00"}, {"晚上8点到凌晨2点", "20:00-02:00"}, {"晚8点-2点", "20:00-02:00"},
		{"8:00-次日1:00", "08:00-01:00"}, {"9:00-24:00", "09:00-24:00"}, {"9:00-0:00", "09:00-24:00"}, {"上午9点至晚上12点", "09:00-24:00"},
		// Closed, and holidays
		{"9:00-17:00，周末休息", "09:00-17:00; Sa-Su off"}, {"周一闭馆，9:00-17:00", "09:00-17:00; Mo off"},
		{"9:00-17:00 周一休息", "09:00-17:00; Mo off"},
		{"周一至周五9:00-17:00（法定节假日除外）", "Mo-Fr 09:00-17:00; PH off"}, {"工作日9:00-17:00", "Mo-Fr 09:00-17:00; PH off"},
		{"工作日 8:30-17:30，周末及节假日 10:00-16:00", "Mo-Fr 08:30-17:30; Sa-Su 10:00-16:00; PH 10:00-16:00"},
		{"8:00-20:00（节假日无休）", "08:00-20:00"}, {"工作日8:00-18:00，节假日照常开放", "Mo-Fr 08:00-18:00"},
		{"周末休息，工作日9:00-17:00", "Mo-Fr 09:00-17:00; Sa-Su off; PH off"},
		{"9:00-17:00（需预约）", `09:00-17:00 "需预约"`},
		// Seasons with their months
		{"夏季（5月-9月）8:00-18:00，冬季（10月-4月）9:00-17:00", "May-Sep 08:00-18:00; Oct-Apr 09:00-17:00"},
		{"5月1日-9月30日 8:00-18:00", "May 01-Sep 30 08:00-18:00"}, {"5-9月 8:00-18:00", "May-Sep 08:00-18:00"},
		// Not understood, as a whole
		{"夏季8:00-18:00，冬季9:00-17:00", ""}, {"随商户营业时间", ""}, {"9:00-5:00", ""}, {"08:30-05:30", ""}, {"9-18", ""}, {"25:00-26:00", ""}, {"8:00-8:00", ""},
		{"8:00", ""}, {"8:00起", ""}, {"周一休息", ""}, {"每天开放", ""}, {"开放", ""}, {"全年无休", ""}, {"", ""}, {"。", ""}, {"电话咨询", ""},
		{"8:00-18:00左右", ""}, {"工作日开放，周六9:00-12:00", ""}, {"13月-15月 8:00-9:00", ""}, {"24小时 9:00-17:00", ""}, {"周一至 9:00-17:00", ""}, {"8:00-12:00 2:00-5:30", "08:00-12:00,02:00-05:30"},
	} {
		got, partly, ok := table.ReadHours(c.in)
		if got != c.want || ok != (c.want != "") || partly {
			t.Errorf("%q: got %q (partly %v, ok %v), want %q", c.in, got, partly, ok, c.want)
		}
		if _, err := hours.Parse(got); ok && err != nil {
			t.Errorf("%q: %q does not parse: %v", c.in, got, err)
		}
	}
}

func TestReadHoursPartly(t *testing.T) {
	for in, want := range map[string]string{
		"工作日开放":         `Mo-Fr unknown "工作日开放"; Sa-Su off; PH off`,
		"周末营业":          `Sa-Su unknown "周末营业"; Mo-Fr off`,
		"周一至周六开放":       `Mo-Sa unknown "周一至周六开放"; Su off`,
		"工作日开放，周末休息":    `Mo-Fr unknown "工作日开放，周末休息"; Sa-Su off; PH off`,
		"工作日对外开放，节假日休息": `Mo-Fr unknown "工作日对外开放，节假日休息"; Sa-Su off; PH off`,
	} {
		got, partly, ok := table.ReadHours(in)
		if got != want || !partly || !ok {
			t.Errorf("%q: got %q (partly %v, ok %v), want %q", in, got, partly, ok, want)
		}
		if _, err := hours.Parse(got); err != nil {
			t.Errorf("%q: %q does not parse: %v", in, got, err)
		}
	}
}

func FuzzReadHours(f *testing.F) {
	for _, s := range []string{"周一至周五 08:30-12:00,13:00-17:30", "工作日开放", "早8晚10", "夏季（5月-9月）8:00-18:00", "周一至", "十十十", "周日二十四小时", "\"\";off", "24:00-0:00 ph"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, partly, ok := table.ReadHours(s)
		if ok != (got != "") || partly && !ok {
			t.Fatalf("%q: %q, %v, %v", s, got, partly, ok)
		}
		if ok && strings.Count(got, `"`)%2 != 0 {
			t.Fatalf("%q: unbalanced quotes in %q", s, got)
		}
		if ok {
			if _, err := hours.Parse(got); err != nil {
				t.Fatalf("%q became %q: %v", s, got, err)
			}
		}
	})
}

// TestReadHoursMeans asks what the strings made say at certain minutes.
func TestReadHoursMeans(t *testing.T) {
	zone := time.FixedZone("CST", 8*3600)
	at := hours.Place{Zone: zone, Holidays: hours.China()}
	for _, c := range []struct {
		in, at string
		want   hours.State
	}{
		{"工作日开放", "2025-03-12 03:00", hours.StateUnknown}, // a Wednesday
		{"工作日开放", "2025-03-12 10:00", hours.StateUnknown},
		{"工作日开放", "2025-03-15 10:00", hours.StateClosed}, // a Saturday
		{"工作日开放", "2025-10-01 10:00", hours.StateClosed}, // National Day, a Wednesday
		{"工作日9:00-17:00", "2025-10-01 10:00", hours.StateClosed},
		{"周一至周五9:00-17:00", "2025-10-01 10:00", hours.StateOpen}, // as written: nobody said otherwise
		{"工作日 8:30-17:30，周末及节假日 10:00-16:00", "2025-10-01 09:00", hours.StateClosed},
		{"工作日 8:30-17:30，周末及节假日 10:00-16:00", "2025-10-01 10:30", hours.StateOpen},
		{"晚上8点到凌晨2点", "2025-03-12 01:00", hours.StateOpen},
		{"24小时", "2025-03-12 01:00", hours.StateOpen},
		{"9:00-17:00，周末休息", "2025-03-15 10:00", hours.StateClosed},
		{"周一闭馆，9:00-17:00", "2025-03-10 10:00", hours.StateClosed}, // a Monday
	} {
		text, _, _ := table.ReadHours(c.in)
		s, err := hours.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		when, err := time.ParseInLocation("2006-01-02 15:04", c.at, zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.StateAt(when, at); got != c.want {
			t.Errorf("%q as %q at %s: %v, want %v", c.in, text, c.at, got, c.want)
		}
	}
}
