// Results of a search by name, as one types.

import { Latest, api, reason, replaced } from "../api";
import type { App } from "../app";
import { fill, h } from "../dom";
import { t } from "../i18n";
import type { Feature } from "../types";
import { middle } from "../types";
import { failure } from "./chips";
import { kindName, placeRow } from "./rows";

/** How long to wait for the next key before asking, in ms. */
const PAUSE = 180;

export class SearchResults {
  readonly el = h("div", { class: "results" });
  private list = h("ol", { class: "rows" });
  private message = h("div", { "aria-live": "polite" });
  private latest = new Latest();
  private timer = 0;
  private asked = "";

  constructor(private app: App) {
    this.el.append(h("h1", { class: "summary" }, t("results")), this.message, this.list);
  }

  /** Looks for q after a short pause; the earlier results stay till then. */
  find(q: string): void {
    if (q === this.asked) return;
    this.asked = q;
    clearTimeout(this.timer);
    this.latest.stop();
    if (!q) {
      fill(this.message, h("p", { class: "hint" }, t("searchStart")));
      this.list.replaceChildren();
      return;
    }
    this.timer = window.setTimeout(() => void this.ask(q), PAUSE);
  }

  private async ask(q: string): Promise<void> {
    const { store } = this.app;
    const near = store.origin() ?? store.state.center ?? [0, 0];
    try {
      const { features } = await api.search(q, near, this.latest.next());
      fill(this.message, features.length === 0 && h("p", { class: "hint" }, t("noResults", { q })));
      this.list.replaceChildren(...features.map((f) => this.row(f)));
    } catch (err) {
      if (replaced(err)) return;
      fill(this.message, failure(reason(err), () => void this.ask(q)));
    }
  }

  private row(f: Feature): HTMLElement {
    const { store, nav } = this.app;
    const p = f.properties;
    // A street has no page of its own: the map goes there.
    const street = p.kind === "street" && f.geometry;
    const view = street ? { name: "point" as const, at: middle(f.geometry!) } : { name: "place" as const, id: p.id };
    const shown = { ...f, properties: { ...p, context: p.context ?? kindName(p.kind, store.state) } };
    return placeRow(shown, null, nav.href(view), store.state, () => nav.go(view));
  }
}
