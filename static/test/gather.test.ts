import { describe, expect, it } from "vitest";
import type { Spot } from "../src/map/decode";
import { gather } from "../src/map/gather";

const spot = (id: string, kind = "station", count = 1, apart = 0): Spot => ({ id, kind, name: id, class: "", count, apart, x: 0, y: 0 });
const at = (s: Spot, x: number, y: number) => ({ spot: s, x, y });

describe("gather", () => {
  it("gives single places an icon where there is room, and a point where there is none", () => {
    const got = gather(15, [at(spot("a"), 0, 0), at(spot("b"), 10, 0), at(spot("c"), 100, 0)], []);
    expect(got.map((s) => [s.spot.id, s.form])).toEqual([["b", "small"], ["a", "icon"], ["c", "icon"]]);
  });

  it("keeps icons away from pins", () => {
    expect(gather(15, [at(spot("a"), 0, 0)], [{ x: 12, y: 12 }])[0]!.form).toBe("small");
  });

  it("shows every icon from near", () => {
    expect(gather(17, [at(spot("a"), 0, 0), at(spot("b"), 10, 0)], []).every((s) => s.form === "icon")).toBe(true);
  });

  it("puts counts together, by kind, where they touch", () => {
    const got = gather(10, [at(spot("", "station", 3, 13), 0, 0), at(spot("", "station", 5, 12), 20, 0), at(spot("a"), 10, 10), at(spot("", "charger", 4, 11), 5, 0), at(spot("b"), 300, 0)], []);
    expect(got.map((s) => [s.spot.kind, s.form, s.count, s.apart])).toEqual([
      ["station", "icon", 1, 0],
      ["station", "count", 9, 12],
      ["charger", "count", 4, 11],
    ]);
    // The two kinds in one spot keep apart.
    expect(Math.abs(got[1]!.y - got[2]!.y)).toBeGreaterThanOrEqual(32);
  });

  // Whatever lies where: nothing is lost, and counts of one kind keep apart.
  it("loses nobody", () => {
    let seed = 7;
    const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
    for (let round = 0; round < 40; round++) {
      const z = 8 + (round % 10);
      const list = Array.from({ length: 400 }, (_, i) => at(spot(`p${i}`, i % 3 ? "station" : "charger", random() < 0.3 ? 2 + Math.floor(random() * 50) : 1, 14), random() * 900, random() * 900));
      const got = gather(z, list, []);
      const sum = (kind: string, of: { spot: Spot; count?: number }[]) => of.filter((s) => s.spot.kind === kind).reduce((n, s) => n + (s.count ?? s.spot.count), 0);
      for (const kind of ["station", "charger"]) expect(sum(kind, got)).toBe(sum(kind, list));
      const counts = got.filter((s) => s.form === "count");
      const touching = counts.filter((a) => counts.some((b) => a !== b && a.spot.kind === b.spot.kind && Math.abs(a.x - b.x) < 48 && Math.abs(a.y - b.y) < 1));
      expect(touching).toEqual([]);
    }
  });

  it("takes thousands in a frame", () => {
    let seed = 3;
    const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
    const list = Array.from({ length: 20_000 }, (_, i) => at(spot(`p${i}`), random() * 1500, random() * 1000));
    const start = performance.now();
    const got = gather(14, list, []);
    const took = performance.now() - start;
    expect(got.length).toBe(list.length);
    // Tens of ms on this machine; a quadratic one would take minutes.
    expect(took).toBeLessThan(2000);
  });
});
