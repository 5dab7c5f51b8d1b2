// The way between the planner's screens.

import type { App } from "../app";
import { h, icon } from "../dom";
import { t } from "../i18n";
import type { View } from "../url";
import { tp } from "../words/planner";

/** Circles, reach, closures: the one that is shown is marked. */
export function planTabs(app: App, shown: "plan" | "reach" | "closures"): HTMLElement {
  const tabs: [name: typeof shown, symbol: string, text: string, view: View][] = [
    ["plan", "ring", t("plan"), { name: "plan", radius: 500 }],
    ["reach", "foot", tp("reach"), { name: "reach", by: "foot" }],
    ["closures", "alert", tp("closures"), { name: "closures" }],
  ];
  return h(
    "nav",
    { class: "plan-tabs", "aria-label": tp("tabs") },
    tabs.map(([name, symbol, text, view]) =>
      h(
        "a",
        {
          class: "plan-tab",
          href: app.nav.href(view),
          "aria-current": name === shown ? "page" : null,
          on: { click: (e: Event) => (e.preventDefault(), name !== shown && app.nav.swap(view)) },
        },
        icon(symbol, 20),
        text,
      ),
    ),
  );
}
