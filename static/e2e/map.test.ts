// The map itself: what is drawn on it, what of that can be pressed, and what
// lies on top.

import type { Page } from "playwright-core";
import { PbfWriter } from "pbf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FeatureCollection } from "../src/types";
import { Stage, type Visit, desk, phone, settled } from "./stage";

const token = "e2e-token-0123456789";
let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set(token);
});
afterAll(() => stage.strike());

async function flow(path: string, run: (v: Visit) => Promise<void>, options = phone, prepare?: Parameters<Stage["open"]>[2]): Promise<void> {
  const visit = await stage.open(path, options, prepare);
  try {
    await run(visit);
    expect(visit.faults).toEqual([]);
  } finally {
    await visit.context.close();
  }
}

/** A tile of n stations in even rows, as the server writes them. */
function crowd(n: number, id: string): Buffer {
  const w = new PbfWriter();
  w.writeMessage(3, (_: unknown, layer: PbfWriter) => {
    layer.writeVarintField(15, 2);
    layer.writeStringField(1, "station");
    const side = Math.ceil(Math.sqrt(n));
    for (let i = 0; i < n; i++) {
      const [x, y] = [((i % side) + 0.5) / side, (Math.floor(i / side) + 0.5) / side].map((v) => Math.round(v * 4096));
      layer.writeMessage(
        2,
        (_f: unknown, f: PbfWriter) => {
          f.writePackedVarint(2, [0, 0, 1, i + 1]);
          f.writeVarintField(3, 1);
          f.writePackedVarint(4, [9, x! * 2, y! * 2]);
        },
        null,
      );
    }
    layer.writeStringField(3, "kind");
    layer.writeStringField(3, "id");
    layer.writeMessage(4, (_v: unknown, v: PbfWriter) => v.writeStringField(1, "station"), null);
    for (let i = 0; i < n; i++) layer.writeMessage(4, (_v: unknown, v: PbfWriter) => v.writeStringField(1, `demo:${id}/${i}`), null);
    layer.writeVarintField(5, 4096);
  }, null);
  return Buffer.from(w.finish());
}

const painted = (page: Page) =>
  page.evaluate(() => {
    const c = document.querySelector<HTMLCanvasElement>("canvas.crowd")!;
    if (!c.width) return 0;
    const d = c.getContext("2d")!.getImageData(0, 0, c.width, c.height).data;
    let n = 0;
    for (let i = 3; i < d.length; i += 4) if (d[i]! > 200) n++;
    return n;
  });

describe("thousands of places", () => {
  const busy: Parameters<Stage["open"]>[2] = async (_c, page) => {
    await page.route(/\/tiles\/places\/\d+\/\d+\/\d+/, (r) => {
      const id = /places\/(\d+\/\d+\/\d+)/.exec(r.request().url())![1]!;
      return r.fulfill({ contentType: "application/vnd.mapbox-vector-tile", body: crowd(2500, id) });
    });
  };

  it("are drawn, not made into elements, and each can be pressed", async () => {
    const [x, y] = (await stage.middle()).split(",");
    await flow(
      `/#/?c=${x},${y}&z=14`,
      async (v) => {
        await settled(v.page);
        await expect.poll(() => painted(v.page)).toBeGreaterThan(10_000);
        // The list's pins and the rider's mark.
        expect(await v.page.locator(".leaflet-marker-pane > *").count()).toBeLessThan(80);
        // Somewhere free of pins, under the mouse is a place and its name.
        const at = await v.page.evaluate(() => {
          for (let y = 120; y < 700; y += 7)
            for (let x = 700; x < 1200; x += 7) if (document.elementFromPoint(x, y)?.matches(".leaflet-container, .leaflet-container *:not(.mark *, .mark)")) return [x, y] as const;
          return null;
        });
        expect(at).not.toBeNull();
        await v.page.mouse.move(at![0], at![1]);
        await v.page.locator(".on-place").waitFor();
        await v.page.mouse.click(at![0], at![1]);
        await expect.poll(() => v.page.url()).toMatch(/#\/place\/demo%3A\d+%2F/);
      },
      desk,
      busy,
    );
  });

  it("leave the map fluent", async () => {
    const [x, y] = (await stage.middle()).split(",");
    await flow(
      `/#/?c=${x},${y}&z=14`,
      async (v) => {
        await settled(v.page);
        await v.page.evaluate(() => {
          const w = window as never as { frames: number[] };
          w.frames = [];
          let before = performance.now();
          const tick = (now: number) => (w.frames.push(now - before), (before = now), requestAnimationFrame(tick));
          requestAnimationFrame(tick);
        });
        await v.page.mouse.move(200, 300);
        await v.page.mouse.down();
        for (let i = 1; i <= 20; i++) await v.page.mouse.move(200 - 6 * i, 300 - 3 * i);
        await v.page.mouse.up();
        await v.page.waitForTimeout(600);
        const frames = await v.page.evaluate(() => (window as never as { frames: number[] }).frames.sort((a, b) => a - b));
        const middle = frames[frames.length >> 1]!;
        console.log(`thousands of places, ms a frame: median ${middle.toFixed(0)}, worst ${frames.at(-1)!.toFixed(0)}`);
        expect(middle).toBeLessThan(60);
      },
      phone,
      busy,
    );
  });
});

describe("marks", () => {
  it("show pin 1 even where the rider stands", async () => {
    const center = await stage.middle();
    const near = await stage.api<FeatureCollection>(`/api/nearest?at=${center}&kind=station&limit=1`).catch(() => null);
    const first = near?.features[0] ?? (await stage.api<FeatureCollection>(`/api/search?q=${encodeURIComponent("驿站")}&near=${center}&limit=1`)).features[0]!;
    const at = first.geometry!.coordinates as [number, number];
    await flow(`/#/?c=${at[0]},${at[1]}&z=17&at=${at[0]},${at[1]}`, async (v) => {
      await settled(v.page);
      const pin = v.page.locator('.mark[aria-label^="1 "] .pin');
      await pin.waitFor();
      const box = (await pin.boundingBox())!;
      const top = await v.page.evaluate(([x, y]) => document.elementFromPoint(x!, y!)?.closest(".mark")?.getAttribute("aria-label") ?? "", [box.x + box.width / 2, box.y + box.height / 2]);
      expect(top).toMatch(/^1 /);
      const me = (await v.page.locator(".me-mark").boundingBox())!;
      expect(Math.hypot(me.x + me.width / 2 - box.x - box.width / 2, me.y + me.height / 2 - box.y - box.height / 2)).toBeLessThan(30);
    });
  });

  it("paint the tiles anew when the theme changes", async () => {
    await flow("/", async (v) => {
      await settled(v.page);
      const look = () =>
        v.page.evaluate(() => {
          const c = [...document.querySelectorAll<HTMLCanvasElement>(".base-tiles canvas")].find((t) => t.width)!;
          return [...c.getContext("2d")!.getImageData(0, 0, c.width, c.height).data].reduce((a, b) => a + b, 0);
        });
      const seen = new Set([await look()]);
      for (const theme of ["深色", "强光"]) {
        await v.page.getByRole("button", { name: "更多", exact: true }).click();
        await v.page.locator("dialog label", { hasText: theme }).click();
        await v.page.keyboard.press("Escape");
        await expect.poll(async () => seen.has(await look())).toBe(false);
        seen.add(await look());
      }
    });
  });
});

describe("a change of one place", () => {
  it("asks for the tiles of places alone, each once", async () => {
    const center = await stage.middle();
    const [lon, lat] = center.split(",").map(Number) as [number, number];
    await flow(`/#/?c=${center}&z=16`, async (v) => {
      await settled(v.page);
      const before = v.requests.length;
      const res = await fetch(`${stage.origin}/api/places`, {
        method: "POST",
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
        body: JSON.stringify({ type: "Feature", geometry: { type: "Point", coordinates: [lon + 0.0004, lat + 0.0004] }, properties: { kind: "station", name: "新开的驿站" } }),
      });
      expect(res.status, await res.text()).toBe(201);
      const tiles = () => v.requests.slice(before).filter((u) => u.includes("/tiles/")).map((u) => u.replace(/.*\/tiles\//, ""));
      await expect.poll(() => tiles().length).toBeGreaterThan(0);
      await v.page.locator('.mark[aria-label*="新开的驿站"]').waitFor();
      await v.page.waitForTimeout(1000);
      expect(tiles().filter((u) => !u.startsWith("places/"))).toEqual([]);
      expect(tiles()).toEqual([...new Set(tiles())]);
    });
  });
});

describe("from afar", () => {
  it("counts are read: one badge a spot, and nothing on it", async () => {
    const center = await stage.middle();
    for (const z of [10, 12])
      await flow(`/#/?c=${center}&z=${z}&layers=charger,bus_stop`, async (v) => {
        await settled(v.page);
        await v.page.locator(".cluster").first().waitFor();
        const boxes = await v.page.evaluate(() =>
          [...document.querySelectorAll(".cluster, .mark .pin, .place-dot")].map((el) => {
            const { left, top, right, bottom } = el.getBoundingClientRect();
            return { of: el.className, left, top, right, bottom };
          }),
        );
        for (const a of boxes.filter((b) => b.of.startsWith("cluster")))
          for (const b of boxes) if (a !== b) expect(a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top, `${a.of} and ${b.of} at zoom ${z}`).toBe(false);
        // Every place is in one of the counts.
        const { kinds } = await stage.api<{ kinds: { id: string; count: number }[] }>("/api/about");
        for (const kind of ["charger", "bus_stop"]) {
          const shown = await v.page.locator(`.cluster > .kind-${kind}`).allTextContents();
          expect(shown.reduce((n, s) => n + Number(s), 0)).toBe(kinds.find((k) => k.id === kind)!.count);
        }
      });
  });
});
