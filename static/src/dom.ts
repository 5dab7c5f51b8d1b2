// Elements without innerHTML: every string becomes a text node, so a hostile
// name in the data stays a name.

import { paths } from "./icons";

type Child = Node | string | number | null | undefined | false | Child[];
type Props = Record<string, unknown> & { on?: Record<string, (e: any) => void> };

/** Makes an element: `class`, attributes, `on: {event: handler}`, children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props?: Props | null,
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag);
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "on") {
      for (const [event, fn] of Object.entries(value as Record<string, EventListener>)) el.addEventListener(event, fn);
    } else if (key === "value" || key === "checked" || key === "disabled" || key === "hidden") {
      (el as any)[key] = value;
    } else el.setAttribute(key, value === true ? "" : String(value));
  }
  add(el, children);
  return el;
}

function add(el: Element, children: Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) add(el, child);
    else el.append(child instanceof Node ? child : String(child));
  }
}

/** Puts children in the place of all that el holds. */
export function fill(el: Element, ...children: Child[]): void {
  el.replaceChildren();
  add(el, children);
}

const SVG = "http://www.w3.org/2000/svg";

/** A 24 px line icon. It says nothing to screen readers: put words beside it. */
export function icon(name: string, size = 24): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("width", String(size));
  svg.setAttribute("height", String(size));
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", paths[name] ?? paths.dot!);
  svg.append(path);
  return svg;
}
