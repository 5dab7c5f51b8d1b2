// The labels of the base map. Names of areas wrap, Chinese between any two
// characters; names of streets run along them, Chinese character by character
// and upright where the street goes up the screen.

import Point from "@mapbox/point-geometry";
import { type Feature, type Label, type LabelRule, type LabelSymbolizer, type Layout, exp } from "protomaps-leaflet";
import type { Lang } from "../types";
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
  ) {}

  place(layout: Layout, geom: Point[][], f: Feature): Label[] | undefined {
    const text = this.style.text(f);
    if (!text) return undefined;
    const size = this.style.size(layout.zoom, f);
    const lines = wrap(text, this.max);
    const width = Math.max(...lines.map(ems)) * size;
    const step = size * 1.2;
    const height = lines.length * step;
    const middle = f.geomType === 1 ? Object.assign(geom[0]![0]!, { room: Infinity, tall: Infinity }) : inside(geom);
    if (!middle) return undefined;
    if (this.fit && (width > middle.room * 1.15 || height > middle.tall * 1.3)) return undefined;
    const anchor = new Point(middle.x, middle.y);
    const font = `${this.style.weight ?? 400} ${size}px ${FAMILY}`;
    const pad = 3;
    return [
      {
        anchor,
        bboxes: [{ minX: anchor.x - width / 2 - pad, minY: anchor.y - height / 2 - pad, maxX: anchor.x + width / 2 + pad, maxY: anchor.y + height / 2 + pad }],
        deduplicationKey: text,
        deduplicationDistance: 320,
        draw: (ctx) => {
          pen(ctx, font, this.style);
          lines.forEach((line, i) => write(ctx, line, 0, (i - (lines.length - 1) / 2) * step));
        },
      },
    ];
  }
}

type Middle = Point & { room: number; tall: number };

// The centre of the largest ring, moved into the ring along its row where the
// shape is hollow, with the room that the ring gives there.
function inside(geom: Point[][]): Middle | null {
  let best: Point[] | null = null;
  let most = 0;
  for (const ring of geom) {
    let area = 0;
    for (let i = 0; i < ring.length - 1; i++) area += ring[i]!.x * ring[i + 1]!.y - ring[i + 1]!.x * ring[i]!.y;
    if (Math.abs(area) > most) [best, most] = [ring, Math.abs(area)];
  }
  if (!best) return null;
  const ys = best.map((p) => p.y);
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  let found: Middle | null = null;
  // The widest of a few rows near the middle.
  for (const part of [0.5, 0.42, 0.58, 0.34, 0.66]) {
    const y = top + (bottom - top) * part;
    const xs: number[] = [];
    for (let i = 0; i < best.length - 1; i++) {
      const [a, b] = [best[i]!, best[i + 1]!];
      if (a.y > y !== b.y > y) xs.push(a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x));
    }
    xs.sort((a, b) => a - b);
    for (let i = 0; i + 1 < xs.length; i += 2) {
      const room = xs[i + 1]! - xs[i]!;
      if (!found || room > found.room * 1.25) found = Object.assign(new Point((xs[i]! + xs[i + 1]!) / 2, y), { room, tall: bottom - top });
    }
  }
  return found;
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
        for (const shift of [0, -total * 0.6, total * 0.6]) {
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

/** The label rules of a palette, the most important first. */
export function labelRules(p: Palette, lang: Lang, heavy: boolean): LabelRule[] {
  const name = (f: Feature) => String((lang === "en" && f.props.name_en) || f.props.name || f.props.name_en || "");
  const rim = heavy ? 2.2 : 1.6;
  const bump = heavy ? 1 : 0;
  const of = (fill: string, size: (z: number, f: Feature) => number, weight = 500, text = name): TextStyle => ({
    text,
    size: (z, f) => size(z, f) + bump,
    weight: heavy ? Math.min(700, weight + 100) : weight,
    fill,
    halo: p.halo,
    rim,
  });
  const is = (...classes: string[]) => (_z: number, f: Feature) => classes.includes(String(f.props.class));
  const great = ["motorway", "trunk", "primary", "secondary"];
  const grow = (from: number, to: number) => exp(1, [[13, from], [18, to]]);

  return [
    { dataLayer: "label", maxzoom: 15, symbolizer: new Block(of(p.placeText, () => 17, 700), 6), filter: is("city", "town") },
    { dataLayer: "label", minzoom: 12, maxzoom: 15, symbolizer: new Block(of(p.placeText, () => 14, 600), 6), filter: is("suburb", "village") },
    { dataLayer: "road_name", minzoom: 12, symbolizer: new Along(of(p.text, grow(11, 15)), 420), filter: is(...great) },
    { dataLayer: "compound", minzoom: 15, symbolizer: new Block(of(p.compoundText, grow(11, 15), 600), 7, true), filter: (z, f) => z >= 15 && f.geomType === 3 },
    { dataLayer: "road_name", minzoom: 14, symbolizer: new Along(of(p.text, grow(11, 14)), 380), filter: is("tertiary", "residential", "living_street", "pedestrian") },
    { dataLayer: "building", minzoom: 17, symbolizer: new Block(of(p.buildingText, (z) => (z < 18 ? 11 : 13), 600, (f) => String(f.props.ref || (lang === "en" && f.props.name_en) || f.props.name || "")), 6, true) },
    { dataLayer: "water", minzoom: 13, symbolizer: new Block(of(p.waterText, () => 12, 400), 6, true), filter: (_z, f) => f.geomType === 3 },
    { dataLayer: "water", minzoom: 14, symbolizer: new Along(of(p.waterText, () => 12, 400), 500), filter: (_z, f) => f.geomType === 2 },
    { dataLayer: "green", minzoom: 15, symbolizer: new Block(of(p.greenText, () => 12, 500), 6, true) },
    { dataLayer: "landuse", minzoom: 15, symbolizer: new Block(of(p.text, () => 12, 500), 6, true) },
    { dataLayer: "road_name", minzoom: 16, symbolizer: new Along(of(p.text, () => 11, 400), 340), filter: is("service", "footway", "cycleway", "path", "track") },
    { dataLayer: "label", minzoom: 14, maxzoom: 17, symbolizer: new Block(of(p.placeText, () => 12, 500), 6), filter: is("neighbourhood", "hamlet") },
  ];
}
