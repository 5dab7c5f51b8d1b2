package geo

import (
	"fmt"
	"strings"
)

// Kind is the kind of a place.
type Kind string

// The kinds of place. A new kind is a constant and a row in kindTable.
const (
	KindStation    Kind = "station"
	KindGate       Kind = "gate"
	KindCharger    Kind = "charger"
	KindBusStop    Kind = "bus_stop"
	KindParking    Kind = "parking"
	KindSharedBike Kind = "shared_bike"
)

// KindInfo names a kind for people.
type KindInfo struct {
	Kind Kind `json:"id"`
	Name Text `json:"name"`
}

var kindTable = [...]KindInfo{
	{KindStation, Text{"驿站", "Rest stations"}},
	{KindGate, Text{"出入口", "Gates"}},
	{KindCharger, Text{"充电点", "Charging points"}},
	{KindBusStop, Text{"公交站", "Bus stops"}},
	{KindParking, Text{"停车点", "Bike parking"}},
	{KindSharedBike, Text{"共享单车", "Shared bikes"}},
}

// Kinds returns the table of kinds in display order.
func Kinds() []KindInfo { return kindTable[:len(kindTable):len(kindTable)] }

// ParseKind reads the word of a kind.
func ParseKind(s string) (Kind, error) {
	for _, info := range kindTable {
		if string(info.Kind) == s {
			return info.Kind, nil
		}
	}
	words := make([]string, len(kindTable))
	for i, info := range kindTable {
		words[i] = string(info.Kind)
	}
	list := strings.Join(words, ", ")
	return "", NewError(Invalid,
		fmt.Sprintf("类别 %q 不认识，可用：%s。", s, list),
		fmt.Sprintf("unknown kind %q: use one of %s", s, list))
}
