// The look of the page: as the system has it, or one that the rider chose.
// Sunlight is black on white with heavy lines, for a screen out of doors.

import { memory } from "./state";

export type Theme = "light" | "dark" | "sun";
export type Choice = Theme | "auto";

export const choices: Choice[] = ["auto", "light", "dark", "sun"];

const dark = matchMedia("(prefers-color-scheme: dark)");
const contrast = matchMedia("(prefers-contrast: more)");

/** What was chosen, auto where nothing was. */
export function choice(): Choice {
  const kept = memory.get("theme") as Choice | null;
  return kept && choices.includes(kept) ? kept : "auto";
}

/** The theme that is drawn. */
export function theme(): Theme {
  const c = choice();
  if (c !== "auto") return c;
  return contrast.matches ? "sun" : dark.matches ? "dark" : "light";
}

/** Keeps a choice and draws it. */
export function choose(c: Choice): void {
  memory.set("theme", c);
  apply();
}

/** Draws the theme, and again whenever the system changes. */
export function follow(changed: (t: Theme) => void): void {
  listener = changed;
  dark.addEventListener("change", apply);
  contrast.addEventListener("change", apply);
  apply();
}

let listener: (t: Theme) => void = () => {};

function apply(): void {
  const now = theme();
  document.documentElement.dataset.theme = now;
  const bar = getComputedStyle(document.documentElement).getPropertyValue("--surface").trim();
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", bar);
  listener(now);
}
