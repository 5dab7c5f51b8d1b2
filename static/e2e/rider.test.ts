// What a rider does, on a phone, against the real server.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FeatureCollection, type Routes } from "../src/types";
import { Stage, type Visit, desk, phone, settled } from "./stage";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set();
});
afterAll(() => stage.strike());

/** Runs a flow on a fresh page; nothing may go wrong, nothing may leave the server. */
async function flow(path: string, run: (v: Visit) => Promise<void>, options = phone): Promise<void> {
  const visit = await stage.open(path, options);
  try {
    await run(visit);
    expect(visit.faults).toEqual([]);
    expect(visit.foreign).toEqual([]);
  } finally {
    await visit.context.close();
  }
}

const names = (v: Visit) => v.page.locator(".nearby .row-name").allInnerTexts();

interface Center {
  center: [number, number];
}

describe("the list", () => {
  it("opens with the nearest stations, as the server ranks them", async () => {
    await flow("/", async (v) => {
      await v.page.waitForSelector(".nearby .row");
      const { center } = await stage.api<Center>("/api/about");
      const want = await stage.api<FeatureCollection>(`/api/nearest?at=${center.map((x) => x.toFixed(5))}&kind=station&limit=20&by=ebike`);
      expect(await names(v)).toEqual(want.features.map((f) => f.properties.name));
      expect(await v.page.locator(".nearby .row").first().innerText()).toMatch(/(营业中|已打烊|时间未知)[\s\S]*\d+ 分钟|\d+ 分钟[\s\S]*(营业中|已打烊|时间未知)/);
      expect(await v.page.locator("#demo").innerText()).toBe("演示数据：虚构街区");
      // The document asked early; the script did not ask again.
      expect(v.requests.filter((u) => u.includes("/api/nearest")).length).toBe(1);
      expect(v.requests.filter((u) => u.endsWith("/api/about")).length).toBeLessThan(2);
    });
  });

  it("keeps only stations where every chosen facility is", async () => {
    await flow("/", async (v) => {
      const chip = (name: string) => v.page.locator(".conditions label", { hasText: name });
      await v.page.waitForSelector(".nearby .row");
      for (const name of ["热水", "微波炉"]) {
        const answer = v.page.waitForResponse((r) => r.url().includes("/api/nearest"));
        await chip(name).click();
        const body = (await (await answer).json()) as FeatureCollection;
        expect(body.features.length).toBeGreaterThan(0);
      }
      await expect.poll(() => v.page.url()).toContain("f=hot_water,microwave");
      const { center } = await stage.api<Center>("/api/about");
      const want = await stage.api<FeatureCollection>(`/api/nearest?at=${center.map((x) => x.toFixed(5))}&kind=station&limit=20&by=ebike&facility=hot_water&facility=microwave`);
      for (const f of want.features) expect(f.properties.facilities).toEqual(expect.arrayContaining(["hot_water", "microwave"]));
      await expect.poll(() => names(v)).toEqual(want.features.map((f) => f.properties.name));
      expect(await v.page.locator(".nearby .row .fac.wanted").first().innerText()).toBe("热水");
    });
  });

  it("shows only open ones when asked, and says what to do where there are none", async () => {
    await flow("/#/?f=hot_water,microwave,fridge,legal_aid,battery_swap,tools,meal,health_check,reading&open=now", async (v) => {
      await v.page.getByText("附近没有符合条件的驿站").waitFor();
      await v.page.getByRole("button", { name: "清除条件" }).click();
      await v.page.waitForSelector(".nearby .row");
      await v.page.locator(".conditions label", { hasText: "现在开门" }).click();
      await expect.poll(async () => (await v.page.locator(".nearby .row .chip").allInnerTexts()).every((s) => s.includes("营业中"))).toBe(true);
    });
  });

  it("lists other kinds, with verdicts for gates", async () => {
    await flow("/", async (v) => {
      await v.page.waitForSelector(".nearby .row");
      await v.page.locator(".kinds label", { hasText: "出入口" }).click();
      await v.page.locator(".summary", { hasText: "最近的出入口" }).waitFor();
      expect(await v.page.locator(".nearby .row .chip").first().innerText()).toMatch(/可以进|登记可进|不确定|进不去/);
      expect(await v.page.locator(".conditions label").count()).toBe(1);
    });
  });

  it("orders by the way of travelling", async () => {
    await flow("/", async (v) => {
      await v.page.waitForSelector(".nearby .row");
      const answer = v.page.waitForResponse((r) => r.url().includes("by=foot"));
      await v.page.locator('.modes input[value="foot"]').check();
      const body = (await (await answer).json()) as FeatureCollection;
      const times = body.features.map((f) => f.properties.duration_s!);
      expect([...times].sort((a, b) => a - b)).toEqual(times);
      await expect.poll(() => names(v)).toEqual(body.features.map((f) => f.properties.name));
    });
  });
});

describe("the map", () => {
  it("starts from where it is pressed long, and takes it back", async () => {
    await flow("/", async (v) => {
      await settled(v.page);
      const before = await names(v);
      // A long press is a context menu to the page.
      await v.page.mouse.click(60, 60, { button: "right" });
      await v.page.locator("#toast", { hasText: "起点已改到这里" }).waitFor();
      await expect.poll(() => v.page.url()).toMatch(/at=\d/);
      await v.page.locator(".summary .from", { hasText: "从选定的起点算" }).waitFor();
      await expect.poll(() => names(v)).not.toEqual(before);
      await v.page.getByRole("button", { name: "撤销" }).click();
      await expect.poll(() => names(v)).toEqual(before);
    });
  });

  it("starts from a tapped point, or goes there", async () => {
    await flow(`/#/?at=${await stage.middle()}`, async (v) => {
      await settled(v.page);
      await v.page.touchscreen.tap(95, 250);
      await v.page.getByRole("heading", { name: "地图上的点" }).waitFor();
      expect(await v.page.getByRole("button", { name: "带我去" }).count()).toBe(1);
      await v.page.locator("#sheet").getByRole("button", { name: "我在这里" }).click();
      await v.page.locator(".summary .from", { hasText: "从选定的起点算" }).waitFor();
    });
  });

  it("offers the middle of the map as a start once that has moved away", async () => {
    await flow("/", async (v) => {
      await settled(v.page);
      expect(await v.page.locator("#from-here").isVisible()).toBe(false);
      await v.page.evaluate(() => (document.querySelector("#map") as HTMLElement).focus());
      for (let i = 0; i < 6; i++) {
        await v.page.keyboard.press("ArrowUp");
        await v.page.waitForTimeout(350);
      }
      await v.page.locator("#from-here").click();
      await v.page.locator(".summary .from", { hasText: "从选定的起点算" }).waitFor();
    });
  });

  it("locates where the browser allows it", async () => {
    const { center } = await stage.api<Center>("/api/about");
    await flow(
      "/",
      async (v) => {
        await settled(v.page);
        await v.page.getByRole("button", { name: "我的位置" }).click();
        await v.page.locator(".summary .from", { hasText: "从我的位置算" }).waitFor();
        // What the device says is nobody else's business.
        expect(v.page.url()).not.toContain("at=");
      },
      { ...phone, permissions: ["geolocation"], geolocation: { longitude: center[0] + 0.003, latitude: center[1] } },
    );
  });

  it("says how to go on where the browser refuses", async () => {
    await flow("/", async (v) => {
      await settled(v.page);
      await v.page.getByRole("button", { name: "我的位置" }).click();
      await v.page.getByText("在地图上长按一下").first().waitFor();
    });
  });
});

describe("a station", () => {
  it("opens from the list, takes the focus, and gives it back", async () => {
    await flow(`/#/?at=${await stage.middle()}`, async (v) => {
      await settled(v.page);
      const row = v.page.locator(".nearby .row").first();
      const name = await row.locator(".row-name").innerText();
      await row.click();
      await v.page.getByRole("heading", { name, level: 1 }).waitFor();
      expect(await v.page.evaluate(() => document.activeElement?.textContent)).toBe(name);
      for (const word of ["设施", "开放时间", "地址", "数据来源"]) await v.page.getByText(word, { exact: true }).first().waitFor();
      expect(await v.page.locator(".week dt").first().innerText()).toContain("周一");
      expect(await v.page.locator('a[href^="tel:"]').count()).toBeGreaterThan(0);
      await v.page.keyboard.press("Escape");
      await v.page.waitForSelector(".nearby .row");
      await expect.poll(() => v.page.evaluate(() => (document.activeElement as HTMLElement).querySelector?.(".row-name")?.textContent)).toBe(name);
    });
  });

  it("comes back from its link, and the back button retraces", async () => {
    const { center } = await stage.api<Center>("/api/about");
    const near = await stage.api<FeatureCollection>(`/api/nearest?at=${center}&limit=3`);
    const p = near.features[2]!.properties;
    await flow(`/#/place/${encodeURIComponent(p.id)}?c=${center}&z=17&f=hot_water&by=foot`, async (v) => {
      await v.page.getByRole("heading", { name: p.name, level: 1 }).waitFor();
      await settled(v.page);
      await expect.poll(() => v.page.url()).toContain("z=17");
      expect(v.page.url()).toContain("f=hot_water");
      await v.page.getByRole("button", { name: "带我去" }).click();
      await v.page.getByRole("heading", { name: `去${p.name}` }).waitFor();
      await v.page.goBack();
      await v.page.getByRole("heading", { name: p.name, level: 1 }).waitFor();
    });
  });

  it("is told from a marker on the map too", async () => {
    await flow("/", async (v) => {
      await settled(v.page);
      const pin = v.page.locator(".mark:has(.pin)").first();
      expect(await pin.getAttribute("aria-label")).toMatch(/^\d+ .+(营业中|已打烊|时间未知)/);
      await pin.focus();
      await v.page.keyboard.press("Enter");
      await v.page.getByRole("button", { name: "带我去" }).waitFor();
    });
  });

  it("answers an id that is gone with the server's advice", async () => {
    await flow("/#/place/demo%3Anothing", async (v) => {
      await v.page.getByRole("alert").getByText("请用 /api/search 查找").waitFor();
      await v.page.getByRole("button", { name: "再试一次" }).waitFor();
    });
  });
});

describe("the way", () => {
  /** A building inside a compound, as far from the centre as the search gives. */
  async function inside(): Promise<{ id: string; name: string }> {
    const center = await stage.middle();
    const found = await stage.api<FeatureCollection>(`/api/search?q=${encodeURIComponent("3号楼")}&near=${center}&limit=20`);
    return found.features.find((f) => f.properties.kind === "building")!.properties;
  }

  /** The answer that the page was given. */
  async function routed(v: Visit): Promise<Routes> {
    await v.page.waitForSelector(".option");
    const url = v.requests.find((u) => u.includes("/api/route"))!;
    return stage.api<Routes>(url.slice(stage.origin.length));
  }

  it("leads to a building through a gate, with a verdict and a reason each", async () => {
    const { id } = await inside();
    await flow(`/#/route/${encodeURIComponent(id)}?at=${await stage.middle()}`, async (v) => {
      const answer = await routed(v);
      await settled(v.page);
      expect(answer.options.some((o) => o.gate)).toBe(true);
      const options = v.page.locator(".option");
      expect(await options.count()).toBe(answer.options.length);
      expect(await options.first().innerText()).toMatch(/(可以进|登记可进|不确定)[\s\S]*/);
      expect(await options.first().innerText()).toMatch(/\d+ 分钟[\s\S]*\d\d:\d\d 到/);
      expect(await v.page.locator(".gate-mark.main").count()).toBe(1);
      expect(await v.page.locator("path.way.line").count()).toBe(answer.options[0]!.legs.length);
      expect(await v.page.locator(".steps .step").count()).toBe(answer.options[0]!.legs.flatMap((l) => l.steps).length);
      // Another gate, another line.
      const line = await v.page.locator("path.way.line").first().getAttribute("d");
      await v.page.locator(".option").nth(1).click();
      await expect.poll(() => v.page.locator("path.way.line").first().getAttribute("d")).not.toBe(line);
    });
  });

  it("puts closed gates last and says when they open", async () => {
    const center = await stage.middle();
    // Before dawn some gate is shut: find a compound of which that holds.
    const compounds = await stage.api<FeatureCollection>("/layers/compound.geojson?limit=60");
    const depart = "2026-11-25T03:00:00+08:00";
    for (const c of compounds.features) {
      const r = await stage.api<Routes>(`/api/route?from=${center}&to=${encodeURIComponent(c.properties.id)}&by=ebike&depart=${encodeURIComponent(depart)}&limit=5`);
      const shut = r.options.filter((o) => o.verdict === "closed" && o.opens);
      if (shut.length === 0 || shut.length === r.options.length) continue;
      await flow(`/#/route/${encodeURIComponent(c.properties.id)}/${encodeURIComponent(depart)}?by=ebike&at=${center}`, async (v) => {
        await v.page.waitForSelector(".option");
        await v.page.getByText("这个时间进不去的门").waitFor();
        const texts = await v.page.locator(".option").allInnerTexts();
        const passable = r.options.length - r.options.filter((o) => o.verdict === "closed").length;
        expect(texts.map((s) => s.includes("进不去"))).toEqual(r.options.map((_, i) => i >= passable));
        expect(texts.join()).toMatch(/进不去\s*· .*\d\d:\d\d 开门/);
        expect(await v.page.locator(".time-input").inputValue()).toBe("2026-11-25T03:00");
      });
      return;
    }
    throw new Error("no compound of the demo has a gate that is shut at 03:00");
  });

  it("shows and reads the time of departure on the map's clocks, wherever the browser is", async () => {
    const { id } = await inside();
    await flow(
      `/#/route/${encodeURIComponent(id)}?at=${await stage.middle()}`,
      async (v) => {
        await v.page.waitForSelector(".option");
        const answer = v.page.waitForResponse((r) => r.url().includes("/api/route") && r.url().includes("depart=2026"));
        await v.page.locator(".depart label", { hasText: "选时间" }).click();
        const local = (at: number) => new Date(at + 8 * 3_600_000).toISOString().slice(0, 16);
        const shown = await v.page.locator(".time-input").inputValue();
        expect([local(Date.now()), local(Date.now() - 60_000)]).toContain(shown);
        expect(await v.page.locator(".clock").innerText()).toContain("Asia/Shanghai");
        await v.page.locator(".time-input").fill("2026-11-25T12:30");
        expect(decodeURIComponent((await answer).url())).toContain("depart=2026-11-25T12:30:00+08:00");
        await expect.poll(() => v.page.locator(".time-input").inputValue()).toBe("2026-11-25T12:30");
      },
      { ...phone, timezoneId: "UTC" },
    );
  });

  it("hands over to other map apps in their datum, and asks none of them", async () => {
    const { id } = await inside();
    await flow(`/#/route/${encodeURIComponent(id)}?by=foot&at=${await stage.middle()}`, async (v) => {
      const answer = await routed(v);
      const gate = answer.options[0]!.gate!;
      const amap = v.page.getByRole("link", { name: "高德地图" });
      await amap.waitFor();
      const to = new URL((await amap.getAttribute("href"))!).searchParams.get("to")!.split(",").map(Number);
      const want = await stage.api<{ geometry: { coordinates: [number, number] } }>(`/api/places/${encodeURIComponent(gate.id)}?datum=gcj02`);
      expect(to[0]).toBeCloseTo(want.geometry.coordinates[0], 5);
      expect(to[1]).toBeCloseTo(want.geometry.coordinates[1], 5);
      expect(Math.abs(to[0]! - gate.point[0])).toBeGreaterThan(0.001);
    });
  });
});

describe("search", () => {
  it("finds a compound and tells of its gates", async () => {
    const compounds = await stage.api<FeatureCollection>("/layers/compound.geojson?limit=1");
    const name = compounds.features[0]!.properties.name;
    await flow("/", async (v) => {
      await settled(v.page);
      await v.page.getByRole("searchbox").fill(name);
      const row = v.page.locator(".results .row", { hasText: name }).first();
      await row.click();
      await v.page.getByRole("heading", { name, level: 1 }).waitFor();
      await v.page.waitForSelector(".gate-row");
      expect(await v.page.locator(".gate-row .chip").first().innerText()).toMatch(/可以进|登记可进|不确定|进不去/);
      await v.page.waitForSelector(".gate-mark");
      await v.page.waitForSelector("path.outline");
    });
  });

  it("says what was not found", async () => {
    await flow("/", async (v) => {
      await v.page.waitForSelector(".nearby .row");
      await v.page.getByRole("searchbox").fill("霍格沃茨魔法学校");
      await v.page.getByText("没有找到").waitFor();
      await v.page.getByRole("button", { name: "清除" }).click();
      await v.page.waitForSelector(".nearby .row:visible");
    });
  });
});

describe("the sheet", () => {
  it("rests at three heights by drag, click and keys", async () => {
    await flow("/", async (v) => {
      await settled(v.page);
      const sheet = v.page.locator("#sheet");
      const at = () => sheet.getAttribute("data-detent");
      expect(await at()).toBe("half");
      const drag = async (by: number) => {
        const box = (await v.page.locator(".handle").boundingBox())!;
        await v.page.mouse.move(195, box.y + 12);
        await v.page.mouse.down();
        for (let i = 1; i <= 8; i++) await v.page.mouse.move(195, box.y + 12 + (by * i) / 8);
        await v.page.waitForTimeout(60);
        await v.page.mouse.up();
        await v.page.waitForTimeout(300);
      };
      await drag(-320);
      expect(await at()).toBe("full");
      await drag(330);
      expect(await at()).toBe("half");
      await drag(220);
      expect(await at()).toBe("peek");
      // Even then the nearest one is in sight.
      const row = (await v.page.locator(".nearby .row-name").first().boundingBox())!;
      expect(row.y + row.height).toBeLessThan(844);
      await v.page.locator(".handle").focus();
      await v.page.keyboard.press("ArrowUp");
      expect(await at()).toBe("half");
      await v.page.keyboard.press("ArrowUp");
      expect(await at()).toBe("full");
    });
  });

  it("is a panel beside the map on a wide screen", async () => {
    await flow(
      "/",
      async (v) => {
        await settled(v.page);
        const box = (await v.page.locator("#sheet").boundingBox())!;
        expect(box.x).toBeLessThan(20);
        expect(box.width).toBeLessThan(450);
        expect(box.height).toBeGreaterThan(850);
      },
      desk,
    );
  });
});
