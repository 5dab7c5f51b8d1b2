// Vector tiles into the shapes that are drawn.

import Point from "@mapbox/point-geometry";
import { VectorTile } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";
import type { Feature } from "protomaps-leaflet";

/** A tile's features by layer, coordinates scaled to a tile of size pixels. */
export type TileData = Map<string, Feature[]>;

/** A compound with the boxes of the houses it has in this tile. */
export type Named = Feature & { houses?: Feature["bbox"][] };

export function decode(bytes: ArrayBuffer, size: number): TileData {
  const out: TileData = new Map();
  const tile = new VectorTile(new PbfReader(new Uint8Array(bytes)));
  for (const [name, layer] of Object.entries(tile.layers)) {
    const scale = size / layer.extent;
    const features: Feature[] = [];
    for (let i = 0; i < layer.length; i++) {
      const f = layer.feature(i);
      const geom = f.loadGeometry();
      const box = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
      let vertices = 0;
      for (const line of geom) {
        for (const p of line) {
          p.x *= scale;
          p.y *= scale;
          box.minX = Math.min(box.minX, p.x);
          box.minY = Math.min(box.minY, p.y);
          box.maxX = Math.max(box.maxX, p.x);
          box.maxY = Math.max(box.maxY, p.y);
        }
        vertices += line.length;
      }
      features.push({ geomType: f.type as Feature["geomType"], geom, bbox: box, numVertices: vertices, props: f.properties });
    }
    out.set(name, features);
  }
  const roads = out.get("road");
  if (roads) out.set("road_name", named(roads));
  for (const c of out.get("compound") ?? []) {
    if (c.props.name) (c as Named).houses = out.get("building")?.map((b) => b.bbox).filter((b) => meet(b, c.bbox)) ?? [];
  }
  return out;
}

function meet(a: Feature["bbox"], b: Feature["bbox"]): boolean {
  return a.maxX > b.minX && a.minX < b.maxX && a.maxY > b.minY && a.minY < b.maxY;
}

// A street is cut at every crossing; a name needs room. This joins the pieces
// of one name end to end, so that the name runs along the whole street.
function named(roads: Feature[]): Feature[] {
  const groups = new Map<string, { lines: Point[][]; props: Feature["props"] }>();
  for (const f of roads) {
    const name = f.props.name;
    if (!name) continue;
    const key = `${String(name)}\n${String(f.props.class)}`;
    const group = groups.get(key) ?? { lines: [], props: f.props };
    group.lines.push(...f.geom);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ lines, props }) => {
    const geom = join(lines);
    const box = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
    for (const line of geom)
      for (const p of line) {
        box.minX = Math.min(box.minX, p.x);
        box.minY = Math.min(box.minY, p.y);
        box.maxX = Math.max(box.maxX, p.x);
        box.maxY = Math.max(box.maxY, p.y);
      }
    return { geomType: 2, geom, bbox: box, numVertices: 0, props };
  });
}

const at = (p: Point) => `${Math.round(p.x * 4)},${Math.round(p.y * 4)}`;

/** Joins lines that share an end and go on in about the same direction. */
export function join(lines: Point[][]): Point[][] {
  const rest = new Set(lines.filter((l) => l.length > 1));
  const ends = new Map<string, Point[][]>();
  for (const l of rest) {
    for (const p of [l[0]!, l[l.length - 1]!]) {
      const there = ends.get(at(p));
      if (there) there.push(l);
      else ends.set(at(p), [l]);
    }
  }
  const out: Point[][] = [];
  for (const seed of lines) {
    if (!rest.delete(seed)) continue;
    let line = seed;
    // Grow at the tail, turn around, grow at what was the head.
    for (let side = 0; side < 2; side++) {
      for (let next = onward(line, ends, rest); next; next = onward(line, ends, rest)) {
        rest.delete(next.piece);
        line = line.concat(next.way.slice(1));
      }
      line = [...line].reverse();
    }
    out.push(line);
  }
  return out;
}

// The piece that goes on from a line's tail with the least bend, as it lies and
// as it is walked.
function onward(line: Point[], ends: Map<string, Point[][]>, rest: Set<Point[]>): { piece: Point[]; way: Point[] } | null {
  const tail = at(line[line.length - 1]!);
  let best: { piece: Point[]; way: Point[] } | null = null;
  let least = Math.PI / 3;
  for (const piece of ends.get(tail) ?? []) {
    if (!rest.has(piece)) continue;
    const way = at(piece[0]!) === tail ? piece : [...piece].reverse();
    const turn = bend(line, way);
    if (turn < least) [best, least] = [{ piece, way }, turn];
  }
  return best;
}

// How far the way turns from the end of a to the start of b.
function bend(a: Point[], b: Point[]): number {
  const [p, q, r] = [a[a.length - 2]!, a[a.length - 1]!, b[1]!];
  const turn = Math.atan2(r.y - q.y, r.x - q.x) - Math.atan2(q.y - p.y, q.x - p.x);
  return Math.abs(Math.atan2(Math.sin(turn), Math.cos(turn)));
}

/** One place of a place tile, or a group of count places. */
export interface Spot {
  id: string;
  kind: string;
  name: string;
  class: string;
  count: number;
  /** The zoom at which a group comes apart; 0 for a place. */
  apart: number;
  /** In tiles of the zoom the tile was asked for: x of n, y of n. */
  x: number;
  y: number;
}

/** How many places of a kind a tile may have for each to be named: where there
 *  are more, the map would have no room for other names. */
const NAMED = 150;

/** The places of the tile x, y as features to be named, in a tile of size
 *  pixels. */
export function marked(all: Spot[], x: number, y: number, size: number): Feature[] {
  const many = new Map<string, number>();
  for (const s of all) many.set(s.kind, (many.get(s.kind) ?? 0) + s.count);
  return all.flatMap((s): Feature[] => {
    if (s.count !== 1 || many.get(s.kind)! > NAMED) return [];
    const p = new Point((s.x - x) * size, (s.y - y) * size);
    return [{ geomType: 1, geom: [[p]], bbox: { minX: p.x, minY: p.y, maxX: p.x, maxY: p.y }, numVertices: 1, props: { kind: s.kind, name: s.name } }];
  });
}

/** The places of one place tile at z/x/y. */
export function spots(bytes: ArrayBuffer, x: number, y: number): Spot[] {
  const out: Spot[] = [];
  const tile = new VectorTile(new PbfReader(new Uint8Array(bytes)));
  for (const [kind, layer] of Object.entries(tile.layers)) {
    for (let i = 0; i < layer.length; i++) {
      const f = layer.feature(i);
      const props = f.properties;
      for (const line of f.loadGeometry())
        for (const p of line) {
          // A tile repeats its neighbours' places along its edge.
          if (p.x < 0 || p.y < 0 || p.x >= layer.extent || p.y >= layer.extent) continue;
          out.push({
            id: String(props.id ?? ""),
            kind,
            name: String(props.name ?? ""),
            class: String(props.class ?? ""),
            count: Number(props.count ?? 1),
            apart: Number(props.expansion_zoom ?? 0),
            x: x + p.x / layer.extent,
            y: y + p.y / layer.extent,
          });
        }
    }
  }
  return out;
}
