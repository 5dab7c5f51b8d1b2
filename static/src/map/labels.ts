// The labels of the base map. Names of areas wrap, Chinese between any two
// characters; names of streets run along them, Chinese character by character
// and upright where the street goes up the screen.

import Point from "@mapbox/point-geometry";
import { type Feature, type Label, type LabelRule, type LabelSymbolizer, type Layout, exp } from "protomaps-leaflet";
import type { Lang } from "../types";
import type { Named } from "./decode";
import { APART, type Box, GATES_FROM } from "./gather";
import type { Palette } from "./palette";
import { ems, isWide, wrap } from "./wrap";

const FAMILY = 'system-ui, -apple-system, "HarmonyOS Sans SC", "MiSans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

interface TextStyle {
  text: (f: Feature) => string;
  size: (z: number, f: Feature) => number;
  weight?: number;
  fill: string;
  halo: string;
  /** Halo width in pixels. */
  rim?: number;
}

/** A name in the middle of an area or at a point, wrapped into even lines. */
class Block implements LabelSymbolizer {
  constructor(
    private style: TextStyle,
    private max: number,
    /** Whether the text must fit the width of the area. */
    private fit = false,
    /** How far apart the same text stands; none: wherever there is room. */
    private apart = 320,
  ) {}

  place(layout: Layout, geom: Point[][], f: Feature): Label[] | undefined {
    const text = this.style.text(f);
    if (!text) return undefined;
    const size = this.style.size(layout.zoom, f);
    const lines = wrap(text, this.max);
    const width = Math.max(...lines.map(ems)) * size;
    const step = size * 1.2;
    const height = lines.length * step;
    const anchor = f.geomType === 1 ? geom[0]![0]! : inside(geom, width, height, this.fit, housesOf(layout, geom, f), (box) => layout.index.bboxCollides(box, layout.order));
    if (!anchor) return undefined;
    const font = `${this.style.weight ?? 400} ${size}px ${FAMILY}`;
    return [
      {
        anchor: new Point(anchor.x, anchor.y),
        bboxes: [around(anchor, width, height, 3)],
        ...(this.apart ? { deduplicationKey: text, deduplicationDistance: this.apart } : {}),
        draw: (ctx) => {
          pen(ctx, font, this.style);
          lines.forEach((line, i) => write(ctx, line, 0, (i - (lines.length - 1) / 2) * step));
        },
      },
    ];
  }
}

function around(p: { x: number; y: number }, width: number, height: number, pad: number): Box {
  return { minX: p.x - width / 2 - pad, minY: p.y - height / 2 - pad, maxX: p.x + width / 2 + pad, maxY: p.y + height / 2 + pad };
}

// The houses that the name of a compound should leave free, on the screen.
function housesOf(layout: Layout, geom: Point[][], f: Feature): Box[] {
  const houses = (f as Named).houses;
  if (!houses?.length || layout.zoom < 16) return [];
  const scale = 2 ** (layout.overzoom - 1);
  const [dx, dy] = [geom[0]![0]!.x - f.geom[0]![0]!.x * scale, geom[0]![0]!.y - f.geom[0]![0]!.y * scale];
  return houses.map((b) => ({ minX: b.minX * scale + dx, minY: b.minY * scale + dy, maxX: b.maxX * scale + dx, maxY: b.maxY * scale + dy }));
}

// Where a text goes in an area: on one of a few rows near the middle of its
// largest ring, where the ring is wide, where nothing more important is written,
// and on as few houses as may be. With fit, null where it does not fit.
function inside(geom: Point[][], width: number, height: number, fit: boolean, houses: Box[], taken: (b: Box) => boolean): { x: number; y: number } | null {
  let best: Point[] | null = null;
  let most = 0;
  for (const ring of geom) {
    const area = Math.abs(areaOf(ring));
    if (area > most) [best, most] = [ring, area];
  }
  if (!best) return null;
  const ys = best.map((p) => p.y);
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  if (fit && height > (bottom - top) * 1.3) return null;
  let found: { x: number; y: number } | null = null;
  let least = Infinity;
  for (const part of ROWS) {
    const y = top + (bottom - top) * part;
    for (const [left, right] of stretches(best, y)) {
      const room = right - left;
      if (fit && width > room * 1.15) continue;
      const spare = Math.max(0, room - width) / 2;
      for (const side of [0, -0.6, 0.6]) {
        const at = { x: (left + right) / 2 + side * spare, y };
        // Away from the middle, or where it is narrow, costs; a house costs more.
        const box = around(at, width, height, 3);
        const cost = Math.abs(part - 0.5) + Math.abs(side) * 0.3 + Math.max(0, 1.3 - room / width) + 3 * covered(box, houses);
        if (cost < least && !(least < Infinity && taken(box))) [found, least] = [at, cost + (taken(box) ? 9 : 0)];
      }
    }
  }
  return found;
}

const ROWS = [0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8];

function areaOf(ring: Point[]): number {
  let area = 0;
  for (let i = 0; i < ring.length - 1; i++) area += ring[i]!.x * ring[i + 1]!.y - ring[i + 1]!.x * ring[i]!.y;
  return area / 2;
}

// The stretches of a row that lie in a ring.
function stretches(ring: Point[], y: number): [number, number][] {
  const xs: number[] = [];
  for (let i = 0; i < ring.length - 1; i++) {
    const [a, b] = [ring[i]!, ring[i + 1]!];
    if (a.y > y !== b.y > y) xs.push(a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x));
  }
  xs.sort((a, b) => a - b);
  const out: [number, number][] = [];
  for (let i = 0; i + 1 < xs.length; i += 2) out.push([xs[i]!, xs[i + 1]!]);
  return out;
}

// The part of a box that others cover, 1 for all of it.
function covered(box: Box, others: Box[]): number {
  let sum = 0;
  for (const o of others) {
    const [w, h] = [Math.min(box.maxX, o.maxX) - Math.max(box.minX, o.minX), Math.min(box.maxY, o.maxY) - Math.max(box.minY, o.minY)];
    if (w > 0 && h > 0) sum += w * h;
  }
  return Math.min(1, sum / ((box.maxX - box.minX) * (box.maxY - box.minY)));
}

/** Room for the mark of a place, which is drawn elsewhere. */
class Room implements LabelSymbolizer {
  place(layout: Layout, geom: Point[][], f: Feature): Label[] {
    const at = geom[0]![0]!;
    const size = layout.zoom >= APART ? 24 : f.props.kind === "gate" ? 12 : 18;
    return [{ anchor: new Point(at.x, at.y), bboxes: [around(at, size, size, 0)], draw: () => {} }];
  }
}

/** A name beside the mark of a place: below it, or where there is no room, to
 *  one of its sides. */
class Beside implements LabelSymbolizer {
  constructor(private style: TextStyle) {}

  place(layout: Layout, geom: Point[][], f: Feature): Label[] | undefined {
    const text = this.style.text(f);
    if (!text) return undefined;
    const mark = geom[0]![0]!;
    const size = this.style.size(layout.zoom, f);
    const lines = wrap(text, 7);
    const width = Math.max(...lines.map(ems)) * size;
    const step = size * 1.2;
    const height = lines.length * step;
    const font = `${this.style.weight ?? 500} ${size}px ${FAMILY}`;
    const [aside, below] = [15 + width / 2, 15 + height / 2];
    for (const [dx, dy] of [[0, below], [aside, 0], [-aside, 0]] as const) {
      const at = new Point(mark.x + dx, mark.y + dy);
      const label: Label = {
        anchor: at,
        bboxes: [around(at, width, height, 1)],
        deduplicationKey: text,
        deduplicationDistance: 60,
        draw: (ctx) => {
          pen(ctx, font, this.style);
          lines.forEach((line, i) => write(ctx, line, 0, (i - (lines.length - 1) / 2) * step));
        },
      };
      if (!layout.index.labelCollides(label, layout.order)) return [label];
    }
    return undefined;
  }
}

/** The number of a road on a shield. */
class Shield implements LabelSymbolizer {
  constructor(
    private style: TextStyle,
    private rim: string,
    private repeat: number,
  ) {}

  place(layout: Layout, geom: Point[][], f: Feature): Label[] | undefined {
    const text = String(f.props.ref ?? "").split(";")[0]!.trim();
    if (!text || text.length > 7) return undefined;
    const size = this.style.size(layout.zoom, f);
    const [width, height] = [ems(text) * size + 8, size + 6];
    const font = `700 ${size}px ${FAMILY}`;
    const out: Label[] = [];
    for (const line of geom) {
      const length = lengthOf(line);
      if (length < 60) continue;
      const p = pointAt(line, length / 2);
      out.push({
        anchor: new Point(p.x, p.y),
        bboxes: [around(p, width, height, 4)],
        deduplicationKey: `# ${text}`,
        deduplicationDistance: this.repeat,
        draw: (ctx) => {
          pen(ctx, font, this.style);
          ctx.beginPath();
          ctx.roundRect(-width / 2, -height / 2, width, height, 3);
          ctx.fillStyle = this.style.halo;
          ctx.fill();
          ctx.strokeStyle = this.rim;
          ctx.lineWidth = 1.2;
          ctx.stroke();
          ctx.fillStyle = this.style.fill;
          ctx.fillText(text, 0, 0.5);
        },
      });
    }
    return out.length ? out : undefined;
  }
}

/** A name along a line. */
class Along implements LabelSymbolizer {
  constructor(
    private style: TextStyle,
    private repeat: number,
  ) {}

  place(layout: Layout, geom: Point[][], f: Feature): Label[] | undefined {
    const text = this.style.text(f);
    if (!text) return undefined;
    const size = this.style.size(layout.zoom, f);
    const cjk = isWide(text);
    const font = `${this.style.weight ?? 500} ${size}px ${FAMILY}`;
    layout.scratch.font = font;
    const chars = [...text];
    // Chinese names are set wide, as street signs set them.
    const gap = cjk ? size * 0.25 : 0;
    const widths = chars.map((c) => layout.scratch.measureText(c).width + gap);
    const total = widths.reduce((a, b) => a + b, 0) - gap;

    const out: Label[] = [];
    for (const line of geom) {
      const length = lengthOf(line);
      if (length < total + size) continue;
      const n = Math.max(1, Math.floor(length / this.repeat));
      for (let i = 0; i < n; i++) {
        const middle = ((i + 0.5) / n) * length;
        for (const shift of [0, -0.6, 0.6, -1.1, 1.1].map((part) => part * total)) {
          const start = middle + shift - total / 2;
          if (start < 0 || start + total > length) continue;
          const label = this.set(line, start, chars, widths, total, size, font, cjk, text);
          if (label && !layout.index.labelCollides(label, layout.order)) {
            out.push(label);
            break;
          }
        }
      }
    }
    return out.length ? out : undefined;
  }

  private set(line: Point[], start: number, chars: string[], widths: number[], total: number, size: number, font: string, cjk: boolean, text: string): Label | null {
    const [a, b] = [pointAt(line, start), pointAt(line, start + total)];
    const steep = cjk && Math.abs(b.y - a.y) > Math.abs(b.x - a.x) * 1.2;
    // Read left to right, or downwards where Chinese goes up the screen.
    const backwards = steep ? b.y < a.y : b.x < a.x;
    const glyphs: { ch: string; x: number; y: number; turn: number }[] = [];
    let walked = 0;
    let before: number | null = null;
    for (let i = 0; i < chars.length; i++) {
      const mid = walked + (widths[i]! - (cjk ? size * 0.25 : 0)) / 2;
      walked += widths[i]!;
      const p = pointAt(line, backwards ? start + total - mid : start + mid);
      const heading = backwards ? p.heading + Math.PI : p.heading;
      const turn = angle(steep ? heading - Math.PI / 2 : heading);
      if (Math.abs(turn) > (steep ? 0.8 : Math.PI / 2 + 0.1)) return null;
      if (before !== null && Math.abs(angle(turn - before)) > 0.45) return null;
      before = turn;
      glyphs.push({ ch: chars[i]!, x: p.x, y: p.y, turn });
    }
    const middle = pointAt(line, start + total / 2);
    const anchor = new Point(middle.x, middle.y);
    const half = size * 0.62;
    return {
      anchor,
      bboxes: glyphs.map((g) => ({ minX: g.x - half, minY: g.y - half, maxX: g.x + half, maxY: g.y + half })),
      deduplicationKey: text,
      deduplicationDistance: this.repeat * 0.7,
      draw: (ctx) => {
        pen(ctx, font, this.style);
        for (const g of glyphs) {
          ctx.save();
          ctx.translate(g.x - anchor.x, g.y - anchor.y);
          ctx.rotate(g.turn);
          ctx.strokeText(g.ch, 0, 0);
          ctx.restore();
        }
        for (const g of glyphs) {
          ctx.save();
          ctx.translate(g.x - anchor.x, g.y - anchor.y);
          ctx.rotate(g.turn);
          ctx.fillText(g.ch, 0, 0);
          ctx.restore();
        }
      },
    };
  }
}

function pen(ctx: CanvasRenderingContext2D, font: string, s: TextStyle): void {
  ctx.globalAlpha = 1;
  ctx.font = font;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.lineWidth = (s.rim ?? 1.6) * 2;
  ctx.strokeStyle = s.halo;
  ctx.fillStyle = s.fill;
}

function write(ctx: CanvasRenderingContext2D, text: string, x: number, y: number): void {
  ctx.strokeText(text, x, y);
  ctx.fillText(text, x, y);
}

function lengthOf(line: Point[]): number {
  let sum = 0;
  for (let i = 1; i < line.length; i++) sum += line[i]!.dist(line[i - 1]!);
  return sum;
}

function pointAt(line: Point[], far: number): { x: number; y: number; heading: number } {
  let left = far;
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [line[i - 1]!, line[i]!];
    const d = a.dist(b);
    if (left <= d || i === line.length - 1) {
      const part = d === 0 ? 0 : left / d;
      return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part, heading: Math.atan2(b.y - a.y, b.x - a.x) };
    }
    left -= d;
  }
  return { x: line[0]!.x, y: line[0]!.y, heading: 0 };
}

function angle(a: number): number {
  return Math.atan2(Math.sin(a), Math.cos(a));
}

/** Whether something that is not of the tiles lies in a box of the map at a zoom. */
export type Blocked = (box: Box, zoom: number) => boolean;

/** Another symbolizer, which sees what lies on the map as if it were labels. */
class Clear implements LabelSymbolizer {
  constructor(
    private inner: LabelSymbolizer,
    private blocked: Blocked,
  ) {}

  place(layout: Layout, geom: Point[][], f: Feature): Label[] | undefined {
    const { index, zoom } = layout;
    const taken = (label: Label) => label.bboxes.some((b) => this.blocked(b, zoom));
    const seen = {
      bboxCollides: (b: Box, order: number) => this.blocked(b, zoom) || index.bboxCollides(b, order),
      labelCollides: (l: Label, order: number) => taken(l) || index.labelCollides(l, order),
    };
    const out = this.inner.place({ ...layout, index: seen as Layout["index"] }, geom, f)?.filter((l) => !taken(l));
    return out?.length ? out : undefined;
  }
}

/** The label rules of a palette, the most important first; kinds are those of
 *  the places that are shown, blocked says what names keep away from. */
export function labelRules(p: Palette, lang: Lang, heavy: boolean, kinds: readonly string[] = [], blocked: Blocked = () => false): LabelRule[] {
  const name = (f: Feature) => String((lang === "en" && f.props.name_en) || f.props.name || f.props.name_en || "");
  const number = (f: Feature) => String(f.props.ref || (lang === "en" && f.props.name_en) || f.props.name || "");
  const bump = heavy ? 1 : 0;
  const of = (fill: string, size: (z: number, f: Feature) => number, weight = 500, text = name): TextStyle => ({
    text,
    size: (z, f) => size(z, f) + bump,
    weight: heavy ? Math.min(700, weight + 100) : weight,
    fill,
    halo: p.halo,
    rim: heavy ? 2.4 : 1.9,
  });
  const is = (...classes: string[]) => (_z: number, f: Feature) => classes.includes(String(f.props.class));
  const shown = (_z: number, f: Feature) => kinds.includes(String(f.props.kind));
  const area = (_z: number, f: Feature) => f.geomType === 3;
  const grow = (from: number, to: number) => exp(1, [[13, from], [18, to]]);
  const flat = (n: number) => () => n;

  const rules: LabelRule[] = [
    { dataLayer: "label", maxzoom: 15, symbolizer: new Block(of(p.placeText, exp(1, [[8, 14], [12, 18]]), 700), 6), filter: is("city", "town") },
    { dataLayer: "label", minzoom: 12, maxzoom: 15, symbolizer: new Block(of(p.placeText, flat(13), 600), 6), filter: is("suburb", "village") },
    { dataLayer: "road_name", minzoom: 12, symbolizer: new Along(of(p.text, grow(11, 16)), 440), filter: is("motorway", "trunk", "primary", "secondary") },
    { dataLayer: "road", minzoom: 10, maxzoom: 16, symbolizer: new Shield(of(p.text, flat(10), 700), p.rail, 260), filter: is("motorway", "trunk", "primary") },
    { dataLayer: "place", minzoom: 15, symbolizer: new Room(), filter: (z, f) => shown(z, f) && (z >= GATES_FROM || f.props.kind !== "gate") },
    { dataLayer: "compound", minzoom: 14, symbolizer: new Block(of(p.compoundText, grow(11, 16), 600), 7, true), filter: area },
    { dataLayer: "place", minzoom: 17, symbolizer: new Beside(of(p.text, flat(12), 600)), filter: shown },
    { dataLayer: "road_name", minzoom: 14, symbolizer: new Along(of(p.text, grow(10.5, 14)), 380), filter: is("tertiary", "residential", "living_street", "pedestrian") },
    { dataLayer: "building", minzoom: 17, symbolizer: new Block(of(p.buildingText, exp(1, [[17, 11], [19, 14]]), 600, number), 6, true, 0), filter: (_z, f) => !!f.props.ref },
    { dataLayer: "water", minzoom: 13, symbolizer: new Block(of(p.waterText, flat(12)), 6, true), filter: area },
    { dataLayer: "water", minzoom: 14, symbolizer: new Along(of(p.waterText, flat(12)), 500), filter: (_z, f) => f.geomType === 2 },
    { dataLayer: "green", minzoom: 14, symbolizer: new Block(of(p.greenText, grow(11, 13)), 6, true), filter: area },
    { dataLayer: "landuse", minzoom: 15, symbolizer: new Block(of(p.text, flat(12)), 6, true), filter: area },
    { dataLayer: "building", minzoom: 17, symbolizer: new Block(of(p.buildingText, flat(11), 500, number), 6, true), filter: (_z, f) => !f.props.ref },
    { dataLayer: "road_name", minzoom: 16, symbolizer: new Along(of(p.text, flat(11), 400), 340), filter: is("service", "footway", "cycleway", "path", "track") },
    { dataLayer: "label", minzoom: 14, maxzoom: 17, symbolizer: new Block(of(p.placeText, flat(12)), 6), filter: is("neighbourhood", "hamlet") },
  ];  return rules.map((r) => (r.symbolizer instanceof Room ? r : { ...r, symbolizer: new Clear(r.symbolizer, blocked) }));
}
