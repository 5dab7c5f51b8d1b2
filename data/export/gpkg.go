package export

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"yizhan/data/atlas"
	"yizhan/data/store/gpkg"
	"yizhan/geo"
	"yizhan/geo/index"
)

// GeoPackage writes the places into a new file, which QGIS opens and which can
// stand as places.gpkg in a data folder. Only kinds of place are taken; nil
// stands for all of them. Unlike the other formats, it takes memory for the
// places of a source at once.
func GeoPackage(ctx context.Context, path string, a *atlas.Atlas, opt Options) (counts []Count, err error) {
	j := newJob(ctx, a, opt, Places())
	j.opt.Progress = nil
	if err := CheckPlaces(j.opt.Collections); err != nil {
		return nil, err
	}
	if err := inWGS84(j.opt, "GeoPackage"); err != nil {
		return nil, err
	}
	st, err := gpkg.Open(ctx, path, gpkg.Options{Create: true})
	if err != nil {
		return nil, err
	}
	defer func() {
		if closing := st.Close(); err == nil {
			err = closing
		}
	}()
	byFeed := make(map[string][]index.Slot)
	counts = make([]Count, len(j.opt.Collections))
	for i, c := range j.opt.Collections {
		counts[i].Collection = c
		err := j.places(c.Kind(), func(s index.Slot) error {
			counts[i].Features++
			if !a.Places.Placed(s) {
				counts[i].Unplaced++
			}
			feed := cmp.Or(a.Places.Place(s).Source.Feed, geo.FeedEntered)
			byFeed[feed] = append(byFeed[feed], s)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	for _, feed := range slices.Sorted(maps.Keys(byFeed)) {
		places := make([]geo.Place, len(byFeed[feed]))
		for i, s := range byFeed[feed] {
			places[i] = *a.Places.Place(s)
		}
		if _, err := st.Replace(ctx, feed, places); err != nil {
			return nil, err
		}
	}
	demo := ""
	if a.Demo {
		demo = "true"
	}
	for _, m := range [...][2]string{
		{atlas.MetaNameZh, a.Name.Zh}, {atlas.MetaNameEn, a.Name.En}, {atlas.MetaAttribution, a.Attribution}, {atlas.MetaDemo, demo},
	} {
		if err := st.SetMeta(ctx, m[0], m[1]); err != nil {
			return nil, err
		}
	}
	return counts, nil
}

// CheckPlaces refuses collections that are no places. The error is a
// *geo.Error.
func CheckPlaces(list []Collection) error {
	for _, c := range list {
		if c.Kind() == "" {
			return geo.NewError(geo.Invalid,
				fmt.Sprintf("这种格式只放地点，不放%s：请导出为 geojson 或 flatgeobuf。", c.Name().Zh),
				fmt.Sprintf("this format holds places alone and nothing of the kind %s: export that as geojson or flatgeobuf", c))
		}
	}
	return nil
}

// inWGS84 refuses a datum that the format has no name for.
func inWGS84(opt Options, format string) error {
	if opt.Datum == "wgs84" {
		return nil
	}
	return geo.NewError(geo.Invalid,
		fmt.Sprintf("%s 里的坐标只能是 WGS-84，%s 没有通用的代号，别的程序会放错位置：请去掉 --datum，或导出为 csv、geojson。", format, opt.Datum),
		fmt.Sprintf("a %s is in WGS-84: there is no agreed name for %s, so other programs would put everything in the wrong place; leave --datum out, or export as csv or geojson", format, opt.Datum))
}
