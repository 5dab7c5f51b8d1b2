// The base map as a Leaflet layer: our own tiles, painted on canvases with
// protomaps-leaflet's painter and labeler. Only those two are used, so that
// what we hang on is small; fetching, decoding, style and labels are ours.

import L from "leaflet";
import Point from "@mapbox/point-geometry";
import { Labelers, type PreparedTile, TileCache, type TileSource, View, paint } from "protomaps-leaflet";
import type { Theme } from "../theme";
import type { Lang } from "../types";
import { type TileData, decode } from "./decode";
import { labelRules } from "./labels";
import { palettes } from "./palette";
import { paintRules } from "./style";

/** How often and how soon a tile that failed is asked for again. */
const TRIES = 4;
const PAUSE = 3000;

type Canvas = HTMLCanvasElement & { live?: boolean };

class Source implements TileSource {
  constructor(private url: string) {}

  async get(c: { z: number; x: number; y: number }, size: number): Promise<TileData> {
    const url = this.url.replace("{z}", String(c.z)).replace("{x}", String(c.x)).replace("{y}", String(c.y));
    const res = await fetch(url);
    if (res.status === 204 || res.status === 404) return new Map();
    if (!res.ok) throw new Error(`tile ${c.z}/${c.x}/${c.y}: ${res.status}`);
    return decode(await res.arrayBuffer(), size);
  }
}

export class BaseLayer extends L.GridLayer {
  private view: View;
  private labelers!: Labelers;
  private rules!: ReturnType<typeof paintRules>;
  private land!: string;
  private scratch = document.createElement("canvas").getContext("2d")!;
  // More dots than two a pixel cost memory that cheap phones do not have.
  private density = Math.min(2, Math.max(1, window.devicePixelRatio));

  constructor(
    url: string,
    maxZoom: number,
    private lang: Lang,
    theme: Theme,
  ) {
    super({ keepBuffer: 1, updateWhenZooming: false, className: "base-tiles" });
    this.view = new View(new TileCache(new Source(url), 512), maxZoom, 1);
    this.dress(theme);
    this.on("tileunload", ({ tile }) => {
      const el = tile as unknown as Canvas;
      el.live = false;
      // Frees the pixels now, not when the garbage is collected.
      el.width = el.height = 0;
    });
  }

  /** Paints in another theme. */
  dress(theme: Theme): void {
    const p = palettes[theme];
    this.rules = paintRules(p);
    this.land = p.land;
    this.labelers = new Labelers(this.scratch, labelRules(p, this.lang, theme === "sun"), 24, (keys) => this.again(keys));
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

  // Paints tiles once more whose labels a neighbour has pushed away.
  private again(keys: Set<string>): void {
    for (const tile of this.tiles()) {
      const { x, y, z } = this.inner._wrapCoords(tile.coords);
      if (keys.has(`${x}:${y}:${z}`)) void this.render(tile.coords, tile.el as Canvas);
    }
  }

  private async render(shown: L.Coords, el: Canvas, attempt = 0): Promise<Error | undefined> {
    const coords = this.inner._wrapCoords(shown);
    let prepared: PreparedTile;
    try {
      prepared = await this.view.getDisplayTile(coords);
    } catch (err) {
      this.clear(el);
      if (el.live && attempt < TRIES) setTimeout(() => el.live && void this.render(shown, el, attempt + 1), PAUSE * (attempt + 1));
      return attempt === 0 ? undefined : (err as Error);
    }
    if (!el.live) return undefined;
    const data = new Map([["", [prepared]]]);
    const labelers = this.labelers;
    labelers.add(coords.z, data);
    const ctx = this.clear(el);
    const buffer = 16;
    const origin = new Point(256 * coords.x, 256 * coords.y);
    const box = { minX: origin.x - buffer, minY: origin.y - buffer, maxX: origin.x + 256 + buffer, maxY: origin.y + 256 + buffer };
    paint(ctx, coords.z, data, labelers.getIndex(coords.z) ?? null, this.rules, box, origin, false);
    return undefined;
  }

  private clear(el: Canvas): CanvasRenderingContext2D {
    const size = 256 * this.density;
    el.width = el.height = size;
    const ctx = el.getContext("2d")!;
    ctx.setTransform(this.density, 0, 0, this.density, 0, 0);
    ctx.fillStyle = this.land;
    ctx.fillRect(0, 0, 256, 256);
    return ctx;
  }
}

// What Leaflet's own tile layers use and its types leave out.
interface Inner {
  _tiles?: Record<string, { coords: L.Coords; el: HTMLElement }>;
  _wrapCoords(c: L.Coords): L.Coords;
}
