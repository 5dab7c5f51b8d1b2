// What an isochrone means to a planner: areas in words, and the circle that
// one would have drawn instead.

import { offLines } from "./shapes";
import type { Mode, Point, Reached } from "./types";

export const MINUTES = [5, 10, 15];

/** The speeds in metres a second that the circles are drawn with: walking, and
 *  what the street network allows on a street (geo/street). */
const SPEED: Record<Mode, number> = { foot: 4.8 / 3.6, bicycle: 15 / 3.6, ebike: 22 / 3.6 };

/** How far one gets in a straight line, in whole metres. */
export function straight(by: Mode, minutes: number): number {
  return Math.round(SPEED[by] * minutes * 60);
}

export interface Level {
  minutes: number;
  /** Square metres. */
  area: number;
  circle: number;
  /** The radius of that circle in metres. */
  radius: number;
  /** The area as a share of the circle, in whole percent. */
  percent: number;
  feature: Reached;
}

/** The areas of an answer, the largest first, each beside its circle. */
export function levels(features: Reached[]): Level[] {
  return features
    .filter((f) => f.geometry.type === "MultiPolygon")
    .map((feature) => {
      const { minutes, by, area_m2: area = 0 } = feature.properties;
      const radius = straight(by, minutes);
      const circle = Math.PI * radius * radius;
      return { minutes, area, circle, radius, percent: Math.round((100 * area) / circle), feature };
    })
    .sort((a, b) => b.minutes - a.minutes);
}

/** Two levels of one size, where the street data end: [fewer, more] minutes. */
export function edge(list: Level[]): [number, number] | null {
  for (let i = 1; i < list.length; i++) {
    const [more, fewer] = [list[i - 1]!, list[i]!];
    if (fewer.area > 50_000 && more.area < fewer.area * 1.005) return [fewer.minutes, more.minutes];
  }
  return null;
}

/** Metres from a point to the nearest of the streets that an answer has lines
 *  of; Infinity where none was reached. */
export function offStreet(features: Reached[], p: Point): number {
  return offLines(features.flatMap((f) => (f.geometry.type === "MultiLineString" ? f.geometry.coordinates : [])), p);
}

/** Whether a circle in metres leaves a box of west, south, east, north. */
export function sticksOut(at: Point, radius: number, [w, s, e, n]: [number, number, number, number]): boolean {
  const [dx, dy] = [radius / (111_320 * Math.cos((at[1] * Math.PI) / 180)), radius / 110_574];
  return at[0] - dx < w || at[0] + dx > e || at[1] - dy < s || at[1] + dy > n;
}

/** "1.82 km²", "12 km²", "0.05 km²", "6,800 m²". */
export function km2(m2: number): string {
  if (m2 < 10_000) return `${Math.round(m2 / 100) * 100} m²`;
  const k = m2 / 1e6;
  return `${k < 10 ? k.toFixed(2) : k < 100 ? k.toFixed(1) : Math.round(k)} km²`;
}
