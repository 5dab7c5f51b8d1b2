package hours

import (
	"math"
	"time"

	"github.com/paulmach/orb"
)

// sunTimes are minutes of a civil date, by sunEvent; they may lie a little
// before 0 or after 1440 where the zone does not suit the longitude or the sun
// sets after midnight.
type sunTimes [5]int

// The zenith of the sun's centre, in degrees: sunrise and sunset with the mean
// refraction and radius, dawn and dusk of civil twilight.
const (
	zenithHorizon = 90.833
	zenithCivil   = 96
)

// sunOn returns the sun times of a date at a point, on the clock of a zone,
// rounded down to the minute; of the pairs asked for.
//
// Algorithm: the solar calculation of NOAA's Global Monitoring Laboratory,
// after Meeus, "Astronomical Algorithms"; within a minute between the polar
// circles for the years 1900 to 2100.
func sunOn(n day, p orb.Point, zone *time.Location, pairs sunPairs) sunTimes {
	lon, lat := p[0], p[1]
	midnight := float64(n) * minutesPerDay // UTC minutes since 1970
	noon := midnight + 720 - 4*lon
	for range 2 {
		eot, _ := sunPosition(noon)
		noon = midnight + 720 - 4*lon - eot
	}
	// The solar noon that falls on the date in the zone: at the edges of the
	// date line it may be the one of the day before or after.
	local := noon + zoneOffset(noon, zone) - midnight
	noon -= math.Floor(local/minutesPerDay) * minutesPerDay

	eot, decl := sunPosition(noon)
	transit := sunAt{noon, eot, decl}

	var t sunTimes
	clock := func(utc float64) int {
		return int(math.Floor(utc + zoneOffset(utc, zone) - midnight))
	}
	pair := func(rise, set sunEvent, zenith float64) {
		up, side := transit.cross(lat, zenith, -1)
		switch {
		case side > 0: // always above
			t[rise], t[set] = 0, minutesPerDay
		case side < 0: // always below
			t[rise], t[set] = clock(noon), clock(noon)
		default:
			down, _ := transit.cross(lat, zenith, 1)
			t[rise], t[set] = clock(up), clock(down)
		}
	}
	if pairs&pairHorizon != 0 {
		pair(eventSunrise, eventSunset, zenithHorizon)
	}
	if pairs&pairCivil != 0 {
		pair(eventDawn, eventDusk, zenithCivil)
	}
	return t
}

// sunAt is where the sun stands at a UTC minute since 1970.
type sunAt struct{ utc, eot, decl float64 }

// cross returns the UTC minute at which the sun crosses the zenith before (-1)
// or after (1) its transit; side is 1 where it stays above all day, -1 where
// it stays below.
func (transit sunAt) cross(lat, zenith, direction float64) (utc float64, side int) {
	const rad = math.Pi / 180
	at := transit
	for i := range 3 {
		if i > 0 {
			at.eot, at.decl = sunPosition(at.utc)
		}
		cos := (math.Cos(zenith*rad) - math.Sin(lat*rad)*math.Sin(at.decl)) / (math.Cos(lat*rad) * math.Cos(at.decl))
		if cos < -1 {
			return transit.utc, 1
		}
		if !(cos <= 1) { // NaN too
			return transit.utc, -1
		}
		at.utc = transit.utc + transit.eot - at.eot + direction*4*math.Acos(cos)/rad
	}
	return at.utc, 0
}

// sunPosition returns the equation of time in minutes and the declination in
// radians at a UTC minute since 1970.
func sunPosition(utc float64) (eot, decl float64) {
	const rad = math.Pi / 180
	t := (utc/minutesPerDay + 2440587.5 - 2451545) / 36525
	meanLong := math.Mod(280.46646+t*(36000.76983+t*0.0003032), 360) * rad
	anomaly := (357.52911 + t*(35999.05029-0.0001537*t)) * rad
	ecc := 0.016708634 - t*(0.000042037+0.0000001267*t)
	center := math.Sin(anomaly)*(1.914602-t*(0.004817+0.000014*t)) +
		math.Sin(2*anomaly)*(0.019993-0.000101*t) + math.Sin(3*anomaly)*0.000289
	omega := (125.04 - 1934.136*t) * rad
	appLong := meanLong + (center-0.00569-0.00478*math.Sin(omega))*rad
	obliq := (23 + (26+(21.448-t*(46.815+t*(0.00059-t*0.001813)))/60)/60 + 0.00256*math.Cos(omega)) * rad
	decl = math.Asin(math.Sin(obliq) * math.Sin(appLong))
	y := math.Tan(obliq/2) * math.Tan(obliq/2)
	eot = 4 / rad * (y*math.Sin(2*meanLong) - 2*ecc*math.Sin(anomaly) +
		4*ecc*y*math.Sin(anomaly)*math.Cos(2*meanLong) -
		0.5*y*y*math.Sin(4*meanLong) - 1.25*ecc*ecc*math.Sin(2*anomaly))
	return eot, decl
}

// zoneOffset returns the minutes that a zone's clock is ahead of UTC.
func zoneOffset(utc float64, zone *time.Location) float64 {
	_, seconds := time.Unix(int64(utc*60), 0).In(zone).Zone()
	return float64(seconds) / 60
}
