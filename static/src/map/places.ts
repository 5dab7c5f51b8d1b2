// The places on the map: the numbered ones of the list, and whatever the place
// tiles hold of the chosen kinds. Few are elements, which a keyboard reaches
// and a screen reader names; many are drawn.

import L from "leaflet";
import { t } from "../i18n";
import type { Feature, Place, Point } from "../types";
import { Crowd, type Crowded } from "./crowd";
import type { Spot } from "./decode";
import { type Box, COUNTED, GATES_FROM, type Shown, badgeBox, gather, pinned } from "./gather";
import { cluster, dot, mark, pin } from "./markers";
import type { PlaceTiles } from "./placetiles";

/** How many places beside the list are elements; more would make the map
 *  heavy to move, and nobody steps through them. */
const ELEMENTS = 60;

/** How a listed place is marked: the tone of its pin, and the words for it. */
export interface Look {
  tone: "open" | "soon" | "closed" | "unknown";
  words: string;
}

export interface PlaceHooks {
  open(id: string): void;
  title(s: { kind: string; name: string }): string;
  look(p: Place): Look;
  /** The kinds whose places are on the map by themselves, and the points of the
   *  list: what names on the map should keep to. */
  labels(kinds: string[], points: Point[]): void;
}

/** Keys and how to make what they stand for. */
type Want = Map<string, () => L.Marker>;

export class Places {
  private group = L.layerGroup();
  private crowd = new Crowd();
  private marks = new Map<string, L.Marker>();
  private kinds: string[] = [];
  private found: Feature[] = [];
  private hidden = "";
  private run = 0;
  private muted = false;
  private alone: string[] | null = null;
  private from = 0;

  constructor(
    private map: L.Map,
    private source: PlaceTiles | null,
    private hooks: PlaceHooks,
  ) {
    map.createPane("crowd");
    this.crowd.addTo(map);
    this.group.addTo(map);
    map.on("moveend zoomend resize", () => void this.draw());
    map.on("mousemove", (e) => this.point(e.containerPoint));
  }

  /** The drawn mark under a point of the map's container. */
  at(p: L.Point): Crowded | null {
    return this.crowd.find(p);
  }

  /** Draws in another theme. */
  dress(): void {
    this.crowd.dress();
  }

  // What is drawn looks to a mouse like what is an element.
  private point(p: L.Point): void {
    const m = this.at(p);
    const el = this.map.getContainer();
    el.classList.toggle("on-place", m !== null);
    if (m) el.title = m.title;
    else el.removeAttribute("title");
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

  /** Draws what the tiles say now. */
  refresh(): void {
    void this.draw();
  }

  private async draw(): Promise<void> {
    const run = ++this.run;
    const quiet = this.muted || this.alone !== null;
    const kinds = this.muted ? [] : !this.alone ? this.kinds : this.map.getZoom() < this.from ? [] : this.alone;
    this.hooks.labels(kinds, quiet ? [] : this.found.flatMap((f) => (f.geometry?.type === "Point" ? [f.geometry.coordinates] : [])));
    const near = await this.near();
    if (run !== this.run) return;
    const want: Want = new Map();
    const shown = this.map.getZoom() < COUNTED ? this.counted(near, kinds, want, quiet) : this.beside(near, kinds, quiet ? [] : this.pins(want, []).points, true);
    const all = shown.map((s) => this.crowded(s));
    const few = shown.filter((s) => s.form !== "small" || s.spot.kind === "gate").length <= ELEMENTS;
    this.crowd.draw(few ? all.filter((_, i) => shown[i]!.form === "small" && shown[i]!.spot.kind !== "gate") : all);
    if (few) shown.forEach((s, i) => this.element(s, all[i]!, want));
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

  // What is shown where counts stand for places: the list's numbers only where
  // they hide no count, and its places counted with the others.
  private counted(near: Spot[], kinds: string[], want: Want, quiet: boolean): Shown[] {
    const shown = this.beside(near, kinds, [], quiet);
    if (quiet) return shown;
    const { ids, points } = this.pins(want, shown.filter((s) => s.form === "count").map(badgeBox));
    return shown
      .filter((s) => s.form === "count" || !ids.has(s.spot.id))
      .map((s) => (s.form === "icon" && points.some((p) => Math.abs(p.x - s.x) < 25 && Math.abs(p.y - s.y) < 25) ? { ...s, form: "small" } : s));
  }

  // The marks of the list. Answers which places have a pin, and where.
  private pins(want: Want, badges: Box[]): { ids: Set<string>; points: L.Point[] } {
    const z = this.map.getZoom();
    const listed = this.found.flatMap((f, i) => (f.geometry?.type === "Point" && f.properties.id !== this.hidden ? [{ i, p: f.properties, at: f.geometry.coordinates }] : []));
    const points = listed.map(({ at }) => this.map.project([at[1], at[0]], z));
    const marks = pinned(z, points, badges);
    listed.forEach(({ i, p, at }, n) => {
      const { form } = marks[n]!;
      if (form === "none") return;
      const s = this.hooks.look(p);
      const label = [`${i + 1} ${this.hooks.title(p)}`, s.words].filter(Boolean).join(", ");
      const press = () => this.hooks.open(p.id);
      want.set(`${form}:${i}:${p.id}:${s.tone}`, () =>
        form === "pin" ? mark(at, pin(p.kind, i + 1, s.tone), label, 44, press, { zIndexOffset: 1000 - i }) : mark(at, dot(p.kind, true), label, 32, press, { zIndexOffset: 600 }),
      );
    });
    const has = (n: number) => marks[n]!.form === "pin";
    return { ids: new Set(listed.filter((_, n) => has(n)).map(({ p }) => p.id)), points: points.filter((_, n) => has(n)) };
  }

  // The places of the tiles that are shown, apart from those of the list or with
  // them.
  private beside(near: Spot[], kinds: string[], taken: L.Point[], apart: boolean): Shown[] {
    const z = this.map.getZoom();
    const listed = new Set(this.alone || !apart ? [] : this.found.map((f) => f.properties.id));
    // Gates by themselves are for near; asked for, they count from afar too.
    const gates = z >= GATES_FROM || (z < COUNTED && kinds[0] === "gate");
    const world = 256 * 2 ** z;
    const n = 2 ** this.tileZoom();
    const bounds = this.map.getPixelBounds();
    const [min, max] = [bounds.min!.subtract([60, 60]), bounds.max!.add([60, 60])];
    const seen: { spot: Spot; x: number; y: number }[] = [];
    for (const spot of near) {
      if (!kinds.includes(spot.kind) || (spot.kind === "gate" && !gates)) continue;
      if (listed.has(spot.id) || (spot.id && spot.id === this.hidden)) continue;
      const [x, y] = [(spot.x / n) * world, (spot.y / n) * world];
      // A map that was moved around the world shows the same tiles again.
      const around = x + Math.round(((min.x + max.x) / 2 - x) / world) * world;
      if (around > min.x && around < max.x && y > min.y && y < max.y) seen.push({ spot, x: around, y });
    }
    return gather(z, seen, taken);
  }

  private crowded(s: Shown): Crowded {
    const { spot, rows } = s;
    const at = this.map.unproject([s.x, s.y]);
    const many = s.form === "count";
    const named = (kind: string) => this.hooks.title({ kind, name: "" });
    const words = rows.length > 1 ? rows.map((r) => `${named(r.kind)} ${r.count}`).join(", ") : named(spot.kind);
    return {
      form: s.form,
      kind: spot.kind,
      rows,
      inferred: spot.class === "inferred",
      at,
      title: many ? `${words}: ${t("cluster", { n: rows.reduce((n, r) => n + r.count, 0) })}` : this.hooks.title(spot),
      press: many ? () => this.enter(s, at) : () => this.hooks.open(spot.id),
    };
  }

  // Goes to where a count comes apart.
  private enter(s: Shown, at: L.LatLng): void {
    const z = this.map.getZoom();
    this.map.setView(at, Math.min(Math.max(z + 1, s.apart || z + 2), 19));
  }

  private element(s: Shown, c: Crowded, want: Want): void {
    const { kind, id } = s.spot;
    const at: Point = [c.at.lng, c.at.lat];
    const gate = kind === "gate";
    if (s.form === "count") {
      const rows = c.rows.map((r) => `${r.kind} ${r.count}`).join();
      // Over the rider's mark, which is found again from nearer.
      want.set(`many:${rows}:${c.at.lat.toFixed(5)}:${c.at.lng.toFixed(5)}`, () => mark(at, cluster(c.rows), c.title, 44, c.press, { zIndexOffset: 700 }));
    } else if (s.form === "icon" || gate) {
      const small = s.form === "small";
      want.set(`one:${kind}:${id}:${small}`, () => mark(at, dot(kind, small, c.inferred), c.title, 32, c.press, { zIndexOffset: gate ? -200 : 0 }));
    }
  }

  // The places of the tiles in view; a tile that fails is left out this time.
  private async near(): Promise<Spot[]> {
    const tiles = this.source;
    if (!tiles) return [];
    const z = this.tileZoom();
    const n = 2 ** z;
    const b = this.map.getBounds();
    const [nw, se] = [project(b.getNorthWest()), project(b.getSouthEast())];
    const asked: [x: number, y: number][] = [];
    for (let x = Math.floor(nw.x * n); x <= Math.floor(se.x * n); x++)
      for (let y = Math.max(0, Math.floor(nw.y * n)); y <= Math.min(n - 1, Math.floor(se.y * n)); y++) asked.push([((x % n) + n) % n, y]);
    if (asked.length > 64) return [];
    return (await Promise.all(asked.map(async ([x, y]) => tiles.get(z, x, y)).map((job) => job.catch(() => [])))).flat();
  }

  // From zoom 14 on a tile holds every place by itself, so that larger tiles
  // tell the same in a quarter of the requests.
  private tileZoom(): number {
    const z = Math.round(this.map.getZoom());
    return Math.min(this.source?.maxZoom ?? 14, Math.max(this.source?.minZoom ?? 0, z > 14 ? z - 1 : z));
  }
}

function project(p: L.LatLng): { x: number; y: number } {
  const s = Math.sin((p.lat * Math.PI) / 180);
  return { x: p.lng / 360 + 0.5, y: 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI) };
}
