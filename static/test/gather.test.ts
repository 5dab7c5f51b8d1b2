import { describe, expect, it } from "vitest";
import type { Spot } from "../src/map/decode";
import { badgeBox, gather, meet, pinned } from "../src/map/gather";

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

  it("puts counts together where they touch, a row for each kind", () => {
    const got = gather(10, [at(spot("", "station", 3, 13), 0, 0), at(spot("", "station", 5, 12), 20, 0), at(spot("a"), 10, 10), at(spot("", "charger", 4, 11), 5, 0), at(spot("b"), 300, 0)], []);
    expect(got.map((s) => [s.form, s.rows.map((r) => `${r.kind} ${r.count}`), s.apart])).toEqual([
      ["icon", ["station 1"], 0],
      ["count", ["station 9", "charger 4"], 11],
    ]);
  });

  it("counts a place that a badge would lie on, and leaves its neighbour", () => {
    const got = gather(13, [at(spot("", "station", 3, 14), 0, 0), at(spot("a"), 30, 5), at(spot("b"), 90, 5)], []);
    expect(got.map((s) => [s.form, s.spot.id, s.rows[0]!.count])).toEqual([["icon", "b", 1], ["count", "", 4]]);
  });

  it("counts gates for one zoom more than places", () => {
    const forms = (z: number) => gather(z, [at(spot("a", "gate"), 0, 0), at(spot("b", "gate"), 20, 0)], []).map((s) => s.form);
    expect([forms(13), forms(14)]).toEqual([["count"], ["small", "small"]]);
  });

  // Whatever lies where: nothing is lost, and no badge lies on another.
  it("loses nobody", () => {
    let seed = 7;
    const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
    for (let round = 0; round < 40; round++) {
      const z = 8 + (round % 10);
      const list = Array.from({ length: 400 }, (_, i) => at(spot(`p${i}`, i % 3 ? "station" : "charger", random() < 0.3 ? 2 + Math.floor(random() * 50) : 1, 14), random() * 900, random() * 900));
      const got = gather(z, list, []);
      for (const kind of ["station", "charger"]) {
        const before = list.filter((s) => s.spot.kind === kind).reduce((n, s) => n + s.spot.count, 0);
        const after = got.flatMap((s) => s.rows).filter((r) => r.kind === kind).reduce((n, r) => n + r.count, 0);
        expect(after).toBe(before);
      }
      const boxes = got.filter((s) => s.form === "count").map(badgeBox);
      expect(boxes.filter((a) => boxes.some((b) => a !== b && meet(a, b)))).toEqual([]);
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

describe("pinned", () => {
  const forms = (z: number, list: [number, number][], badges: Parameters<typeof pinned>[2] = []) => pinned(z, list.map(([x, y]) => ({ x, y })), badges).map((m) => m.form);

  it("keeps pins apart, the first of the list first", () => {
    expect(forms(15, [[0, 0], [10, 10], [50, 0]])).toEqual(["pin", "point", "pin"]);
  });

  it("leaves out from afar what has no room", () => {
    expect(forms(12, [[0, 0], [10, 10], [50, 0]])).toEqual(["pin", "none", "pin"]);
  });

  it("hides no count", () => {
    const badges = gather(12, [at(spot("", "station", 7, 14), 0, 0)], []).map(badgeBox);
    expect(forms(12, [[0, 40], [20, 0], [0, 60]], badges)).toEqual(["none", "none", "pin"]);
  });

  it("says what a pin covers: mostly above its point", () => {
    const [{ box }] = pinned(15, [{ x: 100, y: 100 }]) as [{ box: { minY: number; maxY: number } }];
    expect(100 - box.minY).toBeGreaterThan(3 * (box.maxY - 100));
  });
});
