package pack

import (
	"strings"

	"yizhan/geo"
)

// Place returns the place of a row, made anew. It may be kept: its texts are
// parts of a copy of the row, or of a dictionary.
func (t *Table) Place(row int) *geo.Place {
	r := t.read(strings.Clone(t.rows[t.start(row):t.start(row+1)]))
	p := &geo.Place{Unplaced: !r.Placed()}
	if !p.Unplaced {
		p.Point = t.positions[row].Point()
	}
	if !r.mask.Has(Ref) {
		p.Source.Ref = r.Ref()
	}
	for v, ok := r.Next(); ok; v, ok = r.Next() {
		switch v.Field {
		case ID:
			p.ID = v.Text
		case Kind:
			p.Kind = geo.Kind(v.Text)
		case Name:
			p.Name = v.Text
		case Names:
			p.Names = readMap[map[string]string](Reader{v.Text})
		case Address:
			p.Address = v.Text
		case District:
			p.District = v.Text
		case Phone:
			p.Phone = v.Text
		case Operator:
			p.Operator = v.Text
		case Website:
			p.Website = v.Text
		case Note:
			p.Note = v.Text
		case Hours:
			p.Hours = v.Text
		case HoursText:
			p.HoursText = v.Text
		case Facilities:
			p.Facilities = readList[geo.Facility](Reader{v.Text})
		case Compound:
			p.Compound = v.Text
		case Feed:
			p.Source.Feed = v.Text
		case Ref:
			p.Source.Ref = v.Text
		default:
			setComposite(p, v)
		}
	}
	return p
}

// setComposite sets what is neither text nor a list or a map of texts.
func setComposite(p *geo.Place, v Value) {
	r := Reader{v.Text}
	switch v.Field {
	case Valid:
		period := r.Period()
		p.Valid = &period
	case Station:
		p.Station = &geo.Station{Type: geo.StationType(r.Text()), Network: r.Text(), Hub: r.Text(), Booking: r.Text()}
	case Charger:
		p.Charger = &geo.Charger{Sockets: int(r.Int()), Fee: r.Text()}
		p.Charger.Vehicles = readList[string](r)
	case BusStop:
		flags := r.Flags()
		p.BusStop = &geo.BusStop{Shelter: flags&1 != 0, Bench: flags&2 != 0, Lines: readList[string](r)}
	case Parking:
		p.Parking = &geo.Parking{Covered: r.Flags()&1 != 0, Capacity: int(r.Int())}
		p.Parking.Vehicles = readList[string](r)
	case Bikes:
		p.Bikes = &geo.SharedBikes{Capacity: int(r.Int()), Network: r.Text()}
	case Gate:
		p.Gate = &geo.Gate{Inferred: r.Flags()&1 != 0, Barrier: r.Text()}
		p.Gate.Tags = readMap[geo.Tags](r)
	case GateCompounds:
		p.Gate.Compounds = readList[string](r)
	case Time:
		p.Source.Time = r.Time()
	case Extra:
		p.Extra = readMap[map[string]string](r)
	case Origin:
		p.Origin = &geo.Origin{Lon: r.float(), Lat: r.float()}
		p.Origin.Datum = r.Rest
	}
}

func readList[T ~string](r Reader) []T {
	n := 0
	for count := r; !count.Done(); n++ {
		count.Text()
	}
	if n == 0 {
		return nil
	}
	list := make([]T, n)
	for i := range list {
		list[i] = T(r.Text())
	}
	return list
}

func readMap[M ~map[string]string](r Reader) M {
	if r.Done() {
		return nil
	}
	m := make(M)
	for !r.Done() {
		key := r.Text()
		m[key] = r.Text()
	}
	return m
}
