// How the base map is painted, bottom first: areas, buildings, street edges,
// street surfaces from the least to the greatest, walls.

import { type Feature, LineSymbolizer, type PaintRule, PolygonSymbolizer, exp } from "protomaps-leaflet";
import type { Palette } from "./palette";

/** Street classes from the least to the greatest, with their widths by zoom. */
const streets: { class: string; from: number; width: (z: number) => number }[] = [
  { class: "track", from: 14, width: exp(1.6, [[14, 0.6], [16, 2], [19, 7]]) },
  { class: "service", from: 14, width: exp(1.6, [[14, 0.6], [16, 2.6], [18, 7], [20, 16]]) },
  { class: "pedestrian", from: 14, width: exp(1.6, [[14, 1], [16, 3.5], [18, 9], [20, 20]]) },
  { class: "living_street", from: 13, width: exp(1.6, [[13, 0.8], [16, 4.5], [18, 12], [20, 28]]) },
  { class: "residential", from: 12, width: exp(1.6, [[12, 0.5], [14, 1.8], [16, 5.5], [18, 14], [20, 34]]) },
  { class: "tertiary", from: 11, width: exp(1.6, [[11, 0.7], [14, 3.2], [16, 7.5], [18, 18], [20, 42]]) },
  { class: "secondary", from: 10, width: exp(1.6, [[10, 0.8], [14, 4.5], [16, 9.5], [18, 22], [20, 50]]) },
  { class: "primary", from: 8, width: exp(1.6, [[8, 0.7], [12, 2.4], [14, 5.5], [16, 11], [18, 25], [20, 56]]) },
  { class: "trunk", from: 6, width: exp(1.6, [[6, 0.8], [12, 3], [14, 6], [16, 12], [18, 27], [20, 60]]) },
  { class: "motorway", from: 5, width: exp(1.6, [[5, 0.8], [12, 3.4], [14, 6.5], [16, 13], [18, 29], [20, 62]]) },
];

const edge = exp(1.4, [[12, 0.6], [15, 1], [18, 1.6], [20, 2.2]]);

const is = (...classes: string[]) => (_z: number, f: Feature) => classes.includes(String(f.props.class));
const plain = (f: Feature) => !f.props.bridge && !f.props.tunnel;

/** The paint rules of a palette. */
export function paintRules(p: Palette): PaintRule[] {
  const fill = (colours: Record<string, string>) => new PolygonSymbolizer({ fill: (_z: number, f?: Feature) => colours[String(f?.props.class)] ?? "transparent", perFeature: true });
  const polygon = (_z: number, f: Feature) => f.geomType === 3;
  const line = (_z: number, f: Feature) => f.geomType === 2;

  const rules: PaintRule[] = [
    { dataLayer: "landuse", symbolizer: fill(p.landuse), filter: polygon },
    { dataLayer: "green", symbolizer: fill(p.green), filter: polygon },
    { dataLayer: "water", symbolizer: new PolygonSymbolizer({ fill: p.water }), filter: polygon },
    { dataLayer: "water", symbolizer: new LineSymbolizer({ color: p.waterLine, width: exp(1.5, [[10, 0.5], [14, 1.5], [18, 6]]), lineCap: "round", lineJoin: "round" }), filter: line },
    { dataLayer: "compound", minzoom: 13, symbolizer: new PolygonSymbolizer({ fill: p.compound, opacity: exp(1, [[13, 0.5], [15, 0.85]]) }), filter: polygon },
    // Green inside a compound is still green.
    { dataLayer: "green", minzoom: 14, symbolizer: fill(p.green), filter: (z, f) => polygon(z, f) && is("park", "grass", "pitch", "forest")(z, f) },
    { dataLayer: "water", minzoom: 14, symbolizer: new PolygonSymbolizer({ fill: p.water }), filter: polygon },
    {
      dataLayer: "building",
      minzoom: 14,
      symbolizer: new PolygonSymbolizer({ fill: p.building, stroke: p.buildingEdge, width: (z: number) => (z < 16 ? 0.01 : 1), opacity: exp(1, [[14, 0.5], [16, 1]]) }),
      filter: polygon,
    },
    { dataLayer: "road", minzoom: 12, symbolizer: new LineSymbolizer({ color: p.rail, width: exp(1.5, [[12, 0.8], [16, 2.2], [19, 4]]) }), filter: is("rail") },
    { dataLayer: "road", minzoom: 14, symbolizer: new LineSymbolizer({ color: p.land, width: exp(1.5, [[14, 0.6], [16, 1.2], [19, 2.4]]), dash: [7, 7], perFeature: false }), filter: is("rail") },
    { dataLayer: "road", minzoom: 12, symbolizer: new LineSymbolizer({ color: p.rail, width: 1.2, dash: [3, 4], opacity: 0.7 }), filter: is("subway") },
    { dataLayer: "road", minzoom: 15, symbolizer: new LineSymbolizer({ color: p.path, width: exp(1.4, [[15, 0.8], [17, 1.5], [20, 3]]), dash: [4, 3], lineCap: "butt" }), filter: is("footway", "path") },
    { dataLayer: "road", minzoom: 14, symbolizer: new LineSymbolizer({ color: p.cycleway, width: exp(1.4, [[14, 0.8], [17, 1.8], [20, 3.5]]), dash: [8, 3] }), filter: is("cycleway") },
    { dataLayer: "road", minzoom: 15, symbolizer: new LineSymbolizer({ color: p.steps, width: exp(1.4, [[15, 2], [17, 4], [20, 8]]), dash: [1.5, 1.5] }), filter: is("steps") },
  ];

  const colours = (c: string) => p.road[c] ?? p.road.service!;
  const paved = (c: string, layer: "edge" | "surface", pass: (f: Feature) => boolean, opts: { dash?: number[]; opacity?: number; cut?: boolean } = {}) => {
    const s = streets.find((x) => x.class === c)!;
    const [surface, rim] = colours(c);
    rules.push({
      dataLayer: "road",
      minzoom: layer === "edge" ? Math.max(s.from, 12) : s.from,
      symbolizer: new LineSymbolizer({
        color: layer === "edge" ? rim : surface,
        width: (z: number) => s.width(z) + (layer === "edge" ? 2 * edge(z) : 0),
        lineCap: opts.dash || opts.cut ? "butt" : "round",
        lineJoin: "round",
        ...(opts.dash ? { dash: opts.dash } : {}),
        ...(opts.opacity ? { opacity: opts.opacity } : {}),
      }),
      filter: (_z, f) => f.props.class === c && pass(f),
    });
  };
  for (const s of streets) paved(s.class, "edge", (f) => !!f.props.tunnel, { dash: [4, 4], opacity: 0.5 });
  for (const s of streets) paved(s.class, "surface", (f) => !!f.props.tunnel, { opacity: 0.5 });
  for (const s of streets) paved(s.class, "edge", plain);
  for (const s of streets) paved(s.class, "surface", plain);
  for (const s of streets) paved(s.class, "edge", (f) => !!f.props.bridge, { cut: true });
  for (const s of streets) paved(s.class, "surface", (f) => !!f.props.bridge, { cut: true });

  const lineWidth = exp(1.4, [[14, 0.8], [16, 1.4], [18, 2.2], [20, 3.4]]);
  rules.push(
    { dataLayer: "barrier", minzoom: 16, symbolizer: new LineSymbolizer({ color: p.wall, width: lineWidth }), filter: is("wall") },
    { dataLayer: "barrier", minzoom: 16, symbolizer: new LineSymbolizer({ color: p.wall, width: lineWidth, dash: [6, 3] }), filter: is("fence") },
    { dataLayer: "barrier", minzoom: 16, symbolizer: new LineSymbolizer({ color: p.hedge, width: (z: number) => lineWidth(z) * 1.5 }), filter: is("hedge") },
    {
      dataLayer: "compound",
      minzoom: 14,
      symbolizer: new LineSymbolizer({ color: p.compoundEdge, width: exp(1.4, [[14, 0.7], [16, 1.5], [18, 2.6], [20, 4]]), lineJoin: "round" }),
      filter: polygon,
    },
  );
  return rules;
}
