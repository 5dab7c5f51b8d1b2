package hours

// The years of the table of lunar festivals.
const (
	chinaFirst = 2024
	chinaLast  = 2035
)

type monthDay struct{ month, day int }

type period struct {
	from monthDay
	days int
}

// lunarTable holds, for each year from chinaFirst on, the solar dates of the
// first day of the first lunar month (春节), of the solar term Qingming (清明),
// of the fifth day of the fifth lunar month (端午) and of the fifteenth of the
// eighth (中秋).
var lunarTable = [chinaLast - chinaFirst + 1]struct{ spring, qingming, dragonBoat, midAutumn monthDay }{
	{monthDay{2, 10}, monthDay{4, 4}, monthDay{6, 10}, monthDay{9, 17}},
	{monthDay{1, 29}, monthDay{4, 4}, monthDay{5, 31}, monthDay{10, 6}},
	{monthDay{2, 17}, monthDay{4, 5}, monthDay{6, 19}, monthDay{9, 25}},
	{monthDay{2, 6}, monthDay{4, 5}, monthDay{6, 9}, monthDay{9, 15}},
	{monthDay{1, 26}, monthDay{4, 4}, monthDay{5, 28}, monthDay{10, 3}},
	{monthDay{2, 13}, monthDay{4, 4}, monthDay{6, 16}, monthDay{9, 22}},
	{monthDay{2, 3}, monthDay{4, 5}, monthDay{6, 5}, monthDay{9, 12}},
	{monthDay{1, 23}, monthDay{4, 5}, monthDay{6, 24}, monthDay{10, 1}},
	{monthDay{2, 11}, monthDay{4, 4}, monthDay{6, 12}, monthDay{9, 19}},
	{monthDay{1, 31}, monthDay{4, 4}, monthDay{6, 1}, monthDay{9, 8}},
	{monthDay{2, 19}, monthDay{4, 5}, monthDay{6, 20}, monthDay{9, 27}},
	{monthDay{2, 8}, monthDay{4, 5}, monthDay{6, 10}, monthDay{9, 16}},
}

// statutory returns the days off that the law itself names (全国年节及纪念日
// 放假办法, as of 2025), for a year of the table.
func statutory(y int) []period {
	l := lunarTable[y-chinaFirst]
	_, m, d := (civilDay(y, l.spring.month, l.spring.day) - 1).civil()
	return []period{
		{monthDay{1, 1}, 1},
		{monthDay{m, d}, 4},
		{l.qingming, 1},
		{monthDay{5, 1}, 2},
		{l.dragonBoat, 1},
		{l.midAutumn, 1},
		{monthDay{10, 1}, 3},
	}
}

type notice struct {
	off    []period
	makeup []monthDay
}

// chinaNotices holds the yearly notices of the General Office of the State
// Council on the arrangement of holidays.
var chinaNotices = map[int]notice{
	2024: {
		off: []period{
			{monthDay{1, 1}, 1}, {monthDay{2, 10}, 8}, {monthDay{4, 4}, 3}, {monthDay{5, 1}, 5},
			{monthDay{6, 10}, 1}, {monthDay{9, 15}, 3}, {monthDay{10, 1}, 7},
		},
		makeup: []monthDay{{2, 4}, {2, 18}, {4, 7}, {4, 28}, {5, 11}, {9, 14}, {9, 29}, {10, 12}},
	},
	2025: {
		off: []period{
			{monthDay{1, 1}, 1}, {monthDay{1, 28}, 8}, {monthDay{4, 4}, 3}, {monthDay{5, 1}, 5},
			{monthDay{5, 31}, 3}, {monthDay{10, 1}, 8},
		},
		makeup: []monthDay{{1, 26}, {2, 8}, {4, 27}, {9, 28}, {10, 11}},
	},
	2026: {
		off: []period{
			{monthDay{1, 1}, 3}, {monthDay{2, 15}, 9}, {monthDay{4, 4}, 3}, {monthDay{5, 1}, 5},
			{monthDay{6, 19}, 3}, {monthDay{9, 25}, 3}, {monthDay{10, 1}, 7},
		},
		makeup: []monthDay{{1, 4}, {2, 14}, {2, 28}, {5, 9}, {9, 20}, {10, 10}},
	},
}
