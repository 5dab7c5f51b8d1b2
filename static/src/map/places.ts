// The places on the map: the numbered ones of the list, and whatever the place
// tiles hold of the chosen kinds, gathered into counts where they crowd.

import L from "leaflet";
import { t } from "../i18n";
import type { Feature, Place, Point } from "../types";
import { type Spot, spots } from "./decode";
import { cluster, dot, mark, pin } from "./markers";

/** Gates are small things: below this zoom they would hide the streets. */
const GATES_FROM = 16;
/** From this zoom on every place is shown by itself. */
const APART = 17;
const CELL = 52;
const KEPT = 300;

/** How a listed place is marked: the tone of its pin, and the words for it. */
export interface Look {
  tone: "open" | "soon" | "closed" | "unknown";
  words: string;
}

interface Shown {
  kind: string;
  name: string;
}

export class Places {
  private group = L.layerGroup();
  private marks = new Map<string, L.Marker>();
  private tiles = new Map<string, Spot[] | Promise<Spot[]>>();
  private kinds: string[] = [];
  private found: Feature[] = [];
  private hidden = "";
  private url = "";
  private max = 14;
  private min = 0;
  private run = 0;
  private fresh = false;
  private muted = false;
  private alone: string[] | null = null;
  private from = 0;

  constructor(
    private map: L.Map,
    private open: (id: string) => void,
    private title: (s: Shown) => string,
    private look: (p: Place) => Look,
  ) {
    this.group.addTo(map);
    map.on("moveend zoomend resize", () => void this.draw());
  }

  /** Where the place tiles are. */
  source(url: string, min: number, max: number): void {
    [this.url, this.min, this.max] = [url, min, max];
    void this.draw();
  }

  show(kinds: string[]): void {
    this.kinds = kinds;
    void this.draw();
  }

  /** The places of the list, in its order. */
  list(found: Feature[]): void {
    this.found = found;
    void this.draw();
  }

  /** Leaves one place out, which is shown as the chosen one. */
  hide(id: string): void {
    this.hidden = id;
    void this.draw();
  }

  /** Shows places of these kinds alone, without the list's numbers. */
  only(kinds: string[] | null, from: number): void {
    this.from = from;
    if (kinds?.join() === this.alone?.join()) return;
    this.alone = kinds;
    void this.draw();
  }

  /** Shows nothing for a while. */
  mute(on: boolean): void {
    if (on === this.muted) return;
    this.muted = on;
    void this.draw();
  }

  /** Reads the tiles again: the data changed. */
  refresh(): void {
    this.tiles.clear();
    this.fresh = true;
    void this.draw();
  }

  private async draw(): Promise<void> {
    const run = ++this.run;
    const near = await this.near();
    if (run !== this.run) return;
    const want = new Map<string, () => L.Marker>();
    if (!this.muted) {
      if (!this.alone) this.pins(want);
      this.crowd(near, want);
    }
    for (const [key, m] of this.marks) {
      if (want.has(key)) continue;
      this.group.removeLayer(m);
      this.marks.delete(key);
    }
    for (const [key, make] of want) {
      if (this.marks.has(key)) continue;
      const m = make();
      this.marks.set(key, m);
      this.group.addLayer(m);
    }
  }

  // Pins keep apart: one that would lie on an earlier one becomes a dot.
  private pins(want: Map<string, () => L.Marker>): void {
    const taken: L.Point[] = [];
    this.found.forEach((f, i) => {
      if (f.geometry?.type !== "Point" || f.properties.id === this.hidden) return;
      const p = f.properties;
      const at = f.geometry.coordinates;
      const here = this.map.project([at[1], at[0]], this.map.getZoom());
      const free = taken.every((o) => Math.abs(o.x - here.x) > 30 || Math.abs(o.y - here.y) > 34);
      const s = this.look(p);
      const label = [`${i + 1} ${this.title(p)}`, s.words].filter(Boolean).join(", ");
      if (free) taken.push(here);
      want.set(`${free ? "pin" : "dot"}:${i}:${p.id}:${s.tone}`, () =>
        free ? mark(at, pin(p.kind, i + 1, s.tone), label, 44, () => this.open(p.id), { zIndexOffset: 1000 - i }) : mark(at, dot(p.kind), label, 32, () => this.open(p.id)),
      );
    });
  }

  private crowd(near: Spot[], want: Map<string, () => L.Marker>): void {
    const z = this.map.getZoom();
    const listed = new Set(this.alone ? [] : this.found.map((f) => f.properties.id));
    const kinds = !this.alone ? this.kinds : z < this.from ? [] : this.alone;
    const n = 2 ** this.tileZoom();
    const cells = new Map<string, { spots: Spot[]; at: L.LatLng }>();
    for (const s of near) {
      if (!kinds.includes(s.kind) || (s.kind === "gate" && z < GATES_FROM)) continue;
      if (listed.has(s.id) || (s.id && s.id === this.hidden)) continue;
      const at = unproject(s.x / n, s.y / n);
      if ((z >= APART || s.kind === "gate") && s.count === 1) {
        cells.set(`${s.kind}:${s.id}`, { spots: [s], at });
        continue;
      }
      const px = this.map.project(at, z);
      const key = `${s.kind}:${Math.floor(px.x / CELL)}:${Math.floor(px.y / CELL)}`;
      const cell = cells.get(key);
      if (cell) cell.spots.push(s);
      else cells.set(key, { spots: [s], at });
    }
    for (const { spots: inside, at } of cells.values()) {
      const first = inside[0]!;
      const count = inside.reduce((sum, s) => sum + s.count, 0);
      const point: Point = [at.lng, at.lat];
      if (count === 1) {
        const small = first.kind === "gate" && z < APART;
        want.set(`one:${first.kind}:${first.id}:${small}`, () => mark(point, dot(first.kind, small), this.title(first), 32, () => this.open(first.id), { zIndexOffset: first.kind === "gate" ? -200 : 0 }));
      } else {
        const key = `many:${first.kind}:${count}:${at.lat.toFixed(5)}:${at.lng.toFixed(5)}`;
        want.set(key, () =>
          mark(point, cluster(first.kind, count), `${this.title({ kind: first.kind, name: "" })}: ${t("cluster", { n: count })}`, 44, () => this.map.setView(at, Math.min(this.map.getZoom() + 2, 19)), { zIndexOffset: -100 }),
        );
      }
    }
  }

  // The places of the tiles in view; a tile that fails is left out this time.
  private async near(): Promise<Spot[]> {
    if (!this.url) return [];
    const z = this.tileZoom();
    const n = 2 ** z;
    const b = this.map.getBounds();
    const [nw, se] = [project(b.getNorthWest()), project(b.getSouthEast())];
    const jobs: (Spot[] | Promise<Spot[]>)[] = [];
    for (let x = Math.floor(nw.x * n); x <= Math.floor(se.x * n); x++)
      for (let y = Math.max(0, Math.floor(nw.y * n)); y <= Math.min(n - 1, Math.floor(se.y * n)); y++) jobs.push(this.tile(z, ((x % n) + n) % n, y));
    if (jobs.length > 64) return [];
    return (await Promise.all(jobs)).flat();
  }

  // From zoom 14 on a tile holds every place by itself, so that larger tiles
  // tell the same in a quarter of the requests.
  private tileZoom(): number {
    const z = Math.round(this.map.getZoom());
    return Math.min(this.max, Math.max(this.min, z > 14 ? z - 1 : z));
  }

  private tile(z: number, x: number, y: number): Spot[] | Promise<Spot[]> {
    const key = `${z}/${x}/${y}`;
    const kept = this.tiles.get(key);
    if (kept) return kept;
    const job = this.fetch(z, x, y).then(
      (list) => {
        this.tiles.set(key, list);
        if (this.tiles.size > KEPT) this.tiles.delete(this.tiles.keys().next().value!);
        return list;
      },
      () => {
        this.tiles.delete(key);
        return [];
      },
    );
    this.tiles.set(key, job);
    return job;
  }

  private async fetch(z: number, x: number, y: number): Promise<Spot[]> {
    const url = this.url.replace("{z}", String(z)).replace("{x}", String(x)).replace("{y}", String(y));
    const res = await fetch(url, this.fresh ? { cache: "no-cache" } : {});
    if (res.status === 204 || res.status === 404) return [];
    if (!res.ok) throw new Error(String(res.status));
    return spots(await res.arrayBuffer(), x, y);
  }
}

function project(p: L.LatLng): { x: number; y: number } {
  const s = Math.sin((p.lat * Math.PI) / 180);
  return { x: p.lng / 360 + 0.5, y: 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI) };
}

function unproject(x: number, y: number): L.LatLng {
  const lat = (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
  return L.latLng(lat, (x - 0.5) * 360);
}
