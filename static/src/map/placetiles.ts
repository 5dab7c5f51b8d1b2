// The tiles of places, asked for once for all who draw from them: the marks
// and, on the base map, the names.

import { type Spot, spots } from "./decode";

/** How many tiles are kept. */
const KEPT = 300;

export class PlaceTiles {
  private kept = new Map<string, Spot[] | Promise<Spot[]>>();
  private reads = 0;

  constructor(
    private url: string,
    readonly minZoom: number,
    readonly maxZoom: number,
  ) {}

  /** How often all was asked to be read again. */
  get version(): number {
    return this.reads;
  }

  /** Reads every tile again when it is next wanted: the places changed. */
  refresh(): void {
    this.kept.clear();
    this.reads++;
  }

  /** The places of a tile, in tiles of its zoom; at once where it is kept. A
   *  tile that fails is asked for again the next time. */
  get(z: number, x: number, y: number): Spot[] | Promise<Spot[]> {
    const key = `${z}/${x}/${y}`;
    const kept = this.kept.get(key);
    if (kept) return kept;
    // What was asked for before a refresh must not take the place of what was
    // asked for since.
    const mine = () => this.kept.get(key) === job;
    const job: Promise<Spot[]> = this.fetch(key, x, y).then(
      (list) => {
        if (mine()) this.kept.set(key, list);
        if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value!);
        return list;
      },
      (err: unknown) => {
        if (mine()) this.kept.delete(key);
        throw err;
      },
    );
    this.kept.set(key, job);
    return job;
  }

  private async fetch(key: string, x: number, y: number): Promise<Spot[]> {
    const [z] = key.split("/");
    const url = this.url.replace("{z}", z!).replace("{x}", String(x)).replace("{y}", String(y));
    // After a change the browser's own copies may be old.
    const res = await fetch(url, this.reads ? { cache: "no-cache" } : {});
    if (res.status === 204 || res.status === 404) return [];
    if (!res.ok) throw new Error(`tile ${key}: ${res.status}`);
    return spots(await res.arrayBuffer(), x, y);
  }
}
