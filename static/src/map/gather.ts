// How the places of the tiles are shown: what the tiles have put together, and
// what crowds below the zoom of single places, as counts; the others by
// themselves, with an icon where there is room and as a point where there is
// none. Pure: it knows pixels, not the map.

import type { Spot } from "./decode";

export interface Shown {
  form: "icon" | "small" | "count";
  /** The place, or one of those put together. */
  spot: Spot;
  count: number;
  /** The zoom at which a count comes apart; 0 where that is not known. */
  apart: number;
  /** Pixels of the map at its zoom. */
  x: number;
  y: number;
}

/** From this zoom on the tiles have every place by itself. */
export const SINGLE = 13;
/** Gates are small things: below this zoom they would hide the streets. */
export const GATES_FROM = 16;
/** From this zoom on every place has its icon, crowded or not. */
export const APART = 17;

/** Counts keep apart by this much, icons by that. */
const BUBBLE = 48;
const ROW = 32;
const ICON = 25;

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

/** Counts of two kinds in one spot stand one above the other; a place stays
 *  where it is. */
function stack(list: Shown[]): void {
  const placed = new Near<Shown>(BUBBLE);
  for (const s of list) {
    const free = (y: number) => ![...placed.around(s.x, y)].some((o) => Math.abs(o.x - s.x) < BUBBLE && Math.abs(o.y - y) < ROW);
    if (s.count > 1) s.y = [0, 1, -1, 2, -2].map((n) => s.y + n * ROW).find(free) ?? s.y;
    placed.add(s);
  }
}

/**
 * Sorts out what is shown at zoom z. taken are the points of pins, which icons
 * keep away from. Counts of a kind are put together until they keep apart, the
 * largest first, and stand where most of their places are.
 */
export function gather(z: number, spots: { spot: Spot; x: number; y: number }[], taken: { x: number; y: number }[]): Shown[] {
  const out: Shown[] = [];
  const grouped = spots.filter((s) => s.spot.count > 1 || z < SINGLE).sort((a, b) => b.spot.count - a.spot.count);
  const bubbles = new Map<string, Near<Shown>>();
  for (const { spot, x, y } of grouped) {
    let near = bubbles.get(spot.kind);
    if (!near) bubbles.set(spot.kind, (near = new Near(BUBBLE)));
    let home: Shown | null = null;
    for (const b of near.around(x, y)) if (Math.abs(b.x - x) < BUBBLE && Math.abs(b.y - y) < BUBBLE * 0.7) home ??= b;
    if (home) {
      home.count += spot.count;
      home.apart = home.apart && spot.apart ? Math.min(home.apart, spot.apart) : Math.max(home.apart, spot.apart);
      home.form = "count";
      continue;
    }
    const made: Shown = { form: spot.count > 1 ? "count" : "icon", spot, count: spot.count, apart: spot.apart, x, y };
    near.add(made);
    out.push(made);
  }
  stack(out);
  const icons = new Near<{ x: number; y: number }>(ICON);
  for (const t of [...taken, ...out]) icons.add(t);
  for (const { spot, x, y } of spots) {
    if (spot.count > 1 || z < SINGLE) continue;
    const form = z >= APART ? "icon" : spot.kind === "gate" || [...icons.around(x, y)].some((o) => Math.abs(o.x - x) < ICON && Math.abs(o.y - y) < ICON) ? "small" : "icon";
    if (form === "icon") icons.add({ x, y });
    out.push({ form, spot, count: 1, apart: 0, x, y });
  }
  // Points lie under icons, and these under counts.
  return out.sort((a, b) => ORDER[a.form] - ORDER[b.form]);
}

const ORDER = { small: 0, icon: 1, count: 2 };
