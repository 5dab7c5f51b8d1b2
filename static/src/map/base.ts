// The base map as a Leaflet layer: our own tiles on canvases, their names kept
// apart by protomaps-leaflet's labeler. Of that package only the labeler and
// its tile cache are used, so that what we hang on is small; fetching,
// decoding, painting, style and the shape of labels are ours.

import L from "leaflet";
import { Labelers, type PreparedTile, TileCache, type TileSource, View } from "protomaps-leaflet";
import type { Theme } from "../theme";
import type { Lang, Point } from "../types";
import { type Spot, type TileData, decode, marked } from "./decode";
import { type Box, COUNTED, meet, pinned } from "./gather";
import { labelRules } from "./labels";
import { type Brush, paint } from "./paint";
import { palettes } from "./palette";
import type { PlaceTiles } from "./placetiles";
import { brushes } from "./style";

/** How often and how soon a tile that failed is asked for again. */
const TRIES = 4;
const PAUSE = 3000;
/** How long squares are painted before the next frame is shown, in ms; one at
 *  least is painted in each. */
const SLICE = 6;
/** The width of a square on the screen, what it is painted wider so that no
 *  seam is seen where squares do not meet on a whole pixel, and how far names
 *  reach over its edge. */
const SIZE = 256;
const SEAM = 1;
const REACH = 16;
/** The width of a tile's data. */
const PIXELS = 512;

type Tile = { z: number; x: number; y: number };
type Canvas = HTMLCanvasElement & { live?: boolean };

/** A square that waits for its turn to be painted. */
interface Job {
  coords: L.Coords;
  prepared: PreparedTile;
  done: () => void;
}

class Source implements TileSource {
  // Which version of the places a tile's names are of, and the reading of them.
  private named = new WeakMap<TileData, { version: number; job: Promise<void> }>();

  constructor(
    private url: string,
    /** The last zoom; it and the one before have the places too. */
    private last: number,
    private places: PlaceTiles | null,
    /** Whether the browser's copies may be old. */
    private fresh = false,
  ) {}

  async get(c: Tile, size: number): Promise<TileData> {
    // Asked for together, waited for one after the other.
    void this.marks(c).catch(() => {});
    const base = await fetched(this.url, c, this.fresh ? "no-cache" : "default");
    return base ? decode(base, size) : new Map();
  }

  /** Brings the places of a tile, which change more often than the ground, up
   *  to date. Without their names a map is still a map. */
  async update(data: TileData, c: Tile, size: number): Promise<void> {
    for (;;) {
      const version = this.places?.version ?? 0;
      let one = this.named.get(data);
      if (one?.version !== version) {
        const job = this.marks(c).then(
          (list) => void (list && data.set("place", marked(list, c.x, c.y, size))),
          () => {},
        );
        this.named.set(data, (one = { version, job }));
      }
      await one.job;
      if (version === (this.places?.version ?? 0)) return;
    }
  }

  private async marks({ z, x, y }: Tile): Promise<Spot[] | null> {
    const p = this.places;
    return !p || z < this.last - 1 || z < p.minZoom || z > p.maxZoom ? null : p.get(z, x, y);
  }
}

async function fetched(url: string, c: Tile, cache: RequestCache): Promise<ArrayBuffer | null> {
  const res = await fetch(url.replace("{z}", String(c.z)).replace("{x}", String(c.x)).replace("{y}", String(c.y)), { cache });
  if (res.status === 204 || res.status === 404) return null;
  if (!res.ok) throw new Error(`tile ${c.z}/${c.x}/${c.y}: ${res.status}`);
  return res.arrayBuffer();
}

export class BaseLayer extends L.GridLayer {
  private view!: View;
  private source!: Source;
  private labelers!: Labelers;
  private brushes!: Brush[];
  private land!: string;
  private scratch = document.createElement("canvas").getContext("2d")!;
  // More dots than two a pixel cost memory that cheap phones do not have.
  private density = Math.min(2, Math.max(1, window.devicePixelRatio));
  private waiting = new Map<Canvas, Job>();
  private frame = 0;
  private named: readonly string[] = [];
  private points: readonly Point[] = [];

  constructor(
    private url: string,
    private maxZoom: number,
    private places: PlaceTiles | null,
    private lang: Lang,
    private theme: Theme,
  ) {
    super({ keepBuffer: 1, updateWhenZooming: false, className: "base-tiles" });
    [this.source, this.view] = this.open(false);
    this.dress(theme);
    this.on("tileunload", ({ tile }) => {
      const el = tile as unknown as Canvas;
      el.live = false;
      this.waiting.delete(el);
      // Frees the pixels now, not when the garbage is collected.
      el.width = el.height = 0;
    });
  }

  /** Paints in another theme. */
  dress(theme: Theme): void {
    this.theme = theme;
    const p = palettes[theme];
    this.brushes = brushes(p);
    this.land = p.land;
    this.name();
  }

  private open(fresh: boolean): [Source, View] {
    const source = new Source(this.url, this.maxZoom, this.places, fresh);
    return [source, new View(new TileCache(source, PIXELS), this.maxZoom, 1)];
  }

  /** Paints again what is out of date: the ground, which is read again, or only
   *  the names of places. */
  refresh(what: { base: boolean; places: boolean }): void {
    if (what.base) [this.source, this.view] = this.open(true);
    else if (!what.places) return;
    // What waits would be painted with what was read before.
    for (const job of this.waiting.values()) job.done();
    this.waiting.clear();
    this.name();
  }

  /** Names the places of these kinds, and keeps names away from the pins at
   *  these points. */
  labels(kinds: readonly string[], points: readonly Point[]): void {
    if (kinds.join() === this.named.join() && points.join() === this.points.join()) return;
    this.named = kinds;
    this.points = points;
    this.name();
  }

  // What pins cover at a zoom.
  private pins(z: number): Box[] {
    if (z < COUNTED) return [];
    const list = this.points.map((p) => L.CRS.EPSG3857.latLngToPoint(L.latLng(p[1], p[0]), z));
    return pinned(z, list).map((m) => m.box);
  }

  private name(): void {
    const p = palettes[this.theme];
    // As many tiles keep their names as a screen shows, and some around it.
    const kept = Math.max(24, 2 * Math.ceil(screen.width / 512 + 2) * Math.ceil(screen.height / 512 + 2));
    const pins = new Map<number, Box[]>();
    const blocked = (b: Box, z: number) => {
      let there = pins.get(z);
      if (!there) pins.set(z, (there = this.pins(z)));
      return there.some((o) => meet(o, b));
    };
    this.labelers = new Labelers(this.scratch, labelRules(p, this.lang, this.theme === "sun", this.named, blocked), kept, (keys) => this.again(keys));
    for (const tile of this.tiles()) void this.render(tile.coords, tile.el as Canvas);
  }

  override createTile(coords: L.Coords, done: L.DoneCallback): HTMLElement {
    const el: Canvas = document.createElement("canvas");
    el.live = true;
    void this.render(coords, el).then((err) => done(err, el));
    return el;
  }

  private get inner(): Inner {
    return this as unknown as Inner;
  }

  private tiles(): { coords: L.Coords; el: HTMLElement }[] {
    return Object.values(this.inner._tiles ?? {});
  }

  // Paints squares once more of whose names a neighbour has pushed some away.
  private again(keys: Set<string>): void {
    for (const tile of this.tiles()) {
      const c = this.inner._wrapCoords(tile.coords);
      if (keys.has(`${c.x}:${c.y}:${c.z}`)) void this.render(tile.coords, tile.el as Canvas);
    }
  }

  private async render(shown: L.Coords, el: Canvas, attempt = 0): Promise<Error | undefined> {
    const coords = this.inner._wrapCoords(shown);
    let prepared: PreparedTile;
    try {
      const { source, view } = this;
      prepared = await view.getDisplayTile(coords);
      await source.update(prepared.data, prepared.dataTile, PIXELS);
      if (source !== this.source) return this.render(shown, el, attempt);
    } catch (err) {
      this.clear(el);
      if (el.live && attempt < TRIES) setTimeout(() => el.live && void this.render(shown, el, attempt + 1), PAUSE * (attempt + 1));
      return attempt === 0 ? undefined : (err as Error);
    }
    if (!el.live) return undefined;
    const before = this.waiting.get(el);
    return new Promise((done) => {
      this.waiting.set(el, { coords, prepared, done: () => (before?.done(), done(undefined)) });
      this.frame ||= requestAnimationFrame(() => this.work());
    });
  }

  // Paints what waits, and lets the page answer a finger in between.
  private work(): void {
    this.frame = 0;
    const end = performance.now() + SLICE;
    for (const [el, job] of this.waiting) {
      this.waiting.delete(el);
      this.paint(el, job.coords, job.prepared);
      job.done();
      if (performance.now() > end) break;
    }
    if (this.waiting.size) this.frame = requestAnimationFrame(() => this.work());
  }

  private paint(el: Canvas, { x, y, z }: L.Coords, tile: PreparedTile): void {
    this.labelers.add(z, new Map([["", [tile]]]));
    const ctx = this.clear(el);
    const [left, top] = [SIZE * x, SIZE * y];
    paint(ctx, z, tile.data, { scale: tile.scale, x: left - tile.origin.x, y: top - tile.origin.y, size: SIZE + 2 * SEAM }, this.brushes);
    const box = { minX: left - REACH, minY: top - REACH, maxX: left + SIZE + REACH, maxY: top + SIZE + REACH };
    for (const label of this.labelers.getIndex(z)?.searchBbox(box, Infinity) ?? []) {
      ctx.save();
      ctx.translate(label.anchor.x - left, label.anchor.y - top);
      label.draw(ctx);
      ctx.restore();
    }
  }

  private clear(el: Canvas): CanvasRenderingContext2D {
    const size = Math.round((SIZE + SEAM) * this.density);
    // Setting the size clears, and anew reserves, the pixels.
    if (el.width !== size) el.width = el.height = size;
    el.style.width = el.style.height = `${size / this.density}px`;
    const ctx = el.getContext("2d", { alpha: false })!;
    ctx.setTransform(this.density, 0, 0, this.density, 0, 0);
    ctx.fillStyle = this.land;
    ctx.fillRect(0, 0, size, size);
    return ctx;
  }
}

// What Leaflet's own tile layers use and its types leave out.
interface Inner {
  _tiles?: Record<string, { coords: L.Coords; el: HTMLElement }>;
  _wrapCoords(c: L.Coords): L.Coords;
}
