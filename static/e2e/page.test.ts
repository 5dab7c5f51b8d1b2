// The page as a whole: languages, themes, planner, embedding, failures,
// accessibility, and the pictures of the README.

import axe from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Coverage, Feature, FeatureCollection } from "../src/types";
import { Stage, type Visit, desk, phone, picture, settled } from "./stage";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set();
});
afterAll(() => stage.strike());

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

const building = async () => {
  const center = await stage.middle();
  const found = await stage.api<FeatureCollection>(`/api/search?q=${encodeURIComponent("9号楼")}&near=${center}&limit=20`);
  return found.features.find((f) => f.properties.kind === "building")!.properties.id;
};

describe("languages", () => {
  it("speaks English by ?lang and by the browser, and turns", async () => {
    for (const [path, locale] of [
      ["/?lang=en", "zh-CN"],
      ["/", "en-US"],
    ] as const) {
      await flow(
        path,
        async (v) => {
          await v.page.locator(".summary", { hasText: "Nearest rest stations" }).waitFor();
          expect(await v.page.locator("html").getAttribute("lang")).toBe("en");
          expect(await v.page.locator(".conditions label").first().innerText()).toBe("Open now");
        },
        { ...phone, locale },
      );
    }
    await flow("/?lang=en", async (v) => {
      await settled(v.page);
      await v.page.getByRole("button", { name: "More", exact: true }).click();
      await v.page.locator("dialog label", { hasText: "中文" }).click();
      await v.page.locator(".summary", { hasText: "最近的驿站" }).waitFor();
    });
  });

  it("hears the server's errors in the language of the page", async () => {
    await flow("/?lang=en#/place/demo%3Anothing", async (v) => {
      await v.page.getByRole("alert").getByText("find it with /api/search").waitFor();
    });
  });
});

describe("themes", () => {
  it("follows the system, and keeps a choice", async () => {
    await flow(
      "/",
      async (v) => {
        const theme = () => v.page.locator("html").getAttribute("data-theme");
        await settled(v.page);
        expect(await theme()).toBe("dark");
        // How light the tiles are, 0 to 255.
        const land = () =>
          v.page.evaluate(() => {
            const tiles = [...document.querySelectorAll<HTMLCanvasElement>(".base-tiles canvas")];
            const light = tiles.map((c) => {
              const d = c.getContext("2d")!.getImageData(0, 0, c.width, c.height).data;
              let sum = 0;
              for (let i = 0; i < d.length; i += 4) sum += d[i + 1]!;
              return sum / (d.length / 4);
            });
            return light.reduce((a, b) => a + b, 0) / light.length;
          });
        expect(await land()).toBeLessThan(80);
        await v.page.getByRole("button", { name: "更多", exact: true }).click();
        await v.page.locator("dialog label", { hasText: "强光" }).click();
        expect(await theme()).toBe("sun");
        await expect.poll(land).toBeGreaterThan(200);
        await v.page.reload();
        await v.page.waitForSelector(".nearby .row");
        expect(await theme()).toBe("sun");
      },
      { ...phone, colorScheme: "dark" },
    );
  });
});

describe("the planner's circles", () => {
  it("counts who lies outside, and flies there", async () => {
    await flow("/", async (v) => {
      await settled(v.page);
      await v.page.getByRole("button", { name: "更多", exact: true }).click();
      await v.page.getByRole("button", { name: "服务圈" }).click();
      for (const radius of [300, 1000, 500]) {
        await v.page.locator(".screen label", { hasText: `${radius} m` }).click();
        const want = await stage.api<Coverage>(`/api/coverage?radius=${radius}&kind=station`);
        const card = v.page.locator(".share").nth(1);
        await card.getByText(`圈内 ${want.buildings.inside} · 圈外 ${want.buildings.outside}`).waitFor();
        await expect.poll(() => v.page.url()).toContain(`/plan/${radius}`);
      }
      await v.page.locator(".screen label", { hasText: "300 m" }).click();
      const outside = v.page.locator(".content .row");
      await outside.first().waitFor();
      // The circles are painted: some pixel of their pane is not clear.
      const painted = () =>
        v.page.evaluate(() => {
        const c = document.querySelector<HTMLCanvasElement>(".leaflet-circles-pane canvas")!;
        return c.getContext("2d")!.getImageData(0, 0, c.width, c.height).data.some((x) => x > 0);
      });
      await expect.poll(painted).toBe(true);
      const before = v.page.url();
      await outside.first().click();
      await expect.poll(() => v.page.url()).not.toBe(before);
      await expect.poll(() => v.page.url()).toContain("z=17");
    });
  });
});

describe("embedding", () => {
  it("gives a line to copy that shows the present view", async () => {
    await flow("/", async (v) => {
      await settled(v.page);
      await v.page.getByRole("button", { name: "更多", exact: true }).click();
      await v.page.getByRole("button", { name: "嵌入网页" }).click();
      const line = await v.page.locator("dialog textarea").inputValue();
      const src = /src="([^"]+)"/.exec(line)![1]!.replace(/&amp;/g, "&");
      expect(line).toMatch(/^<iframe .*<\/iframe>$/);
      expect(src).toMatch(/\/embed\?center=[\d.]+,[\d.]+&zoom=16&kinds=station,gate&lang=zh$/);
      await v.page.goto(src);
      await settled(v.page);
      await v.page.locator("summary", { hasText: "最近的驿站" }).click();
      await v.page.locator(".card .row").first().click();
      await v.page.locator(".card .chip").waitFor();
      const full = await v.page.getByRole("link", { name: "打开完整地图" }).getAttribute("href");
      expect(full).toMatch(/#\/place\//);
      expect(await v.page.locator("#sheet").count()).toBe(0);
    });
  });

  it("works inside another site's page", async () => {
    const { center } = await stage.api<{ center: number[] }>("/api/about");
    const visit = await stage.open("/healthz", desk);
    try {
      await visit.page.setContent(`<iframe src="${stage.origin}/embed?center=${center}&zoom=15&kinds=charger&lang=en" width="600" height="400"></iframe>`);
      const frame = visit.page.frameLocator("iframe");
      await frame.locator("summary", { hasText: "Nearest charging points" }).waitFor();
      await frame.locator(".cluster, .place-dot, .pin").first().waitFor();
    } finally {
      await visit.context.close();
    }
  });
});

describe("when the net fails", () => {
  it("keeps the list, says so, and comes back", async () => {
    await flow("/", async (v) => {
      await settled(v.page);
      await v.context.setOffline(true);
      await v.page.locator(".conditions label", { hasText: "热水" }).click();
      const alert = v.page.getByRole("alert");
      await alert.getByText("连不上服务器").waitFor();
      await alert.getByText("下面是之前的结果").waitFor();
      expect(await v.page.locator(".nearby .row").count()).toBeGreaterThan(5);
      await v.context.setOffline(false);
      await alert.getByRole("button", { name: "再试一次" }).click();
      await expect.poll(() => alert.count()).toBe(0);
      await v.page.waitForSelector(".nearby .row .fac.wanted");
    });
  });

  it("opens with the advice of a server that refuses", async () => {
    await flow(
      "/",
      async (v) => {
        await v.page.getByRole("alert").getByText("数据正在载入，请稍等。").waitFor();
        await v.page.unroute("**/api/nearest*");
        await v.page.getByRole("button", { name: "再试一次" }).click();
        await v.page.waitForSelector(".nearby .row");
      },
      phone,
      async (_c, page) => {
        await page.route("**/api/nearest*", (r) => r.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ status: 503, detail: "数据正在载入，请稍等。" }) }));
      },
    );
  });

  it("orders by straight line where travel times are not to be had", async () => {
    await flow(
      "/",
      async (v) => {
        await v.page.getByText("现在算不出路程").waitFor();
        expect(await v.page.locator(".nearby .row").count()).toBe(20);
        expect(await v.page.locator(".row-time").count()).toBe(0);
      },
      phone,
      async (_c, page) => {
        await page.route("**/api/nearest*by=ebike*", (r) => r.fulfill({ status: 503, contentType: "application/problem+json", body: "{}" }));
      },
    );
  });
});

describe("hostile data", () => {
  it("stays text", async () => {
    const name = `<img src=x onerror="document.title='owned'">驿站`;
    await flow(
      "/",
      async (v) => {
        await v.page.locator(".row-name", { hasText: "<img src=x" }).first().click();
        await v.page.getByRole("heading", { name }).waitFor();
        await settled(v.page);
        expect(await v.page.title()).not.toBe("owned");
        expect(await v.page.locator("img").count()).toBe(0);
        expect(await v.page.locator(".facts a[href^='javascript']").count()).toBe(0);
      },
      phone,
      async (_c, page) => {
        const spoil = (f: Feature) => Object.assign(f.properties, { name, names: {}, website: "javascript:alert(1)", note: name });
        await page.route("**/api/nearest*", async (r) => {
          const res = await r.fetch();
          const body = (await res.json()) as FeatureCollection;
          body.features.forEach(spoil);
          await r.fulfill({ response: res, json: body });
        });
        await page.route("**/api/places/*", async (r) => {
          const res = await r.fetch();
          const body = (await res.json()) as Feature;
          spoil(body);
          await r.fulfill({ response: res, json: body });
        });
      },
    );
  });
});

describe("live", () => {
  it("asks again when the server says that the data changed", async () => {
    await flow(
      "/",
      async (v) => {
        await settled(v.page);
        await expect.poll(() => v.requests.filter((u) => u.includes("/api/nearest")).length).toBe(2);
      },
      phone,
      async (_c, page) => {
        let once = true;
        await page.route("**/api/events", (r) => {
          const body = once ? 'event: change\ndata: {"version":"next","layers":["station"]}\n\n' : ": quiet\n\n";
          once = false;
          return r.fulfill({ contentType: "text/event-stream", body });
        });
      },
    );
  });
});

describe("accessibility", () => {
  /** What axe holds against a page, the minor left out. */
  async function faults(page: Page): Promise<string[]> {
    // Through the debugger, which the page's security policy does not bind.
    await page.evaluate(axe.source);
    const result = await page.evaluate(() => (window as never as { axe: typeof axe }).axe.run(document, { resultTypes: ["violations"] }));
    return result.violations.filter((x) => x.impact !== "minor").flatMap((x) => x.nodes.map((n) => `${x.impact} ${x.id}: ${n.target.join(" ")} ${n.failureSummary ?? ""}`));
  }

  const stations = async () => (await stage.api<FeatureCollection>("/layers/station.geojson?limit=1")).features[0]!.properties.id;
  const compounds = async () => (await stage.api<FeatureCollection>("/layers/compound.geojson?limit=1")).features[0]!.properties.id;
  const screens: [name: string, path: () => Promise<string>][] = [
    ["the list", async () => "/"],
    ["an empty list", async () => "/#/?f=battery_swap,legal_aid,tools,meal,fridge,health_check"],
    ["gates", async () => "/#/?kind=gate"],
    ["a station", async () => `/#/place/${encodeURIComponent(await stations())}`],
    ["a compound", async () => `/#/place/${encodeURIComponent(await compounds())}`],
    ["a way", async () => `/#/route/${encodeURIComponent(await building())}?at=${await stage.middle()}`],
    ["circles", async () => "/#/plan/300"],
    ["search", async () => `/#/search/${encodeURIComponent("小区")}`],
    ["the embedded map", async () => "/embed?kinds=station,charger"],
  ];
  it.each(screens)("finds nothing against %s in any theme", async (_name, path) => {
    await flow(await path(), async (v) => {
      await settled(v.page);
      for (const theme of ["light", "dark", "sun"]) {
        await v.page.evaluate((t) => (document.documentElement.dataset.theme = t), theme);
        // Colours fade over.
        await v.page.waitForTimeout(100);
        expect((await faults(v.page)).map((f) => `${theme}: ${f}`)).toEqual([]);
      }
    });
  });

  it("finds nothing against the dialogs", async () => {
    await flow("/", async (v) => {
      await settled(v.page);
      for (const name of ["更多", "地图上显示"]) {
        await v.page.getByRole("button", { name, exact: true }).click();
        await v.page.waitForSelector("dialog[open]");
        expect(await faults(v.page)).toEqual([]);
        await v.page.keyboard.press("Escape");
        await expect.poll(() => v.page.locator("dialog").count()).toBe(0);
      }
    });
  });

  it("has targets of 44 px", async () => {
    await flow("/", async (v) => {
      await settled(v.page);
      const small = await v.page.evaluate(() =>
        [...document.querySelectorAll("button, .row, .tab, .toggle, .segmented label, .leaflet-marker-icon:has(.pin)")]
          .filter((el) => el.getClientRects().length > 0)
          .map((el) => ({ what: el.className || el.textContent, box: el.getBoundingClientRect() }))
          .filter(({ what, box }) => what !== "handle" && (box.width < 43.5 || box.height < 39.5))
          .map(({ what, box }) => `${String(what)} ${box.width}×${box.height}`),
      );
      expect(small).toEqual([]);
    });
  });

  it("is still where motion is not wanted", async () => {
    await flow(
      "/",
      async (v) => {
        await settled(v.page);
        expect(await v.page.evaluate(() => getComputedStyle(document.querySelector("#sheet")!).transitionDuration)).toBe("0s");
      },
      { ...phone, reducedMotion: "reduce" },
    );
  });
});

describe("pictures", () => {
  // Noon of a working day, so that the pictures say the same at any hour.
  const noon = new Date("2026-11-25T12:10:00+08:00");

  it.each([
    ["phone-list", "/", phone, "light"],
    ["phone-dark", "/", phone, "dark"],
    ["phone-sunlight", "/", phone, "sun"],
    ["desk-list", "/", desk, "light"],
    ["phone-circles", "/#/plan/300", phone, "light"],
    ["desk-circles", "/#/plan/300", desk, "light"],
  ] as const)("%s", async (name, path, options, theme) => {
    await flow(
      path,
      async (v) => {
        await settled(v.page);
        await picture(v.page, name);
      },
      options,
      async (c) => void (await c.addInitScript((t) => localStorage.setItem("yizhan.theme", t), theme)),
    );
  });

  it("a station, and the way to a building", async () => {
    const id = await building();
    await flow("/", async (v) => {
      await settled(v.page);
      await v.page.locator(".nearby .row").first().click();
      await v.page.getByRole("button", { name: "带我去" }).waitFor();
      await settled(v.page);
      await picture(v.page, "phone-station");
    });
    for (const [name, options] of [["phone-way", phone], ["desk-way", desk]] as const) {
      await flow(
        `/#/route/${encodeURIComponent(id)}/${encodeURIComponent(noon.toISOString())}?at=${await stage.middle()}`,
        async (v) => {
          await v.page.waitForSelector(".option");
          await settled(v.page);
          await picture(v.page, name);
        },
        options,
      );
    }
  });

  it("an embedded map", async () => {
    await flow("/embed?zoom=15&kinds=station,charger", async (v) => {
      await settled(v.page);
      await v.page.locator("summary").click();
      await picture(v.page, "embed");
    }, { ...desk, viewport: { width: 900, height: 560 } });
  });
});
