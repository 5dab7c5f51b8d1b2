// What every flow needs: the real binary serving its demo district, and a
// Chromium. Both are started once a file and ended by handle.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Browser, type BrowserContext, type BrowserContextOptions, type Page, chromium } from "playwright-core";

const root = resolve(import.meta.dirname, "../..");

/** The pictures that the READMEs show; they are kept where they are asked for. */
const shown = process.env.YIZHAN_PICTURES ? ["phone-list", "phone-way", "phone-sunlight", "desk-way", "desk-circles"] : [];

/** A phone held upright. */
export const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
  locale: "zh-CN",
  timezoneId: "Asia/Shanghai",
  colorScheme: "light",
};

/** A desk. */
export const desk: BrowserContextOptions = { viewport: { width: 1440, height: 900 }, locale: "zh-CN", timezoneId: "Asia/Shanghai", colorScheme: "light" };

export class Stage {
  private constructor(
    readonly origin: string,
    readonly browser: Browser,
    private server: ChildProcess,
    private folder: string,
  ) {}

  /** token is what the server asks of those who change something; without one
   *  nobody may. */
  static async set(token = ""): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), "yizhan-e2e-"));
    const binary = join(folder, "yizhan");
    execFileSync("go", ["build", "-o", binary, "./cmd/yizhan"], { cwd: root, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, CGO_ENABLED: "0" } });
    const server = spawn(binary, ["serve", "--listen", "127.0.0.1:0"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, YIZHAN_TOKEN: token },
    });
    const origin = await address(server);
    for (;;) {
      const ready = await fetch(`${origin}/readyz`).catch(() => null);
      if (ready?.ok) break;
      await new Promise((r) => setTimeout(r, 100));
    }
    const browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
    return new Stage(origin, browser, server, folder);
  }

  async strike(): Promise<void> {
    await this.browser.close();
    const gone = new Promise((r) => this.server.once("exit", r));
    this.server.kill("SIGTERM");
    await gone;
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A page at a path, and what went wrong on it. */
  async open(path: string, options: BrowserContextOptions = phone, prepare?: (c: BrowserContext, p: Page) => Promise<void>): Promise<Visit> {
    const context = await this.browser.newContext(options);
    const page = await context.newPage();
    const visit: Visit = { page, context, faults: [], foreign: [], requests: [] };
    page.on("pageerror", (e) => visit.faults.push(String(e)));
    page.on("console", (m) => {
      if (m.type() === "error" && !/Failed to load resource/.test(m.text())) visit.faults.push(m.text());
    });
    context.on("request", (r) => {
      visit.requests.push(r.url());
      if (!r.url().startsWith(this.origin) && !/^(data|blob):/.test(r.url())) visit.foreign.push(r.url());
    });
    await prepare?.(context, page);
    await page.goto(this.origin + path);
    return visit;
  }

  /** The middle of the map as lon,lat: a street between compounds, where the
   *  page's own start may be a station inside one. */
  async middle(): Promise<string> {
    const { bounds: [w, s, e, n] } = await this.api<{ bounds: [number, number, number, number] }>("/api/about");
    return `${((w + e) / 2).toFixed(5)},${((s + n) / 2).toFixed(5)}`;
  }

  /** An answer of the API, to compare the page with. */
  async api<T>(path: string): Promise<T> {
    const res = await fetch(this.origin + path);
    if (!res.ok) throw new Error(`${path}: ${res.status} ${await res.text()}`);
    return (await res.json()) as T;
  }
}

export interface Visit {
  page: Page;
  context: BrowserContext;
  /** Errors of scripts and of the security policy. */
  faults: string[];
  /** Requests that left the server. */
  foreign: string[];
  requests: string[];
}

/** Waits until the map stands and its tiles are painted. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector("html[data-map=ready]");
  await page.waitForSelector(".base-tiles canvas.leaflet-tile-loaded");
  await page.waitForLoadState("networkidle").catch(() => {});
  await page.waitForTimeout(700);
}

/** A picture for the READMEs, or one to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = resolve(import.meta.dirname, shown.includes(name) ? "../pictures" : "../test-results");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

async function address(server: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    let said = "";
    const read = (chunk: Buffer) => {
      said += chunk.toString();
      const m = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (m) done(m[0]);
    };
    server.stdout!.on("data", read);
    server.stderr!.on("data", read);
    server.once("exit", (code) => fail(new Error(`the server ended with ${code}: ${said}`)));
  });
}
