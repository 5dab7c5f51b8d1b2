package demo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// Feed is the feed of the places that are made here.
const Feed = "demo"

// network is the name of the 1+N network.
const network = "望溪暖心驿站 1+23"

// hostRow is a kind of host that opens its door as a branch.
type hostRow struct {
	host       string
	hours      string
	typ        geo.StationType
	facilities []geo.Facility
}

// branchHosts are where the branches of the network stand, in turn.
var branchHosts = []hostRow{
	{"便民超市", "Mo-Su 07:30-22:00", geo.Branch, []geo.Facility{"rest", "drinking_water", "hot_water", "phone_charging"}},
	{"康宁药房", "Mo-Su 08:00-21:30", geo.Branch, []geo.Facility{"rest", "hot_water", "first_aid", "medicine"}},
	{"通信营业厅", "Mo-Su 09:00-18:30", geo.Branch, []geo.Facility{"rest", "drinking_water", "phone_charging", "wifi", "cooling"}},
	{"社区服务站", "Mo-Fr 08:30-12:00,13:00-17:30; PH off", geo.ServiceCentre, []geo.Facility{"rest", "hot_water", "toilet", "reading", "legal_aid", "job_info"}},
	{"物业服务中心", "Mo-Sa 08:30-18:00", geo.Property, []geo.Facility{"rest", "hot_water", "tools", "parking"}},
	{"邻里食堂", "Mo-Su 06:30-19:30", geo.Branch, []geo.Facility{"rest", "hot_water", "microwave", "meal", "toilet"}},
	{"银行网点", "Mo-Fr 09:00-17:00; PH off", geo.Branch, []geo.Facility{"rest", "drinking_water", "phone_charging", "rain_gear"}},
	{"", "", geo.Branch, []geo.Facility{"rest", "drinking_water"}}, // nobody wrote its hours down
}

// stations makes the rest stations.
type stations struct {
	plan   *plan
	ground *ground
	rng    *rand.Rand
	now    time.Time
	places []geo.Place
	// next is the block whose pavement takes the next station.
	next int
	hub  string
}

func makeStations(p *plan, g *ground, rng *rand.Rand, now time.Time) []geo.Place {
	st := &stations{plan: p, ground: g, rng: rng, now: now}
	st.hubAndBranches()
	st.merchants()
	st.special()
	st.pickups()
	st.mobile()
	return st.places
}

// add puts one station on the ground and gives it its ID.
func (st *stations) add(at pos, p geo.Place) string {
	p.ID = fmt.Sprintf("demo:station-%d", len(st.places)+1)
	p.Kind = geo.KindStation
	lon, lat := st.ground.lonLat(at)
	p.Point = orb.Point{round7(lon), round7(lat)}
	p.Source = geo.Source{Feed: Feed, Ref: fmt.Sprintf("station-%d", len(st.places)+1)}
	p.Note = "虚构示例，现实中不存在。"
	st.places = append(st.places, p)
	return p.ID
}

// pavement returns a place beside a street, before the next block in turn,
// and what stands behind it.
func (st *stations) pavement() (pos, *block, side) {
	blocks := st.plan.blocks
	bl := blocks[(st.next*5+2)%len(blocks)]
	sd := side((st.next / 2) % 4)
	st.next++
	dx, dy := sd.outward()
	return bl.land.along(sd, 0.2+0.5*st.rng.Float64()).plus(dx*0.5, dy*0.5), bl, sd
}

func (st *stations) addressOf(bl *block, sd side) string {
	return bl.sides[sd].street.name.zh + number(1+st.rng.IntN(180)) + "号"
}

func (st *stations) hubAndBranches() {
	at, bl, sd := st.nearMiddle()
	st.hub = st.add(at, geo.Place{
		Name: "望溪暖心驿站总站", Names: map[string]string{"en": "Wangxi Rest Station Hub"},
		Address: st.addressOf(bl, sd), Hours: "Mo-Su 08:00-21:00", Phone: "000-0000-0001",
		Facilities: []geo.Facility{"rest", "drinking_water", "hot_water", "microwave", "fridge", "phone_charging", "toilet",
			"first_aid", "medicine", "rain_gear", "tea", "wifi", "reading", "cooling", "heating", "parking", "job_info", "legal_aid"},
		Station: &geo.Station{Type: geo.Hub, Network: network},
	})
	for i := range 23 {
		at, bl, sd := st.pavement()
		host := branchHosts[i%len(branchHosts)]
		st.add(at, geo.Place{
			Name:    fmt.Sprintf("望溪暖心驿站%s%s分站", bl.name.zh, host.host),
			Names:   map[string]string{"en": fmt.Sprintf("Wangxi Rest Station, Branch %d (%s)", i+1, bl.name.en)},
			Address: st.addressOf(bl, sd), Hours: host.hours, Facilities: slices.Clone(host.facilities),
			Station: &geo.Station{Type: host.typ, Network: network, Hub: st.hub},
		})
	}
}

// nearMiddle returns the pavement of the open block nearest to the middle.
func (st *stations) nearMiddle() (pos, *block, side) {
	middle := st.plan.bound.middle()
	best := st.plan.blocks[0]
	for _, bl := range st.plan.blocks {
		if !bl.use.walled() && (best.use.walled() || apart(bl.land.middle(), middle) < apart(best.land.middle(), middle)) {
			best = bl
		}
	}
	return best.land.along(south, 0.45).plus(0, -0.5), best, south
}

// merchants are shops on one street that open their doors, 09:30 to 21:00.
func (st *stations) merchants() {
	for _, shop := range []string{"蜀味面馆", "一口茶饮", "顺路快餐", "老街豆花"} {
		at, bl, sd := st.pavement()
		st.add(at, geo.Place{
			Name: shop + "·骑手驿站", Address: st.addressOf(bl, sd), Hours: "Mo-Su 09:30-21:00",
			Facilities: []geo.Facility{"rest", "hot_water", "tea", "phone_charging", "meal"},
			Station:    &geo.Station{Type: geo.Merchant},
		})
	}
}

// special are the stations of which there is one each.
func (st *stations) special() {
	at, bl, sd := st.pavement()
	st.add(at, geo.Place{
		Name: "喜乐驿站（24小时）", Names: map[string]string{"en": "Xile Rest Station (24 hours)"},
		Address: st.addressOf(bl, sd), Hours: "24/7",
		Facilities: []geo.Facility{"rest", "fridge", "microwave", "drinking_water", "hot_water", "medicine", "first_aid",
			"rain_gear", "phone_charging", "tea", "heating", "cooling", "wifi"},
		Station: &geo.Station{Type: geo.Branch},
	})
	for _, one := range []struct {
		use  use
		name string
		row  hostRow
	}{
		{useHospital, "便民驿站", hostRow{"", "Mo-Su 07:30-20:00", geo.Hospital, []geo.Facility{"rest", "hot_water", "toilet", "first_aid", "health_check"}}},
		{useCampus, "校门驿站", hostRow{"", "Mo-Fr 07:00-19:00; PH off", geo.Academy, []geo.Facility{"rest", "drinking_water", "reading", "parking"}}},
		{useOffice, "园区驿站", hostRow{"", "Mo-Sa 08:00-20:00", geo.Property, []geo.Facility{"rest", "hot_water", "microwave", "wifi", "battery_swap"}}},
	} {
		i := slices.IndexFunc(st.plan.blocks, func(bl *block) bool { return bl.use == one.use })
		if i < 0 {
			continue // a district of few blocks may have none
		}
		bl := st.plan.blocks[i]
		st.add(bl.land.along(south, 0.72).plus(0, -0.5), geo.Place{
			Name: bl.name.zh + one.name, Address: st.addressOf(bl, south), Hours: one.row.hours,
			Facilities: one.row.facilities, Station: &geo.Station{Type: one.row.typ},
		})
	}
}

// pickups are open-air points where parcels and meals are handed over; of two
// of them nobody wrote the hours down.
func (st *stations) pickups() {
	for i := range 7 {
		at, bl, _ := st.pavement()
		hours := "Mo-Su 07:00-23:00"
		if i%3 == 2 {
			hours = ""
		}
		st.add(at, geo.Place{
			Name: bl.name.zh + "自取点", Hours: hours, Facilities: []geo.Facility{"parking"},
			Station: &geo.Station{Type: geo.Pickup},
		})
	}
}

// mobile is a health check on the Saturday to come, with booking.
func (st *stations) mobile() {
	at, bl, sd := st.pavement()
	day := st.now.AddDate(0, 0, (int(time.Saturday)-int(st.now.Weekday())+7)%7)
	from := time.Date(day.Year(), day.Month(), day.Day(), 9, 0, 0, 0, st.now.Location())
	until := from.Add(7 * time.Hour)
	st.add(at, geo.Place{
		Name: "流动健康检查车", Names: map[string]string{"en": "Mobile Health Check"},
		Address: st.addressOf(bl, sd), Hours: from.Format("2006 Jan 02") + " 09:00-16:00",
		Facilities: []geo.Facility{"health_check", "medicine", "first_aid"},
		Valid:      &geo.Period{From: from, Until: until},
		Station:    &geo.Station{Type: geo.Event, Booking: "请提前一天致电 000-0000-0002 预约"},
	})
}
