package main

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
