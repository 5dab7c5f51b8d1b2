// How the places of the tiles are shown: what the tiles have put together, and
// what crowds below the zoom of single places, as counts, one badge a spot with
// a row for each kind; the others by themselves, with an icon where there is
// room and as a point where there is none. Pure: it knows pixels, not the map.

import type { Spot } from "./decode";

/** How many of a kind. */
export interface Row {
  kind: string;
  count: number;
}

export interface Shown {
  form: "icon" | "small" | "count";
  /** The place, or one of those put together. */
  spot: Spot;
  /** How many there are of each kind, the most first. */
  rows: Row[];
  /** The zoom at which a count comes apart; 0 where that is not known. */
  apart: number;
  /** Pixels of the map at its zoom. */
  x: number;
  y: number;
}

/** From this zoom on the tiles have every place by itself. */
export const SINGLE = 13;
/** Below this zoom numbers of the list give way to counts. */
export const COUNTED = 14;
/** Gates are small things: below this zoom they would hide the streets. */
export const GATES_FROM = 16;
/** From this zoom on every place has its icon, crowded or not. */
export const APART = 17;

/** The room of a badge: its width, and the height of a row of it. */
const BADGE = 68;
const ROW = 20;
const RIM = 10;
/** The least room between two badges, one above the other. */
const GAP = 8;
const ICON = 25;
/** What a pin covers, from its point: to the sides, up, down. */
const PIN = { side: 17, up: 30, down: 6 };
/** Half the width of the point that a pin becomes where there is no room. */
const POINT = 7;

/** A part of the map, in its pixels. */
export interface Box {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
}

/** Whether two boxes overlap. */
export function meet(a: Box, b: Box): boolean {
  return a.minX < b.maxX && a.maxX > b.minX && a.minY < b.maxY && a.maxY > b.minY;
}

/** What a badge of counts covers. */
export function badgeBox(s: Shown): Box {
  const high = (s.rows.length * ROW + RIM) / 2;
  return { minX: s.x - BADGE / 2, minY: s.y - high, maxX: s.x + BADGE / 2, maxY: s.y + high };
}

/** How the places of a list stand on the map, in its order: as pins, which keep
 *  apart from each other and, where there are counts, from these; as points
 *  where there is no room for a pin; below the zoom of points not at all. */
export function pinned(z: number, list: readonly { x: number; y: number }[], badges: readonly Box[] = []): { form: "pin" | "point" | "none"; box: Box }[] {
  const taken: { x: number; y: number }[] = [];
  return list.map((p) => {
    const box = { minX: p.x - PIN.side, minY: p.y - PIN.up, maxX: p.x + PIN.side, maxY: p.y + PIN.down };
    if (taken.every((o) => Math.abs(o.x - p.x) > 30 || Math.abs(o.y - p.y) > 34) && !badges.some((b) => meet(b, box))) {
      taken.push(p);
      return { form: "pin", box };
    }
    return { form: z < COUNTED ? "none" : "point", box: { minX: p.x - POINT, minY: p.y - POINT, maxX: p.x + POINT, maxY: p.y + POINT } };
  });
}

/** A grid of what has been put somewhere, to ask what is near. */
class Near<T extends { x: number; y: number }> {
  private cells = new Map<string, T[]>();
  constructor(private size: number) {}

  add(t: T): void {
    const key = this.key(t.x, t.y, 0, 0);
    const cell = this.cells.get(key);
    if (cell) cell.push(t);
    else this.cells.set(key, [t]);
  }

  *around(x: number, y: number): Generator<T> {
    for (const dx of [-1, 0, 1]) for (const dy of [-1, 0, 1]) yield* this.cells.get(this.key(x, y, dx, dy)) ?? [];
  }

  private key(x: number, y: number, dx: number, dy: number): string {
    return `${Math.floor(x / this.size) + dx}:${Math.floor(y / this.size) + dy}`;
  }
}

// Adds a spot to a badge.
function join(home: Shown, spot: Spot): void {
  const row = home.rows.find((r) => r.kind === spot.kind);
  if (row) row.count += spot.count;
  else home.rows.push({ kind: spot.kind, count: spot.count });
  home.apart = home.apart && spot.apart ? Math.min(home.apart, spot.apart) : Math.max(home.apart, spot.apart);
  home.form = "count";
}

/**
 * Sorts out what is shown at zoom z. taken are the points of pins, which icons
 * keep away from. Counts are put together until no badge lies on another, the
 * largest first, and stand where most of their places are; single places that
 * a badge would lie on are counted in it.
 */
export function gather(z: number, spots: { spot: Spot; x: number; y: number }[], taken: { x: number; y: number }[]): Shown[] {
  const out: Shown[] = [];
  const alone = (s: Spot) => s.count === 1 && z >= (s.kind === "gate" ? COUNTED : SINGLE);
  const grouped = spots.filter((s) => !alone(s.spot)).sort((a, b) => b.spot.count - a.spot.count);
  // As high as the highest badge may become.
  const high = new Set(spots.map((s) => s.spot.kind)).size * ROW + RIM;
  const badges = new Near<Shown>(Math.max(BADGE, high + GAP));
  const home = (x: number, y: number, wide: number, tall: number) => {
    for (const b of badges.around(x, y)) if (Math.abs(b.x - x) < wide && Math.abs(b.y - y) < tall) return b;
    return null;
  };
  for (const { spot, x, y } of grouped) {
    const near = home(x, y, BADGE, high + GAP);
    if (near) {
      join(near, spot);
      continue;
    }
    const made: Shown = { form: spot.count > 1 ? "count" : "icon", spot, rows: [{ kind: spot.kind, count: spot.count }], apart: spot.apart, x, y };
    badges.add(made);
    out.push(made);
  }
  const icons = new Near<{ x: number; y: number }>(ICON);
  for (const t of [...taken, ...out]) icons.add(t);
  for (const { spot, x, y } of spots) {
    if (!alone(spot)) continue;
    const under = grouped.length > 0 && home(x, y, (BADGE + ICON) / 2, (high + ICON) / 2);
    if (under) {
      join(under, spot);
      continue;
    }
    const form = z >= APART ? "icon" : spot.kind === "gate" || [...icons.around(x, y)].some((o) => Math.abs(o.x - x) < ICON && Math.abs(o.y - y) < ICON) ? "small" : "icon";
    if (form === "icon") icons.add({ x, y });
    out.push({ form, spot, rows: [{ kind: spot.kind, count: 1 }], apart: 0, x, y });
  }
  for (const s of out) s.rows.sort((a, b) => b.count - a.count || (a.kind < b.kind ? -1 : 1));
  // Points lie under icons, and these under counts.
  return out.sort((a, b) => ORDER[a.form] - ORDER[b.form]);
}

const ORDER = { small: 0, icon: 1, count: 2 };
