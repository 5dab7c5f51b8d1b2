// Whether names can be read on everything that they may stand on. Contrast as
// in WCAG 2.2: 4.5 for text, 7 for the theme that is read in the sun.

import { describe, expect, it } from "vitest";
import { type Palette, palettes } from "../src/map/palette";
import { brushes } from "../src/map/style";
import type { Theme } from "../src/theme";

type Rgb = [number, number, number];

function parse(color: string): { rgb: Rgb; alpha: number } {
  const hex = /^#([0-9a-f]{6})$/.exec(color);
  if (hex) return { rgb: [0, 2, 4].map((i) => parseInt(hex[1]!.slice(i, i + 2), 16)) as Rgb, alpha: 1 };
  const rgba = /^rgba\((\d+),(\d+),(\d+),([\d.]+)\)$/.exec(color);
  if (!rgba) throw new Error(`no colour: ${color}`);
  return { rgb: rgba.slice(1, 4).map(Number) as Rgb, alpha: Number(rgba[4]) };
}

function over(top: string, ground: string): Rgb {
  const [a, b] = [parse(top), parse(ground)];
  return a.rgb.map((v, i) => v * a.alpha + b.rgb[i]! * (1 - a.alpha)) as Rgb;
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: Rgb, b: Rgb): number {
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (x! + 0.05) / (y! + 0.05);
}

/** What each kind of name may stand on. */
function grounds(p: Palette): Record<string, { text: string; on: string[] }> {
  const land = [p.land, ...Object.values(p.landuse)];
  const green = Object.values(p.green);
  const streets = Object.values(p.road).map(([surface]) => surface);
  const compound = [p.compound, p.band, p.building];
  return {
    streets: { text: p.text, on: [...land, ...green, ...streets, ...compound, p.thin] },
    places: { text: p.placeText, on: [...land, ...green, ...streets, ...compound, p.water] },
    compounds: { text: p.compoundText, on: [...compound, ...green, ...land, p.road.service![0], p.road.residential![0]] },
    buildings: { text: p.buildingText, on: [p.building, p.compound] },
    waters: { text: p.waterText, on: [p.water] },
    greens: { text: p.greenText, on: [...green, ...land] },
  };
}

const floors: [Theme, number][] = [
  ["light", 4.5],
  ["dark", 4.5],
  ["sun", 7],
];

describe.each(floors)("%s: names reach %s : 1", (theme, floor) => {
  const p = palettes[theme];
  it.each(Object.entries(grounds(p)))("%s, on every ground and on their halo", (_name, { text, on }) => {
    const ink = parse(text).rgb;
    for (const ground of on) {
      expect({ ground, enough: contrast(ink, parse(ground).rgb) >= floor }).toEqual({ ground, enough: true });
      expect({ halo: ground, enough: contrast(ink, over(p.halo, ground)) >= floor }).toEqual({ halo: ground, enough: true });
    }
  });

  it("knows every colour it paints with", () => {
    for (const b of brushes(p)) expect(() => parse(b.color)).not.toThrow();
  });

  // A wall decides where a rider may go in: 3 : 1 as for what is not text.
  it("shows walls on both of their sides", () => {
    for (const side of [p.band, p.compound, p.land, ...Object.values(p.landuse)]) {
      expect({ side, enough: contrast(parse(p.compoundEdge).rgb, parse(side).rgb) >= 3 }).toEqual({ side, enough: true });
    }
  });
});

it("measures contrast as WCAG does", () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 5);
  expect(contrast([119, 119, 119], [255, 255, 255])).toBeCloseTo(4.478, 2);
});
