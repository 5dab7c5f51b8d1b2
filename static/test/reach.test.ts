import { describe, expect, it } from "vitest";
import { edge, km2, levels, offStreet, sticksOut, straight } from "../src/reach";
import { contains, crosses, inner, offLines } from "../src/shapes";
import type { Point, Reached } from "../src/types";

const reached = (minutes: number, area_m2: number): Reached => ({ type: "Feature", geometry: { type: "MultiPolygon", coordinates: [] }, properties: { minutes, by: "foot", area_m2 } });
const lines: Reached = { type: "Feature", geometry: { type: "MultiLineString", coordinates: [[[104, 30], [104.01, 30]]] }, properties: { minutes: 5, by: "foot" } };

describe("areas beside circles", () => {
  it("puts the largest first, each with its share", () => {
    const list = levels([reached(5, 160_000), lines, reached(15, 1_810_000)]);
    expect(list.map((l) => [l.minutes, l.radius, l.percent])).toEqual([[15, 1200, 40], [5, 400, 32]]);
  });

  it("is farther by wheels", () => expect([straight("foot", 15), straight("bicycle", 12), straight("ebike", 30)]).toEqual([1200, 3000, 11_000]));

  it("knows the edge of the data", () => {
    expect(edge(levels([reached(5, 900_000), reached(10, 4_061_889), reached(15, 4_061_889)]))).toEqual([10, 15]);
    expect(edge(levels([reached(5, 200_000), reached(10, 900_000), reached(15, 1_800_000)]))).toBeNull();
    // Open ground around a point far from all streets is no edge.
    expect(edge(levels([reached(5, 6844), reached(10, 6844)]))).toBeNull();
  });

  it("knows a circle that leaves the map's box", () => {
    const box: [number, number, number, number] = [103.9, 29.9, 104.1, 30.1];
    expect(sticksOut([104, 30], 1200, box)).toBe(false);
    expect(sticksOut([104.095, 30], 1200, box)).toBe(true);
    expect(sticksOut([104, 29.905], 1200, box)).toBe(true);
  });

  it.each([[6844, "6800 m²"], [52_391, "0.05 km²"], [1_819_063, "1.82 km²"], [12_345_678, "12.3 km²"], [234_000_000, "234 km²"]])("%d m² is %s", (m2, want) => expect(km2(m2)).toBe(want));
});

describe("how far off the streets", () => {
  it("measures to the line, not to its corners", () => {
    expect(offStreet([lines], [104.005, 30.001])).toBeCloseTo(110.6, 0);
    expect(offStreet([lines], [104.02, 30])).toBeCloseTo(964, 0);
    expect(offStreet([], [104, 30])).toBe(Infinity);
  });
  it("takes a line of one point for that point", () => expect(offLines([[[104, 30], [104, 30]]], [104, 30.001])).toBeCloseTo(110.6, 0));
});

// A sequence that is the same in every run.
function dice(seed: number): () => number {
  return () => ((seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648);
}

/** A star-shaped border: simple whatever the dice say. */
function star(roll: () => number): Point[] {
  const n = 3 + Math.floor(roll() * 9);
  return Array.from({ length: n }, (_, i) => {
    const [turn, far] = [(2 * Math.PI * i) / n, 0.001 + roll() * 0.01];
    return [104 + far * Math.cos(turn), 30 + far * Math.sin(turn)];
  });
}

describe("shapes", () => {
  it("puts the mark of an area inside it, holes heeded", () => {
    const roll = dice(7);
    for (let i = 0; i < 500; i++) {
      const ring = star(roll);
      const closed = [...ring, ring[0]!];
      expect(contains([closed], inner([closed]))).toBe(true);
    }
    const square: Point[] = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]];
    const hole: Point[] = [[1, 1], [9, 1], [9, 9], [1, 9], [1, 1]];
    expect(contains([square, hole], [5, 5])).toBe(false);
    expect(contains([square, hole], inner([square, hole]))).toBe(true);
    // A U: its middle is outside.
    const u: Point[] = [[0, 0], [10, 0], [10, 10], [9, 10], [9, 1], [1, 1], [1, 10], [0, 10], [0, 0]];
    expect(contains([u], inner([u]))).toBe(true);
  });

  it("sees a border that crosses itself", () => {
    const roll = dice(11);
    for (let i = 0; i < 200; i++) expect(crosses(star(roll))).toBe(false);
    expect(crosses([[0, 0], [1, 1], [1, 0], [0, 1]])).toBe(true);
    expect(crosses([[0, 0], [1, 1], [1, 0]])).toBe(false);
    expect(crosses([[0, 0], [4, 0], [4, 4], [2, -1], [0, 4]])).toBe(true);
  });
});
