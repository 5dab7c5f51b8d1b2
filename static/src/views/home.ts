// The first screen: search, what to find, and the nearest of it.

import { Latest, Problem, api, reason, replaced } from "../api";
import type { App } from "../app";
import { fill, h, icon } from "../dom";
import { t } from "../i18n";
import type { Screen } from "../sheet";
import type { Mode } from "../types";
import { failure, segmented } from "./chips";
import { conditions, kindTabs } from "./filters";
import { kindName, nearestOf, placeRow } from "./rows";
import { SearchResults } from "./search";

const STEP = 20;
const MOST = 100;

export class Home implements Screen {
  readonly head: HTMLElement;
  readonly body: HTMLElement;
  readonly label: string;
  private list = h("ol", { class: "rows", "aria-busy": "true" });
  private summary = h("h1", { class: "summary", tabindex: -1 });
  private message = h("div");
  private below = h("div", { class: "list-foot" });
  private nearby: HTMLElement;
  private search: SearchResults;
  private input: HTMLInputElement;
  private latest = new Latest();
  private limit = STEP;
  /** Whether travel times are out of order, so that straight lines serve. */
  private lineOnly = false;

  constructor(private app: App) {
    const { store } = app;
    this.label = t("list");
    this.search = new SearchResults(app);
    this.input = h("input", {
      type: "search",
      class: "search-input",
      placeholder: t("searchHint"),
      "aria-label": t("search"),
      enterkeyhint: "search",
      autocomplete: "off",
      on: {
        focus: () => app.sheet.rest("full"),
        input: () => this.typed(),
        keydown: (e: KeyboardEvent) => {
          if (e.key === "Enter") (e.target as HTMLElement).blur();
          if (e.key === "Escape" && this.input.value) {
            e.stopPropagation();
            this.clear();
          }
        },
      },
    });
    this.head = h(
      "div",
      { class: "home-head" },
      h(
        "div",
        { class: "search-row" },
        h(
          "form",
          { class: "search", role: "search", on: { submit: (e: Event) => e.preventDefault() } },
          icon("search", 22),
          this.input,
          h("button", { type: "button", class: "icon-button clear", "aria-label": t("clear"), on: { click: () => this.clear() } }, icon("close", 20)),
        ),
        this.modes(),
      ),
      kindTabs(store),
    );
    this.nearby = h("div", { class: "nearby" }, conditions(store), this.summary, this.message, this.list, this.below);
    this.body = h("div", null, this.nearby, this.search.el);

    store.on(["me", "about", "kind", "facilities", "openNow", "mode"], () => {
      this.limit = STEP;
      this.load();
    });
    store.on(["view"], () => this.turn());
    this.turn();
    this.load();
    // "Closes in 20 min" is true for a minute.
    setInterval(() => this.draw(), 60_000);
  }

  private modes(): HTMLElement {
    const box = h("div", { class: "modes" });
    const draw = () =>
      fill(
        box,
        segmented<Mode>(
          "mode",
          t("mode"),
          (["foot", "bicycle", "ebike"] as Mode[]).map((m) => ({ value: m, text: t(m), icon: m, bare: true })),
          this.app.store.state.mode,
          (mode) => this.app.store.set({ mode }),
        ),
      );
    this.app.store.on(["mode"], () => {
      const chosen = box.querySelector<HTMLInputElement>(`input[value="${this.app.store.state.mode}"]`);
      if (chosen) chosen.checked = true;
    });
    draw();
    return box;
  }

  private typed(): void {
    const { nav, store } = this.app;
    const q = this.input.value.trim();
    if (store.state.view.name === "search") {
      if (q) nav.swap({ name: "search", q });
      else nav.back();
    } else if (q) nav.go({ name: "search", q });
  }

  private clear(): void {
    this.input.value = "";
    this.typed();
    this.input.focus();
  }

  // Shows the results of a search in the place of the list, or the list again.
  private turn(): void {
    const view = this.app.store.state.view;
    const searching = view.name === "search";
    if (view.name !== "search" && view.name !== "list") return;
    this.nearby.hidden = searching;
    this.search.el.hidden = !searching;
    this.head.classList.toggle("searching", searching);
    if (searching) {
      if (this.input.value.trim() !== view.q) this.input.value = view.q;
      this.search.find(view.q);
    } else this.input.value = "";
  }

  /** Asks for the nearest again. quiet: the data changed, keep all as it is. */
  async load(quiet = false): Promise<void> {
    const { store } = this.app;
    const at = store.origin();
    if (!at || !store.state.about) return;
    const { kind, facilities, openNow, mode } = store.state;
    const signal = this.latest.next();
    this.list.setAttribute("aria-busy", "true");
    try {
      const q = { at, kind, limit: this.limit, facilities, openNow };
      const answer = await this.ask(q, mode, signal);
      this.list.setAttribute("aria-busy", "false");
      this.message.replaceChildren();
      if (this.lineOnly) this.message.append(h("p", { class: "hint" }, t("lineOnly")));
      store.set({ found: answer.features });
      this.draw();
      if (!quiet) this.announce();
    } catch (err) {
      if (replaced(err)) return;
      this.list.setAttribute("aria-busy", "false");
      this.failed(reason(err));
    }
  }

  private async ask(q: Omit<Parameters<typeof api.nearest>[0], "by">, mode: Mode, signal: AbortSignal) {
    this.lineOnly = false;
    try {
      return await api.nearest({ ...q, by: mode }, signal);
    } catch (err) {
      // No street near, none loaded, or routing ran out of time: the straight
      // line still tells which is near.
      if (!(err instanceof Problem) || ![404, 501, 503, 504].includes(err.status)) throw err;
      const answer = await api.nearest({ ...q, by: "line" }, signal);
      this.lineOnly = true;
      return answer;
    }
  }

  /** Says that the list could not be had; an earlier answer stays. */
  failed(text: string): void {
    const earlier = this.app.store.state.found.length > 0;
    if (!earlier) this.list.replaceChildren();
    fill(
      this.message,
      failure(text, () => this.app.store.state.about ? void this.load() : location.reload(), earlier ? t("stale") : ""),
    );
  }

  private announce(): void {
    document.querySelector("#say")!.textContent = `${this.summary.textContent} ${t("found", { n: this.app.store.state.found.length })}`;
  }

  private draw(): void {
    const { store, nav } = this.app;
    const s = store.state;
    if (!s.about || this.list.getAttribute("aria-busy") === "true") return;
    const kind = kindName(s.kind, s);
    fill(
      this.summary,
      nearestOf(kind),
      h("span", { class: "from" }, t(!s.me ? "fromStart" : s.me.by === "device" ? "fromMe" : "fromTap")),
    );
    const focused = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>(".row")?.dataset.id;
    this.list.replaceChildren(
      ...s.found.map((f, i) => {
        const view = { name: "place" as const, id: f.properties.id };
        return placeRow(f, i + 1, nav.href(view), s, () => nav.go(view));
      }),
    );
    if (focused) this.focusRow(focused);
    fill(this.below);
    if (s.found.length === 0) {
      const narrowed = s.facilities.length > 0 || s.openNow;
      fill(
        this.below,
        h("div", { class: "empty" },
          h("p", null, t(s.about.kinds.find((k) => k.id === s.kind)?.count === 0 ? "noData" : "none", { kind })),
          narrowed && h("p", { class: "why" }, t("noneHint")),
          narrowed && h("button", { type: "button", class: "button", on: { click: () => store.set({ facilities: [], openNow: false }) } }, t("clearFilters")),
        ),
      );
    } else if (s.found.length === this.limit && this.limit < MOST) {
      fill(this.below, h("button", { type: "button", class: "button wide", on: { click: () => this.more() } }, t("showMore")));
    }
  }

  private more(): void {
    this.limit = Math.min(MOST, this.limit + 2 * STEP);
    void this.load();
  }

  /** Puts the focus on the row of a place, or on the summary. */
  focusRow(id: string): void {
    const row = this.list.querySelector<HTMLElement>(`.row[data-id="${CSS.escape(id)}"]`);
    (row ?? this.summary).focus({ preventScroll: !row });
  }
}
