import Point from "@mapbox/point-geometry";
import type { Feature, Label, Layout } from "protomaps-leaflet";
import { describe, expect, it } from "vitest";
import { type Box, meet } from "../src/map/gather";
import { type Blocked, labelRules } from "../src/map/labels";
import { palettes } from "../src/map/palette";

const Z = 15;

/** The names of one feature at zoom 15, with nothing else written yet. */
function names(layer: string, type: 1 | 2 | 3, geom: Point[], props: Feature["props"], blocked: Blocked): Label[] {
  const layout = {
    index: { bboxCollides: () => false, labelCollides: () => false },
    order: 0,
    scratch: { measureText: (s: string) => ({ width: 14 * s.length }) },
    zoom: Z,
    overzoom: 1,
  } as unknown as Layout;
  const f: Feature = { geomType: type, geom: [geom], bbox: { minX: 0, minY: 0, maxX: 0, maxY: 0 }, numVertices: geom.length, props };
  const rules = labelRules(palettes.light, "zh", false, [], blocked).filter((r) => r.dataLayer === layer && (r.minzoom ?? 0) <= Z && (r.maxzoom ?? 99) >= Z && (r.filter?.(Z, f) ?? true));
  expect(rules.length).toBeGreaterThan(0);
  return rules.flatMap((r) => r.symbolizer.place(layout, f.geom, f) ?? []);
}

const by = (pin: Box): Blocked => (b, z) => z === Z && meet(pin, b);
const clear = (labels: Label[], pin: Box) => labels.every((l) => l.bboxes.every((b) => !meet(b, pin)));

describe("names keep away from pins", () => {
  const street = [new Point(0, 100), new Point(600, 100)];
  const yard = [new Point(0, 0), new Point(400, 0), new Point(400, 400), new Point(0, 400), new Point(0, 0)];
  it.each([
    ["a street's", "road_name", 2, street, { name: "望溪路", class: "residential" }, { minX: 285, minY: 80, maxX: 315, maxY: 110 }],
    ["a compound's", "compound", 3, yard, { name: "杏林家园" }, { minX: 185, minY: 180, maxX: 215, maxY: 210 }],
  ] as const)("%s name moves aside", (_what, layer, type, geom, props, pin) => {
    const free = names(layer, type, [...geom], props, () => false);
    expect(free.length).toBe(1);
    // Else it would be tried in vain.
    expect(clear(free, pin)).toBe(false);
    const moved = names(layer, type, [...geom], props, by(pin));
    expect(moved.length).toBe(1);
    expect(clear(moved, pin)).toBe(true);
  });

  it("what cannot move is left out", () => {
    expect(names("label", 1, [new Point(50, 50)], { name: "望溪", class: "suburb" }, by({ minX: 40, minY: 40, maxX: 60, maxY: 60 }))).toEqual([]);
  });
});
