// What a guard's office closes and a rider sees of it; how far one really gets.

import axe from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ClosureFeature, ClosureRequest, FeatureCollection, Reached, Routes } from "../src/types";
import { Stage, type Visit, desk, phone, settled } from "./stage";

const token = "a-token-of-the-tests";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set(token);
});
afterAll(() => stage.strike());
afterEach(async () => {
  for (const f of await closures()) await change("DELETE", `/${f.id}`);
});

async function change(method: string, path = "", body?: ClosureRequest): Promise<Response> {
  const res = await fetch(`${stage.origin}/api/closures${path}`, { method, headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }, ...(body ? { body: JSON.stringify(body) } : {}) });
  if (!res.ok) throw new Error(`${res.status} ${await res.text()}`);
  return res;
}

const closures = async () => (await stage.api<{ features: ClosureFeature[] }>("/api/closures")).features;

async function flow(path: string, run: (v: Visit) => Promise<void>, options = phone, prepare?: Parameters<Stage["open"]>[2]): Promise<void> {
  const visit = await stage.open(path, options, prepare);
  try {
    await run(visit);
    expect(visit.faults).toEqual([]);
    expect(visit.foreign).toEqual([]);
  } finally {
    await visit.context.close();
  }
}

/** What axe holds against a page in each theme, the minor left out. */
async function faults(page: Page): Promise<string[]> {
  const all: string[] = [];
  for (const theme of ["light", "dark", "sun"]) {
    await page.evaluate((t) => (document.documentElement.dataset.theme = t), theme);
    const result = await page.evaluate(() => (window as never as { axe: typeof axe }).axe.run(document, { resultTypes: ["violations"] }));
    all.push(...result.violations.filter((x) => x.impact !== "minor").flatMap((x) => x.nodes.map((n) => `${theme} ${x.id}: ${n.target.join(" ")} ${n.failureSummary ?? ""}`)));
  }
  return all;
}

/** A compound into which two open gates lead, and the way there. */
async function twoGates(): Promise<{ id: string; from: string; routes: Routes }> {
  const from = await stage.middle();
  const { features } = await stage.api<FeatureCollection>("/layers/compound.geojson?limit=60");
  for (const c of features) {
    const routes = await stage.api<Routes>(`/api/route?from=${from}&to=${encodeURIComponent(c.properties.id)}&by=ebike&limit=5`);
    if (routes.options.filter((o) => o.gate && o.verdict !== "closed").length >= 2) return { id: c.properties.id, from, routes };
  }
  throw new Error("no compound of the demo has two gates that let an e-bike in");
}

/** Where the map shows a place; the middle of what the sheet leaves free. */
async function middleOf(page: Page): Promise<{ x: number; y: number }> {
  return page.evaluate(() => {
    const of = (name: string) => parseFloat(getComputedStyle(document.documentElement).getPropertyValue(name));
    return { x: (innerWidth + of("--left")) / 2, y: (innerHeight - of("--covered")) / 2 };
  });
}

describe("a gate that the office closes", () => {
  it("turns the rider to another gate with the reason, until it is taken back", async () => {
    const { id, from, routes } = await twoGates();
    const gate = routes.options[0]!.gate!;
    const why = `<img src=x onerror="document.title='owned'">消防演练`;
    const rider = await stage.open(`/#/route/${encodeURIComponent(id)}?by=ebike&at=${from}`);
    await rider.page.waitForSelector("html[data-map=ready]");
    await rider.page.waitForSelector(".option");
    const first = () => rider.page.locator(".option").first().innerText();
    expect(await first()).toContain(gate.name);
    // With nothing closed nothing is fetched to draw it.
    expect(rider.requests.filter((u) => /\/assets\/(closed|planning)-/.test(u))).toEqual([]);

    await flow(
      `/#/closures?c=${gate.point}&z=18`,
      async (v) => {
        await v.page.getByText("现在没有任何封闭").waitFor();
        await v.page.getByRole("button", { name: "登记封闭" }).click();
        await settled(v.page);
        // The gate that the link brought into the middle.
        const at = await middleOf(v.page);
        await v.page.mouse.click(at.x, at.y);
        await v.page.locator(".picked", { hasText: gate.name }).waitFor();
        await v.page.getByLabel("原因").fill(why);
        // Without the token the server's own words, and how to get one.
        const submit = v.page.getByRole("button", { name: "封闭", exact: true });
        await submit.click();
        await v.page.getByRole("alert").getByText("修改需要令牌").waitFor();
        await v.page.getByRole("alert").getByText("YIZHAN_TOKEN").waitFor();
        expect(await v.page.evaluate(() => (document.activeElement as HTMLInputElement).name)).toBe("token");
        await v.page.keyboard.type("a-wrong-token-令牌");
        await v.page.keyboard.press("Enter");
        await v.page.getByRole("alert").getByText("令牌不对").waitFor();
        await v.page.getByLabel("令牌").fill(token);
        await submit.click();
        await v.page.locator("#toast", { hasText: "已封闭。对 1 个门有效" }).waitFor();
        expect(await v.page.evaluate(() => [sessionStorage.getItem("yizhan.token"), JSON.stringify(localStorage), location.href].join())).toMatch(new RegExp(`^${token},(?!.*${token})`));

        // The rider's page hears of it: the other gate, and the reason as text.
        await rider.page.locator("#toast", { hasText: "路线已重新算过" }).waitFor();
        await expect.poll(first).toContain(routes.options.find((o) => o.gate && o.gate.id !== gate.id && o.verdict !== "closed")!.gate!.name);
        const shut = rider.page.locator(".option.is-closed", { hasText: "临时封闭" });
        expect(await shut.innerText()).toContain(`恢复时间未定：${why}`);
        const sign = rider.page.locator(".mark:has(.sign)");
        expect(await sign.getAttribute("aria-label")).toContain(why);
        await sign.focus();
        await rider.page.keyboard.press("Enter");
        await rider.page.locator(".content .closure-why", { hasText: "消防演练" }).waitFor();
        await rider.page.locator(".closure-name", { hasText: gate.name }).waitFor();
        expect(await rider.page.locator("img").count()).toBe(0);
        expect(await rider.page.title()).not.toBe("owned");
        await rider.page.goBack();
        await rider.page.waitForSelector(".option");

        const row = v.page.locator(".closure-row");
        expect(await row.innerText()).toContain(why);
        expect(await v.page.locator("img").count()).toBe(0);
        await row.getByRole("button", { name: /^撤销/ }).click();
        await v.page.locator("dialog").getByRole("button", { name: "保留" }).click();
        expect((await closures()).length).toBe(1);
        await row.getByRole("button", { name: /^撤销/ }).click();
        await v.page.locator("dialog").getByRole("button", { name: "撤销", exact: true }).click();
        await v.page.getByText("现在没有任何封闭").waitFor();
        expect(await closures()).toEqual([]);
      },
      desk,
    );
    await expect.poll(first).toContain(gate.name);
    await expect.poll(() => rider.page.locator(".sign").count()).toBe(0);
    expect([rider.faults, rider.foreign]).toEqual([[], []]);
    await rider.context.close();
  });

  it("is said on a server that nobody may change", async () => {
    await flow(
      "/#/close",
      async (v) => {
        await v.page.locator("option", { hasText: "门" }).first().waitFor({ state: "attached" });
        await v.page.getByRole("button", { name: "封闭", exact: true }).click();
        await v.page.getByRole("alert").getByText("还没有选门").waitFor();
        await v.page.getByLabel("地图中间附近的门").selectOption({ index: 1 });
        await v.page.locator(".picked", { hasText: "已选" }).waitFor();
        await v.page.getByRole("button", { name: "封闭", exact: true }).click();
        await v.page.getByRole("alert").getByText("没有设置令牌，谁也不能修改").waitFor();
        await v.page.getByRole("alert").getByText("还没有设令牌").waitFor();
      },
      phone,
      async (_c, page) => {
        await page.route("**/api/closures", (r) => (r.request().method() === "POST" ? r.fulfill({ status: 403, contentType: "application/problem+json", body: JSON.stringify({ status: 403, detail: "没有设置令牌，谁也不能修改。" }) }) : r.continue()));
      },
    );
  });
});

describe("a street and an area", () => {
  it("are closed by taps and by keys, for some, for a time", async () => {
    await flow(
      `/#/close?c=${await stage.middle()}&z=17`,
      async (v) => {
        await v.page.waitForSelector("html[data-map=ready]");
        await v.page.locator("label", { hasText: "一片区域" }).click();
        for (const [x, y] of [[120, 120], [260, 120], [260, 300]] as const) await v.page.touchscreen.tap(x, y);
        await v.page.locator(".picked", { hasText: "已有 3 点" }).waitFor();
        // The fourth without the map: its middle.
        await v.page.getByRole("button", { name: "加上地图中间的点" }).press("Enter");
        await v.page.locator(".picked", { hasText: "已有 4 点 · 区域已围好" }).waitFor();
        await v.page.getByRole("button", { name: "去掉最后一点" }).press("Enter");
        expect(await v.page.locator(".corner").count()).toBe(3);
        await v.page.locator(".modes-field label", { hasText: "步行" }).click();
        await v.page.getByLabel("到不填").fill("2099-01-01T08:00");
        await v.page.getByLabel("令牌").fill(token);
        await v.page.getByRole("button", { name: "封闭", exact: true }).click();
        const row = v.page.locator(".closure-row");
        await row.waitFor();
        expect(await row.innerText()).toMatch(/一片区域[\s\S]*封闭中\s+· 到 2099-01-01 08:00[\s\S]*自行车、电动车 · 对 \d+ 段路/);
        const [made] = await closures();
        expect(made!.properties).toMatchObject({ modes: ["bicycle", "ebike"], to: "2099-01-01T08:00:00+08:00" });
        await v.page.waitForSelector("path.closure");
        // Inside the hatching a tap tells of it.
        await v.page.getByRole("button", { name: "关闭" }).click();
        await v.page.waitForSelector(".nearby .row");
        const box = (await v.page.locator("path.closure").boundingBox())!;
        await v.page.touchscreen.tap(box.x + box.width * 0.9, box.y + box.height * 0.2);
        await v.page.locator(".closed-note", { hasText: "这里在临时封闭的区域内" }).click();
        await v.page.getByText("没有写原因").waitFor();
      },
      { ...phone, timezoneId: "UTC" },
    );

    await flow(`/#/close?c=${await stage.middle()}&z=17`, async (v) => {
      await v.page.waitForSelector("html[data-map=ready]");
      await v.page.locator("label", { hasText: "一段路" }).click();
      await v.page.getByRole("button", { name: "用地图中间的点" }).press("Enter");
      await v.page.locator("label", { hasText: "开放" }).click();
      await v.page.getByLabel("令牌").fill(token);
      await v.page.getByLabel("令牌").press("Enter");
      await v.page.locator("#toast", { hasText: "已开放。对 1 段路有效" }).waitFor();
      await v.page.locator(".sign.is-open").waitFor();
    }, desk);
  });
});

describe("the real reach", () => {
  const areas = (v: Visit) => v.page.locator(".reach-area").allInnerTexts();

  it("is drawn beside its circle, and changes with the mode", async () => {
    const at = await stage.middle();
    await flow(
      "/#/plan/500",
      async (v) => {
        await v.page.waitForSelector("html[data-map=ready]");
        await v.page.getByRole("link", { name: "实际范围" }).click();
        await v.page.getByText("点地图选一点").first().waitFor();
        await v.page.getByLabel("出发点").selectOption({ index: 1 });
        await v.page.waitForSelector("path.reach-2");
        await expect.poll(() => v.page.url()).toMatch(/#\/reach\/[\d.]+%2C[\d.]+\/foot/);
        // The same answer as the server's, the largest below.
        const from = decodeURIComponent(/reach\/([^/]+)\//.exec(v.page.url())![1]!);
        const { features } = await stage.api<{ features: Reached[] }>(`/api/isochrone?at=${from}&by=foot&minutes=5,10,15`);
        expect(await areas(v)).toEqual(features.map((f) => `${(f.properties.area_m2! / 1e6).toFixed(2)} km²`));
        expect(await v.page.locator("path.reach").evaluateAll((l) => l.map((p) => [...p.classList].find((c) => c.startsWith("reach-"))))).toEqual(["reach-2", "reach-1", "reach-0"]);
        expect(await v.page.locator(".reach-label").allInnerTexts()).toEqual(["15 分钟", "10 分钟", "5 分钟", "直线 1.2 km 的圆"]);
        await v.page.getByText(/画成圆有 4.52 km²；沿路实际到得了/).waitFor();
        const walked = await areas(v);
        await v.page.locator(".reach-controls label", { hasText: "自行车" }).click();
        await expect.poll(() => areas(v)).not.toEqual(walked);
        expect(parseFloat((await areas(v))[2]!)).toBeGreaterThan(parseFloat(walked[2]!));
        await v.page.locator(".reach-row", { hasText: "15 分钟" }).click();
        await expect.poll(() => v.page.locator("path.reach").count()).toBe(2);
        // Another point is a press away, and the middle of the map a key.
        const before = v.page.url();
        await v.page.mouse.click(900, 500);
        await expect.poll(() => v.page.url()).not.toBe(before);
        await v.page.getByRole("button", { name: "用地图中间的点" }).press("Enter");
        // The link brings it back.
        await v.page.reload();
        await v.page.waitForSelector("path.reach-2");
      },
      desk,
    );
    // Far from any street: honest words, nothing stale on the map.
    const [x, y] = at.split(",").map(Number) as [number, number];
    await flow(`/#/reach/${(x + 0.027).toFixed(5)},${y}/foot?c=${x + 0.4},${y}&z=14`, async (v) => {
      await v.page.getByText("离路太远").waitFor();
      await v.page.waitForSelector("path.reach");
      await v.page.evaluate((p) => history.replaceState(null, "", `#/reach/${p}/foot`), `${x + 0.4},${y}`);
      await v.page.reload();
      await v.page.getByText("没有步行可走的路").waitFor();
      expect(await v.page.locator("path.reach").count()).toBe(0);
    });
  });
});

describe("accessibility", () => {
  it("finds nothing against the new screens in any theme, and has targets of 44 px", async () => {
    const at = await stage.middle();
    await change("POST", "", { state: "closed", street: at.split(",").map(Number) as [number, number], reason: "道路施工" });
    const { features } = await stage.api<FeatureCollection>("/layers/gate.geojson?limit=1");
    const res = await change("POST", "", { state: "open", gate: features[0]!.properties.id, from: "2098-01-01T00:00:00+08:00", reason: "早高峰" });
    const { id } = (await res.json()) as ClosureFeature;
    await flow(`/#/closure/${id}`, async (v) => {
      await v.page.waitForSelector("html[data-map=ready]");
      await v.page.evaluate(axe.source);
      const screens: [ready: string, next: () => Promise<void>][] = [
        [".facts", () => v.page.getByRole("button", { name: "全部封闭" }).click()],
        [".closure-row", () => v.page.getByRole("button", { name: "登记封闭" }).click()],
        ["option:nth-child(2)", () => v.page.goBack().then(() => v.page.getByRole("link", { name: "实际范围" }).click())],
        [".reach-controls", () => v.page.getByRole("button", { name: "用地图中间的点" }).click()],
        [".reach-legend", () => Promise.resolve()],
      ];
      for (const [ready, next] of screens) {
        await v.page.waitForSelector(ready, { state: "attached" });
        expect((await faults(v.page)).map((f) => `${ready} ${f}`)).toEqual([]);
        const small = await v.page.evaluate(() =>
          [...document.querySelectorAll("#sheet button, #sheet a, #sheet label, #sheet select, #sheet .field-input")]
            .filter((el) => el.getClientRects().length > 0)
            .map((el) => ({ what: `${el.className} ${el.textContent}`, box: el.getBoundingClientRect() }))
            .filter(({ what, box }) => !what.startsWith("handle") && (box.width < 43.5 || box.height < 43.5))
            .map(({ what, box }) => `${what} ${box.width}×${box.height}`),
        );
        expect(small).toEqual([]);
        await next();
      }
    });
  });
});
