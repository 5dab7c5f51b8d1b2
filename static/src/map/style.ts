// How the base map is painted, bottom first: areas, compounds, buildings, ways
// on foot, streets from the least to the greatest with their edges under all
// surfaces, what runs under and over the ground, walls.

import { exp } from "protomaps-leaflet";
import { AREA, type Brush, type Form, LINE } from "./paint";
import type { Palette } from "./palette";

/** Street classes from the least to the greatest, with their widths by zoom:
 *  about as wide as they are from zoom 17 on, wider than that below. */
const streets: { class: string; from: number; width: (z: number) => number }[] = [
  { class: "track", from: 14, width: exp(1.6, [[14, 0.6], [16, 1.8], [18, 5], [20, 14]]) },
  { class: "service", from: 14, width: exp(1.6, [[14, 0.6], [15, 1.3], [16, 2.8], [18, 8], [20, 24]]) },
  { class: "pedestrian", from: 14, width: exp(1.6, [[14, 1], [16, 3.6], [18, 10], [20, 28]]) },
  { class: "living_street", from: 13, width: exp(1.6, [[13, 0.7], [14, 1.5], [16, 5], [18, 13], [20, 36]]) },
  { class: "residential", from: 12, width: exp(1.6, [[12, 0.4], [13, 0.8], [14, 1.9], [16, 6], [18, 15], [20, 42]]) },
  { class: "tertiary", from: 11, width: exp(1.6, [[11, 0.6], [13, 1.8], [14, 3], [16, 8], [18, 19], [20, 50]]) },
  { class: "secondary", from: 10, width: exp(1.6, [[10, 0.7], [12, 1.6], [14, 4.2], [16, 10], [18, 23], [20, 58]]) },
  { class: "primary", from: 8, width: exp(1.6, [[8, 0.7], [12, 2.2], [14, 5.2], [16, 11.5], [18, 26], [20, 64]]) },
  { class: "trunk", from: 6, width: exp(1.6, [[6, 0.8], [12, 2.8], [14, 6], [16, 12.5], [18, 28], [20, 68]]) },
  { class: "motorway", from: 5, width: exp(1.6, [[5, 0.8], [12, 3.2], [14, 6.5], [16, 13.5], [18, 30], [20, 72]]) },
];

/** From this zoom on small streets have edges; below they are thin lines. */
const EDGES = 14;
const great = ["motorway", "trunk", "primary", "secondary", "tertiary"];

const rim = exp(1.4, [[11, 0.5], [15, 0.9], [18, 1.4], [20, 2]]);

/** The brushes of a palette, the first undermost. */
export function brushes(p: Palette): Brush[] {
  return [...ground(p), ...tracks(p), ...paths(p), ...paved(p), ...walls(p)];
}

function ground(p: Palette): Brush[] {
  const fills = (layer: string, colors: Record<string, string>, from = 0, of = Object.keys(colors)): Brush[] =>
    of.filter((c) => colors[c]).map((c) => ({ kind: "fill", layer, geom: AREA, classes: [c], color: colors[c]!, from }));
  return [
    ...fills("landuse", p.landuse),
    ...fills("green", p.green),
    { kind: "fill", layer: "compound", geom: AREA, color: p.compound, from: 13, alpha: exp(1, [[13, 0.5], [15, 1]]) },
    // Green inside a compound is still green, and a parking place grey.
    ...fills("landuse", p.landuse, 15, ["parking", "square"]),
    ...fills("green", p.green, 14, ["park", "forest", "grass", "pitch"]),
    { kind: "fill", layer: "water", geom: AREA, color: p.water },
    { kind: "line", layer: "water", geom: LINE, form: "plain", color: p.waterLine, width: exp(1.5, [[10, 0.5], [14, 1.5], [18, 6]]) },
    { kind: "band", layer: "compound", geom: AREA, color: p.band, from: 15, width: exp(1.5, [[15, 2], [17, 5], [19, 9]]) },
    { kind: "fill", layer: "building", geom: AREA, color: p.building, from: 14, alpha: exp(1, [[14, 0.55], [16, 1]]) },
    { kind: "line", layer: "building", geom: AREA, color: p.buildingEdge, from: 16, width: exp(1.3, [[16, 0.7], [18, 1.1], [20, 1.6]]) },
  ];
}

function tracks(p: Palette): Brush[] {
  return [
    { kind: "line", layer: "road", geom: LINE, classes: ["rail"], color: p.rail, from: 11, width: exp(1.5, [[11, 0.6], [14, 1.4], [16, 2.4], [19, 4.5]]) },
    { kind: "line", layer: "road", geom: LINE, classes: ["rail"], color: p.land, from: 14, width: exp(1.5, [[14, 0.7], [16, 1.3], [19, 2.7]]), dash: [7, 7] },
    { kind: "line", layer: "road", geom: LINE, classes: ["subway"], color: p.rail, from: 12, width: () => 1.2, dash: [3, 4], alpha: 0.6 },
  ];
}

function paths(p: Palette): Brush[] {
  const road = { layer: "road", geom: LINE } as const;
  const path = exp(1.4, [[15, 0.7], [17, 1.3], [20, 2.6]]);
  const cycle = exp(1.4, [[14, 0.8], [17, 1.7], [20, 3.2]]);
  return [
    // A pale bed keeps them readable on grass and between houses.
    { ...road, kind: "line", classes: ["footway", "path", "steps", "cycleway"], color: p.bed, from: 16, width: (z) => path(z) + 2.4, cap: "butt" },
    { ...road, kind: "line", classes: ["footway", "path"], color: p.path, from: 15, width: path, dash: [3, 2.5] },
    { ...road, kind: "line", classes: ["cycleway"], color: p.cycleway, from: 14, width: cycle, dash: [9, 3] },
    { ...road, kind: "line", classes: ["steps"], color: p.steps, from: 16, width: exp(1.4, [[16, 2.6], [17, 3.6], [20, 8]]), dash: [1.3, 1.3] },
  ];
}

function paved(p: Palette): Brush[] {
  const out: Brush[] = [];
  const pass = (layer: "edge" | "surface", form: Form, more: { dash?: number[]; alpha?: number; cap?: CanvasLineCap } = {}) => {
    for (const s of streets) {
      const [surface, edge] = p.road[s.class] ?? p.road.service!;
      const first = great.includes(s.class) ? Math.max(s.from, 11) : EDGES;
      const width = layer === "edge" ? (z: number) => s.width(z) + 2 * rim(z) * (form === "bridge" ? 1.5 : 1) : s.width;
      const line = { kind: "line", layer: "road", geom: LINE, classes: [s.class], form, ...more } as const;
      if (layer === "edge") out.push({ ...line, color: form === "bridge" ? p.bridge : edge, width, from: first });
      else {
        if (first > s.from) out.push({ ...line, color: p.thin, width: (z) => Math.max(0.7, width(z)), from: s.from, to: first - 1 });
        out.push({ ...line, color: surface, width, from: first });
      }
    }
  };
  pass("edge", "tunnel", { dash: [4, 4], alpha: 0.55 });
  pass("surface", "tunnel", { alpha: 0.45 });
  pass("edge", "plain");
  pass("surface", "plain");
  pass("edge", "bridge", { cap: "butt" });
  pass("surface", "bridge");
  out.push({ kind: "arrows", layer: "road", geom: LINE, classes: streets.map((s) => s.class), color: p.arrow, from: 16 });
  return out;
}

function walls(p: Palette): Brush[] {
  const line = exp(1.4, [[16, 1], [18, 2], [20, 3.2]]);
  const barrier = { kind: "line", layer: "barrier", geom: LINE, from: 16 } as const;
  return [
    { ...barrier, classes: ["hedge"], color: p.hedge, width: (z) => line(z) * 1.6 },
    { ...barrier, classes: ["fence"], color: p.wall, width: line, dash: [6, 3] },
    { ...barrier, classes: ["wall"], color: p.wall, width: line },
    { kind: "line", layer: "compound", geom: AREA, color: p.compoundEdge, from: 14, width: exp(1.4, [[14, 0.6], [15, 1], [16, 1.6], [17, 2.2], [18, 3], [20, 5]]) },
  ];
}
