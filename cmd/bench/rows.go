package main

import "slices"

// rows are the lines of the table. A benchmark reports medians as p50 in a
// unit of time; where it does not, the time of one operation counts.
func rows() []row {
	const (
		micro = 1e-6
		milli = 1e-3
	)
	return []row{
		{name: "A*, point to point", bench: "geo/route AStar", metric: "p50|time", unit: "µs", per: micro},
		{name: "hierarchy, point to point", bench: "geo/route Hierarchy", metric: "p50|time", unit: "µs", per: micro, most: 20, than: "A*, point to point"},
		{name: "A*, mean of all pairs", bench: "geo/route AStar", metric: "time", unit: "µs", per: micro},
		{name: "hierarchy, mean of all pairs", bench: "geo/route Hierarchy", metric: "time", unit: "µs", per: micro, than: "A*, mean of all pairs", times: 25},
		{name: "  allocations", bench: "geo/route Hierarchy", metric: "allocs/op", per: 1, none: true},
		{name: "  with the path unpacked", bench: "geo/route HierarchyPath", metric: "p50|time", unit: "µs", per: micro, than: "A*, point to point"},
		{name: "    allocations", bench: "geo/route HierarchyPath", metric: "allocs/op", per: 1, none: true},
		{name: "  to 1,000 pinned places", bench: "geo/cch Pinned1000", metric: "p50|time", unit: "µs", per: micro, most: 150},
		{name: "    allocations", bench: "geo/cch Pinned1000", metric: "allocs/op", per: 1, none: true},
		{name: "customization", bench: "geo/cch Customize", metric: "p50|time", unit: "ms", per: milli, most: 30},
		{name: "  of what a closure changes", bench: "geo/cch Update", metric: "p50|time", unit: "ms", per: milli, most: 30, than: "customization"},
		{name: "  until a route knows of it", bench: "geo/route Closure", metric: "p50|time", unit: "ms", per: milli, most: 30, than: "customization"},
		{name: "order", bench: "geo/cch Order", metric: "p50|time", unit: "s", per: 1, most: 10},
		{name: "  and contraction", bench: "geo/cch New", metric: "p50|time", unit: "ms", per: milli},
		{name: "5 nearest of 2,000 stations, on foot", bench: "geo/route NearestByTime/foot", metric: "p50|time", unit: "ms", per: milli, most: 0.3},
		{name: "5 nearest of 2,000 stations, by ebike", bench: "geo/route NearestByTime/ebike", metric: "p50|time", unit: "ms", per: milli, most: 0.3},
		{name: "isochrone of 15 min, on foot", bench: "geo/reach IsochroneFoot", metric: "p50|time", unit: "ms", per: milli, most: 1.4},
		{name: "isochrone of 15 min, by ebike", bench: "geo/reach IsochroneEbike", metric: "p50|time", unit: "ms", per: milli, most: 8},
		{name: "HTTP ceiling, short answer", bench: "api RouteHTTP/ceiling_of_bare", metric: "p50", unit: "ms", per: milli},
		{name: "HTTP route without geometry", bench: "api RouteHTTP/bare", metric: "p50", unit: "ms", per: milli, most: 0.15, than: "HTTP ceiling, short answer"},
		{name: "  answers a second", bench: "api RouteHTTP/bare", metric: "req/s", unit: "/s", per: 1, least: 12_000},
		{name: "HTTP ceiling, long answer", bench: "api RouteHTTP/ceiling_of_full", metric: "p50", unit: "ms", per: milli},
		{name: "HTTP route with steps and geometry", bench: "api RouteHTTP/full", metric: "p50", unit: "ms", per: milli, most: 0.30, than: "HTTP ceiling, long answer"},
		{name: "  answers a second", bench: "api RouteHTTP/full", metric: "req/s", unit: "/s", per: 1, least: 7_000},
		{name: "serving Vancouver, resident", bench: "cmd/yizhan ServeMemory", metric: "rss-MB", unit: "MB", per: 1, most: 150},
	}
}

// servedRows are the lines of what is measured of the server, over HTTP by
// clients on the same machine. Those of rates stand beside the ceiling: fixed
// bytes of the same length for the same requests, over Fiber and nothing else.
func servedRows() []row {
	const milli = 1e-3
	rate := func(name, bench string, share, p99 float64) []row {
		return []row{
			{name: name, bench: bench, metric: "req/s", unit: "/s", per: 1, of: "ceiling", share: share},
			{name: "  slowest in a hundred", bench: bench, metric: "p99", unit: "ms", per: milli, most: p99},
		}
	}
	tile := func(name, bench string, most float64) row {
		return row{name: name, bench: "tiles PlaceTile/" + bench, metric: "time", unit: "ms", per: milli, most: most}
	}
	return slices.Concat(
		rate("HTTP 10 nearest of 1M", "serve 1M/nearest", 0.40, 2),
		rate("HTTP 10 nearest of 20,000", "serve 20k/nearest", 0.50, 2),
		rate("HTTP 10 nearest of 1M, filter of 1 in 10", "serve 1M/common", 0.35, 2),
		rate("HTTP 10 nearest of 1M, filter of 1 in 1,000", "serve 1M/rare", 0, 0),
		rate("HTTP 10 nearest of 1M, open now", "serve 1M/open", 0, 0),
		[]row{
			{name: "HTTP 1,000 features in a box", bench: "serve 1M/box", metric: "req/s", unit: "/s", per: 1, least: 8000, of: "ceiling"},
			{name: "  size of the answer", bench: "serve 1M/box", metric: "B", unit: "kB", per: 1000},
			{name: "HTTP warm tile of places", bench: "serve 1M/tile", metric: "req/s", unit: "/s", per: 1, of: "ceiling", share: 0.6},
			{name: "HTTP 304", bench: "serve 1M/unchanged", metric: "req/s", unit: "/s", per: 1, of: "ceiling", share: 0.8},
			tile("cold tile z14, 2,900 features", "z14_2900", 2),
			tile("cold tile z14, 64 features", "z14_64", 0.1),
			tile("cold tile z10 of 1M", "z10_1M", 5),
			{name: "1M places, until the first answer", bench: "serve 1M/start", metric: "time", unit: "s", per: 1, most: 6},
			{name: "1M places, resident after all this", bench: "serve 1M/memory", metric: "B/place", unit: "B/place", per: 1, most: 350},
		},
		rebuildRows(),
	)
}

// rebuildRows are the lines of what is measured while a million places are read
// anew, with questions at half the rate that their clients can ask at.
func rebuildRows() []row {
	const milli, bench = 1e-3, "serve 1M/rebuild"
	return []row{
		{name: "HTTP 10 nearest of 1M, half the peak, slowest in a hundred", bench: bench, metric: "idle p99", unit: "ms", per: milli},
		{name: "  while all places are read anew", bench: bench, metric: "p99", unit: "ms", per: milli,
			than: "HTTP 10 nearest of 1M, half the peak, slowest in a hundred", times: 1.0 / 3},
		{name: "  until they are", bench: bench, metric: "rebuild", unit: "s", per: 1},
	}
}
