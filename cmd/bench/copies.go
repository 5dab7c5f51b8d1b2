package main

import (
	"context"
	"io"
	"math"
	"os"
	"slices"

	"yizhan/data/osmpbf"
)

const (
	// maxCopies keeps ids within an int64 and the grid on this side of the
	// globe.
	maxCopies = 100
	// stepDegrees is how far the copies lie apart, farther than a city is wide.
	stepDegrees = 0.55
	// idStep is how far the ids of one copy lie from those of the next.
	idStep = 20_000_000_000
	// middleLon and middleLat are where the grid lies: Chengdu.
	middleLon, middleLat = 104.06, 30.66
)

// elements are what a PBF file holds.
type elements struct {
	nodes     []osmpbf.Node
	ways      []osmpbf.Way
	relations []osmpbf.Relation
}

// extract is a PBF file in memory.
type extract struct {
	elements
	lon, lat float64 // the median of the nodes, in degrees
}

func readElements(ctx context.Context, r io.Reader) (e elements, err error) {
	_, err = osmpbf.Decode(ctx, r, osmpbf.Handler{
		Node: func(n *osmpbf.Node) error {
			if n.Placed() {
				c := *n
				c.Tags = slices.Clone(n.Tags)
				e.nodes = append(e.nodes, c)
			}
			return nil
		},
		Way: func(w *osmpbf.Way) error {
			e.ways = append(e.ways, osmpbf.Way{ID: w.ID, Tags: slices.Clone(w.Tags), Nodes: slices.Clone(w.Nodes)})
			return nil
		},
		Relation: func(r *osmpbf.Relation) error {
			e.relations = append(e.relations, osmpbf.Relation{ID: r.ID, Tags: slices.Clone(r.Tags), Members: slices.Clone(r.Members)})
			return nil
		},
	})
	return e, err
}

func readExtract(ctx context.Context, path string) (*extract, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all, err := readElements(ctx, f)
	if err != nil {
		return nil, err
	}
	e := &extract{elements: all}
	lons, lats := make([]int32, len(e.nodes)), make([]int32, len(e.nodes))
	for i := range e.nodes {
		lons[i], lats[i] = e.nodes[i].Lon, e.nodes[i].Lat
	}
	slices.Sort(lons)
	slices.Sort(lats)
	if n := len(lons); n > 0 {
		e.lon, e.lat = osmpbf.Degrees(lons[n/2]), osmpbf.Degrees(lats[n/2])
	}
	return e, nil
}

// write writes copies of the extract as a PBF file, laid out on a grid around
// Chengdu with their shape kept: a degree of longitude is as long there as the
// copy makes it. Tags, and the order of nodes, ways and relations, stay.
func (e *extract) write(out io.Writer, copies int) error {
	w := newPBFWriter(out)
	for k := range copies {
		lon, lat, scale := e.slot(k, copies)
		for i := range e.nodes {
			n := &e.nodes[i]
			w.node(osmpbf.Node{
				ID:   n.ID + int64(k)*idStep,
				Lon:  units(lon + (osmpbf.Degrees(n.Lon)-e.lon)*scale),
				Lat:  units(lat + osmpbf.Degrees(n.Lat) - e.lat),
				Tags: n.Tags,
			})
		}
	}
	var refs []int64
	for k := range copies {
		for i := range e.ways {
			refs = refs[:0]
			for _, ref := range e.ways[i].Nodes {
				refs = append(refs, ref+int64(k)*idStep)
			}
			w.way(osmpbf.Way{ID: e.ways[i].ID + int64(k)*idStep, Tags: e.ways[i].Tags, Nodes: refs})
		}
	}
	var members []osmpbf.Member
	for k := range copies {
		for i := range e.relations {
			members = members[:0]
			for _, m := range e.relations[i].Members {
				m.Ref += int64(k) * idStep
				members = append(members, m)
			}
			w.relation(osmpbf.Relation{ID: e.relations[i].ID + int64(k)*idStep, Tags: e.relations[i].Tags, Members: members})
		}
	}
	return w.close()
}

// slot returns the middle of a copy and by how much its longitudes stretch.
func (e *extract) slot(k, copies int) (lon, lat, scale float64) {
	width := int(math.Ceil(math.Sqrt(float64(copies))))
	lon = middleLon + (float64(k%width)-float64(width)/2)*stepDegrees
	lat = middleLat + (float64(k/width)-float64(width)/2)*stepDegrees
	return lon, lat, math.Cos(e.lat*math.Pi/180) / math.Cos(lat*math.Pi/180)
}

func units(degrees float64) int32 { return int32(math.Round(degrees * 1e7)) }
