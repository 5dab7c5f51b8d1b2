package geo

import (
	"fmt"
	"strings"
)

// Facility is something a station offers.
type Facility string

// FacilityInfo names a facility for people and says how it is tagged in
// OpenStreetMap: Tag is "key=value", or "" where no tag exists.
type FacilityInfo struct {
	Facility Facility `json:"id"`
	Name     Text     `json:"name"`
	Tag      string   `json:"-"`
	// Words are what spreadsheets write for it, beside the names.
	Words []string `json:"-"`
}

var facilityTable = [...]FacilityInfo{
	{"rest", Text{"休息座椅", "Seats"}, "bench=yes", []string{"休息", "座椅", "歇脚", "rest area", "seating"}},
	{"drinking_water", Text{"饮用水", "Drinking water"}, "drinking_water=yes", []string{"饮水", "饮水机", "直饮水", "water"}},
	{"hot_water", Text{"热水", "Hot water"}, "drinking_water:hot=yes", []string{"开水", "热饮", "hot water"}},
	{"microwave", Text{"微波炉", "Microwave"}, "microwave=yes", []string{"热饭", "加热", "饭菜加热"}},
	{"fridge", Text{"冰箱", "Fridge"}, "fridge=yes", []string{"冷藏", "冰柜", "refrigerator"}},
	{"phone_charging", Text{"手机充电", "Phone charging"}, "device_charging=yes", []string{"充电", "充电宝", "手机快充", "phone charger"}},
	{"battery_swap", Text{"换电", "Battery swap"}, "battery_swapping=yes", []string{"换电柜", "电瓶更换"}},
	{"toilet", Text{"卫生间", "Toilet"}, "toilets=yes", []string{"厕所", "洗手间", "如厕", "toilets", "wc"}},
	{"first_aid", Text{"急救箱", "First-aid kit"}, "first_aid_kit=yes", []string{"急救", "急救包", "first aid"}},
	{"medicine", Text{"常用药品", "Medicine chest"}, "dispensing=yes", []string{"药箱", "医药箱", "药品", "应急药品"}},
	{"rain_gear", Text{"雨具", "Rain gear"}, "", []string{"雨伞", "雨衣", "umbrella"}},
	{"tea", Text{"茶水", "Tea"}, "drink:tea=served", []string{"茶", "凉茶"}},
	{"wifi", Text{"无线网络", "Wi-Fi"}, "internet_access=wlan", []string{"wifi", "wi-fi", "无线上网", "免费wifi"}},
	{"reading", Text{"图书阅读", "Reading"}, "books=yes", []string{"阅读", "图书", "书籍", "书报", "books"}},
	{"cooling", Text{"纳凉", "Cooling"}, "air_conditioning=yes", []string{"空调", "避暑", "风扇"}},
	{"heating", Text{"取暖", "Heating"}, "heating=yes", []string{"暖气", "御寒"}},
	{"parking", Text{"停车", "Bike parking"}, "bicycle_parking=yes", []string{"停车位", "电动车停放"}},
	{"meal", Text{"爱心餐", "Meals"}, "", []string{"用餐", "就餐", "爱心早餐", "餐饮"}},
	{"job_info", Text{"求职信息", "Job information"}, "", []string{"招聘", "就业服务", "求职"}},
	{"tools", Text{"维修工具", "Repair tools"}, "service:bicycle:tools=yes", []string{"工具箱", "打气筒", "修车", "针线包"}},
	{"health_check", Text{"健康检查", "Health check"}, "", []string{"义诊", "量血压", "血压计", "体检"}},
	{"legal_aid", Text{"法律咨询", "Legal advice"}, "", []string{"法律援助", "维权"}},
	{"shared_bike", Text{"共享单车", "Shared bikes"}, "bicycle_rental=yes", []string{"单车"}},
}

// Facilities returns the table of facilities in display order.
func Facilities() []FacilityInfo { return facilityTable[:len(facilityTable):len(facilityTable)] }

// LookupFacility returns the row of a facility.
func LookupFacility(f Facility) (FacilityInfo, bool) {
	for _, info := range facilityTable {
		if info.Facility == f {
			return info, true
		}
	}
	return FacilityInfo{}, false
}

// ParseFacility reads the word of a facility as used in requests and files.
func ParseFacility(s string) (Facility, error) {
	if info, ok := LookupFacility(Facility(s)); ok {
		return info.Facility, nil
	}
	words := make([]string, len(facilityTable))
	for i, info := range facilityTable {
		words[i] = string(info.Facility)
	}
	list := strings.Join(words, ", ")
	return "", NewError(Invalid,
		fmt.Sprintf("设施 %q 不认识，可用：%s。", s, list),
		fmt.Sprintf("unknown facility %q: use one of %s", s, list))
}
