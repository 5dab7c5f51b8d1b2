// The dialogs of the map's buttons: layers, look, language, embedding.

import type { App } from "../app";
import { h, icon } from "../dom";
import { language, say, t } from "../i18n";
import { offered } from "../kinds";
import { choice, choices, choose } from "../theme";
import { lonlat } from "../url";
import { segmented } from "./chips";
import { copy, dialogOf } from "./copy";

/** Which kinds the map shows beside the one listed. */
export function layersDialog(app: App): void {
  const { store } = app;
  const { about, kind } = store.state;
  const rows = offered(about, kind).map((k) => {
    const box = h("input", {
      type: "checkbox",
      checked: k.id === kind || store.state.layers.includes(k.id),
      disabled: k.id === kind,
      on: {
        change: () => store.set({ layers: box.checked ? [...store.state.layers, k.id] : store.state.layers.filter((x) => x !== k.id) }),
      },
    });
    return h("label", { class: "check" }, box, h("span", { class: `dot kind-${k.id}`, "aria-hidden": "true" }, icon(k.id, 18)), h("span", null, say(k.name)), h("span", { class: "count" }, k.count));
  });
  dialogOf(t("layers"), h("div", { class: "checks" }, rows)).showModal();
}

const themeWords = { auto: "themeAuto", light: "themeLight", dark: "themeDark", sun: "themeSun" } as const;

/** Look, language, planner, embedding. */
export function moreDialog(app: App): void {
  const dialog = dialogOf(
    t("more"),
    h("h3", null, icon("theme", 20), t("theme")),
    segmented("theme", t("theme"), choices.map((c) => ({ value: c, text: t(themeWords[c]) })), choice(), (c) => choose(c)),
    h("h3", null, icon("globe", 20), t("language")),
    segmented("lang", t("language"), [{ value: "zh", text: "中文" }, { value: "en", text: "English" }], language(), (l) => {
      const url = new URL(location.href);
      url.searchParams.set("lang", l);
      location.href = url.href;
    }),
    h(
      "div",
      { class: "menu" },
      item("ring", t("plan"), () => (dialog.close(), app.nav.go({ name: "plan", radius: 500 }))),
      item("alert", t("closuresMenu"), () => (dialog.close(), app.nav.go({ name: "closures" }))),
      item("code", t("embed"), () => (dialog.close(), embedDialog(app))),
      item("share", t("copyLink"), () => (dialog.close(), void copy(location.href, app))),
      h("a", { class: "menu-item", href: "/docs" }, icon("info"), t("apiDocs")),
    ),
  );
  dialog.showModal();
}

function item(symbol: string, text: string, run: () => void): HTMLElement {
  return h("button", { type: "button", class: "menu-item", on: { click: run } }, icon(symbol), text);
}

/** The line that puts the present view into another site. */
function snippet(origin: string, center: [number, number], zoom: number, kinds: string[], lang: string, title: string): string {
  const src = `${origin}/embed?center=${lonlat(center)}&zoom=${Math.round(zoom)}&kinds=${kinds.join(",")}&lang=${lang}`;
  const attr = (s: string) => s.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
  return `<iframe src="${attr(src)}" title="${attr(title)}" width="100%" height="480" style="border:0" loading="lazy"></iframe>`;
}

function embedDialog(app: App): void {
  const s = app.store.state;
  const center = s.center ?? s.about?.center ?? [0, 0];
  const kinds = [s.kind, ...s.layers.filter((k) => k !== s.kind)];
  const line = snippet(location.origin, center, s.zoom ?? 16, kinds, language(), say(s.about?.name) || t("title"));
  const field = h("textarea", { class: "copy-field", rows: 7, readonly: true, "aria-label": t("embed") }, line);
  dialogOf(
    t("embed"),
    h("p", null, t("embedLead")),
    field,
    h("button", { type: "button", class: "button primary", on: { click: () => void copy(line, app) } }, t("copy")),
  ).showModal();
}
