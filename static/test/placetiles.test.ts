import { afterEach, describe, expect, it, vi } from "vitest";
import { PlaceTiles } from "../src/map/placetiles";

afterEach(() => vi.unstubAllGlobals());

/** Answers requests when told to; all of them are empty tiles. */
function server() {
  const asked: { url: string; cache: string | undefined; answer: (status?: number) => void }[] = [];
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => new Promise((done) => asked.push({ url, cache: init.cache, answer: (status = 204) => done({ status, ok: status < 300 }) })));
  return asked;
}

describe("the tiles of places", () => {
  it("are asked for once, however many want them", async () => {
    const asked = server();
    const tiles = new PlaceTiles("/p/{z}/{x}/{y}", 0, 14);
    const both = [tiles.get(14, 3, 4), tiles.get(14, 3, 4)];
    asked[0]!.answer();
    expect(await Promise.all(both)).toEqual([[], []]);
    expect(tiles.get(14, 3, 4)).toEqual([]);
    expect(asked.map((a) => a.url)).toEqual(["/p/14/3/4"]);
  });

  it("are asked for again after one failed", async () => {
    const asked = server();
    const tiles = new PlaceTiles("/p/{z}/{x}/{y}", 0, 14);
    const job = tiles.get(1, 0, 0);
    asked[0]!.answer(503);
    await expect(job).rejects.toThrow("503");
    void tiles.get(1, 0, 0);
    expect(asked.length).toBe(2);
  });

  it("are read anew after a change, past the browser's copies", async () => {
    const asked = server();
    const tiles = new PlaceTiles("/p/{z}/{x}/{y}", 0, 14);
    const old = tiles.get(1, 0, 0);
    tiles.refresh();
    const now = tiles.get(1, 0, 0);
    expect(asked.map((a) => a.cache)).toEqual([undefined, "no-cache"]);
    // The answer from before comes late and does not stand for the new one.
    asked[0]!.answer(503);
    await expect(old).rejects.toThrow();
    expect(tiles.get(1, 0, 0)).toBe(now);
    expect(tiles.version).toBe(1);
  });
});
