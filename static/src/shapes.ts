// Plane geometry of small areas, in degrees or, where it says so, metres.

import type { Geometry, Point } from "./types";

/** Metres east and north of p, seen from o: true to a thousandth within a city. */
function plane(p: Point, o: Point): Point {
  return [(p[0] - o[0]) * 111_320 * Math.cos((o[1] * Math.PI) / 180), (p[1] - o[1]) * 110_574];
}

/** Whether a polygon, holes left out, holds a point (even-odd rule). */
export function contains(rings: Point[][], p: Point): boolean {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [a, b] = [ring[i]!, ring[j]!];
      if (a[1] > p[1] !== b[1] > p[1] && p[0] < ((b[0] - a[0]) * (p[1] - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
    }
  }
  return inside;
}

/** The polygons of an area: one, many, none. */
export function polygons(g: Geometry | null): Point[][][] {
  return g?.type === "Polygon" ? [g.coordinates] : g?.type === "MultiPolygon" ? g.coordinates : [];
}

/** A point inside a polygon for its mark: the middle of the widest stretch of
 *  a line across, of several lines the one with most room. */
export function inner(rings: Point[][]): Point {
  const ys = [...new Set(rings.flat().map((p) => p[1]))].sort((a, b) => a - b);
  let best: { at: Point; room: number } = { at: rings[0]?.[0] ?? [0, 0], room: 0 };
  const [low, high] = [ys[0]!, ys[ys.length - 1]!];
  // Even parts of the height, and half-way between corners: thin shapes have
  // room there alone.
  const lines = [0.5, 0.35, 0.65, 0.2, 0.8].map((f) => low + f * (high - low));
  for (let i = 1; i < Math.min(ys.length, 40); i++) lines.push((ys[i - 1]! + ys[i]!) / 2);
  for (const y of lines) {
    const xs: number[] = [];
    for (const ring of rings)
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [a, b] = [ring[i]!, ring[j]!];
        if (a[1] > y !== b[1] > y) xs.push(((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]);
      }
    xs.sort((a, b) => a - b);
    for (let i = 0; i + 1 < xs.length; i += 2) {
      const room = xs[i + 1]! - xs[i]!;
      if (room > best.room * 1.2) best = { at: [(xs[i]! + xs[i + 1]!) / 2, y], room };
    }
  }
  return best.at;
}

/** Whether the border through corners, closed, crosses itself. */
export function crosses(corners: Point[]): boolean {
  const n = corners.length;
  const side = (a: Point, b: Point, c: Point) => Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
  for (let i = 0; i < n; i++)
    for (let j = i + 2; j < n; j++) {
      if (i === 0 && j === n - 1) continue;
      const [a, b, c, d] = [corners[i]!, corners[i + 1]!, corners[j]!, corners[(j + 1) % n]!];
      if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) return true;
    }
  return false;
}

/** Metres from a point to the nearest of lines, Infinity where there are none. */
export function offLines(lines: Point[][], p: Point): number {
  let best = Infinity;
  for (const line of lines)
    for (let i = 1; i < line.length; i++) {
      const [a, b] = [plane(line[i - 1]!, p), plane(line[i]!, p)];
      const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
      const along = Math.max(0, Math.min(1, -(a[0] * dx + a[1] * dy) / (dx * dx + dy * dy || 1)));
      best = Math.min(best, Math.hypot(a[0] + along * dx, a[1] + along * dy));
    }
  return best;
}
