// The painter of the base map. Protomaps' own strokes every feature by itself;
// this one gathers what looks alike into one path and strokes that once, which
// on a phone is most of the time a tile takes. What of a tile belongs together
// is found once a tile, not once for each of the squares it is shown in.

import type Point from "@mapbox/point-geometry";
import type { Feature } from "protomaps-leaflet";
import type { TileData } from "./decode";

export const LINE = 2;
export const AREA = 3;

/** How a line runs: on the ground, over it, under it. */
export type Form = "plain" | "bridge" | "tunnel";

/** What a brush paints: the features of one layer, of these classes (none
 *  named: of any) and this form (none named: of any). */
interface Subject {
  layer: string;
  geom: typeof LINE | typeof AREA;
  classes?: readonly string[];
  form?: Form;
  /** The zooms it is painted at, both included. */
  from?: number;
  to?: number;
}

export interface Fill extends Subject {
  kind: "fill";
  color: string;
  alpha?: (z: number) => number;
}

export interface Line extends Subject {
  kind: "line";
  color: string;
  /** Pixels. */
  width: (z: number) => number;
  dash?: number[];
  cap?: CanvasLineCap;
  alpha?: number;
}

/** A band along the inside of areas, so that in and out are told apart. */
export interface Band extends Subject {
  kind: "band";
  color: string;
  width: (z: number) => number;
}

/** Arrows along lines that may be ridden one way only. */
export interface Arrows extends Subject {
  kind: "arrows";
  color: string;
}

export type Brush = Fill | Line | Band | Arrows;

/** One line or ring with its box. */
interface Piece {
  line: Point[];
  oneway: boolean;
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
}

type Groups = Map<string, Piece[]>;

/** The square that is painted, in pixels of the tile's data. */
export interface Window {
  /** Pixels on the screen for one of the data. */
  scale: number;
  /** The square's upper left corner, in pixels of the screen from the tile's. */
  x: number;
  y: number;
  /** Its side in pixels of the screen. */
  size: number;
}

const cache = new WeakMap<TileData, Groups>();

function formOf(f: Feature): Form {
  return f.props.tunnel ? "tunnel" : f.props.bridge ? "bridge" : "plain";
}

/** The pieces of a tile by layer, geometry, form and class. */
export function groupsOf(data: TileData): Groups {
  const kept = cache.get(data);
  if (kept) return kept;
  const groups: Groups = new Map();
  for (const [layer, features] of data) {
    if (layer === "road_name") continue;
    for (const f of features) {
      const key = `${layer}/${f.geomType}/${formOf(f)}/${String(f.props.class ?? "")}`;
      let group = groups.get(key);
      if (!group) groups.set(key, (group = []));
      for (const line of f.geom) group.push(piece(line, !!f.props.oneway));
    }
  }
  cache.set(data, groups);
  return groups;
}

function piece(line: Point[], oneway: boolean): Piece {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const p of line) {
    if (p.x < minX) minX = p.x;
    if (p.x > maxX) maxX = p.x;
    if (p.y < minY) minY = p.y;
    if (p.y > maxY) maxY = p.y;
  }
  return { line, oneway, minX, minY, maxX, maxY };
}

/** What a brush paints of one tile; what shares a key is the same pieces. */
interface Share {
  brush: Brush;
  key: string;
  pieces: Piece[][];
}

const shares = new WeakMap<TileData, { of: Brush[]; list: Share[] }>();

// The brushes that find something in a tile, with what they find.
function sharesOf(data: TileData, brushes: Brush[]): Share[] {
  const kept = shares.get(data);
  if (kept?.of === brushes) return kept.list;
  const groups = groupsOf(data);
  const list: Share[] = [];
  for (const brush of brushes) {
    const forms: Form[] = brush.form ? [brush.form] : ["plain", "bridge", "tunnel"];
    const starts = forms.map((form) => `${brush.layer}/${brush.geom}/${form}/`);
    const names = brush.classes ? starts.flatMap((s) => brush.classes!.map((c) => s + c)) : [...groups.keys()].filter((k) => starts.some((s) => k.startsWith(s)));
    const there = names.filter((n) => groups.has(n));
    if (there.length) list.push({ brush, key: there.join("|"), pieces: there.map((n) => groups.get(n)!) });
  }
  shares.set(data, { of: brushes, list });
  return list;
}

/** Paints a window of a tile with brushes, the first undermost. */
export function paint(ctx: CanvasRenderingContext2D, z: number, data: TileData, w: Window, brushes: Brush[]): void {
  // The rim of a street and its surface run along the same path.
  const paths = new Map<string, Path2D | null>();
  ctx.lineJoin = "round";
  for (const { brush: b, key, pieces } of sharesOf(data, brushes)) {
    if (z < (b.from ?? 0) || z > (b.to ?? 99)) continue;
    if (b.kind === "arrows") {
      arrows(ctx, pieces, w, b.color, z);
      continue;
    }
    let path = paths.get(key);
    if (path === undefined) paths.set(key, (path = trace(pieces, w, b.geom === AREA)));
    if (!path) continue;
    if (b.kind === "fill") {
      ctx.globalAlpha = b.alpha?.(z) ?? 1;
      ctx.fillStyle = b.color;
      ctx.fill(path);
      ctx.globalAlpha = 1;
    } else if (b.kind === "line") {
      stroke(ctx, path, b.color, b.width(z), b);
    } else {
      ctx.save();
      ctx.clip(path);
      stroke(ctx, path, b.color, b.width(z) * 2, {});
      ctx.restore();
    }
  }
}

function stroke(ctx: CanvasRenderingContext2D, path: Path2D, color: string, width: number, o: { dash?: number[]; cap?: CanvasLineCap; alpha?: number }): void {
  if (width <= 0) return;
  ctx.globalAlpha = o.alpha ?? 1;
  ctx.strokeStyle = color;
  ctx.lineWidth = width;
  ctx.lineCap = o.cap ?? (o.dash ? "butt" : "round");
  ctx.setLineDash(o.dash ?? []);
  ctx.stroke(path);
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/** The widest that anything is painted over the edge of its line. */
const MARGIN = 40;

// What of some pieces touches the window, as one path; null: nothing. An outer
// ring and its holes turn against each other, so that rings of many areas may
// share a path.
function trace(pieces: Piece[][], w: Window, closed: boolean): Path2D | null {
  const [left, top] = [(w.x - MARGIN) / w.scale, (w.y - MARGIN) / w.scale];
  const [right, bottom] = [(w.x + w.size + MARGIN) / w.scale, (w.y + w.size + MARGIN) / w.scale];
  let path: Path2D | null = null;
  for (const list of pieces) {
    for (const p of list) {
      if (p.maxX < left || p.minX > right || p.maxY < top || p.minY > bottom) continue;
      path ??= new Path2D();
      const line = p.line;
      path.moveTo(line[0]!.x * w.scale - w.x, line[0]!.y * w.scale - w.y);
      for (let i = 1; i < line.length; i++) path.lineTo(line[i]!.x * w.scale - w.x, line[i]!.y * w.scale - w.y);
      if (closed) path.closePath();
    }
  }
  return path;
}

/** How far arrows stand apart, in pixels. */
const ARROWS = 130;

function arrows(ctx: CanvasRenderingContext2D, pieces: Piece[][], w: Window, color: string, z: number): void {
  const path = new Path2D();
  const half = z < 18 ? 4 : 6;
  let any = false;
  for (const list of pieces) {
    for (const p of list) {
      if (!p.oneway) continue;
      for (const a of along(p.line, w, half)) {
        any = true;
        const [c, s] = [Math.cos(a.heading) * half, Math.sin(a.heading) * half];
        path.moveTo(a.x - c, a.y - s);
        path.lineTo(a.x + c, a.y + s);
        path.moveTo(a.x + c - (c - s) * 0.7, a.y + s - (s + c) * 0.7);
        path.lineTo(a.x + c, a.y + s);
        path.lineTo(a.x + c - (c + s) * 0.7, a.y + s - (s - c) * 0.7);
      }
    }
  }
  if (any) stroke(ctx, path, color, z < 18 ? 1.3 : 1.8, {});
}

// The places in the window where arrows of a line stand: at even distances from
// its start, so that all squares of a tile agree, and only on straight runs.
function* along(line: Point[], w: Window, half: number): Generator<{ x: number; y: number; heading: number }> {
  let next = ARROWS / 2;
  let walked = 0;
  for (let i = 1; i < line.length; i++) {
    const [ax, ay] = [line[i - 1]!.x * w.scale - w.x, line[i - 1]!.y * w.scale - w.y];
    const [dx, dy] = [line[i]!.x * w.scale - w.x - ax, line[i]!.y * w.scale - w.y - ay];
    const length = Math.hypot(dx, dy);
    for (; next <= walked + length; next += ARROWS) {
      const far = next - walked;
      if (length < 3 * half) continue;
      const part = Math.min(Math.max(far, half), length - half) / length;
      const [x, y] = [ax + dx * part, ay + dy * part];
      if (x > -half && y > -half && x < w.size + half && y < w.size + half) yield { x, y, heading: Math.atan2(dy, dx) };
    }
    walked += length;
  }
}
