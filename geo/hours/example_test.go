package hours_test

import (
	"fmt"
	"time"

	"yizhan/geo/hours"
)

func ExampleSchedule_At() {
	s, err := hours.Parse("Mo-Fr 09:30-21:00; Sa 10:00-02:00; PH off")
	if err != nil {
		panic(err)
	}
	zone := time.FixedZone("CST", 8*3600)
	place := hours.Place{Zone: zone, Holidays: hours.China()}
	for _, day := range []int{7, 8, 10} { // of October 2026: the holiday ends on the 7th
		status := s.At(time.Date(2026, 10, day, 20, 40, 0, 0, zone), place)
		fmt.Printf("%s until %s, then %s\n", status.State, status.Until.Format("Jan 2 15:04"), status.Next)
	}
	// Output:
	// closed until Oct 8 09:30, then open
	// open until Oct 8 21:00, then closed
	// open until Oct 11 02:00, then closed
}

func ExampleConditional_Value() {
	c, err := hours.ParseConditional("no @ (22:00-06:00); delivery @ (Mo-Fr 06:00-22:00)")
	if err != nil {
		panic(err)
	}
	value, known, until := c.Value(time.Date(2026, 10, 8, 20, 40, 0, 0, time.UTC), hours.Place{})
	fmt.Println(value, known, until.Format("15:04"))
	// Output: delivery true 22:00
}
