// Which kinds of places there are anything of.

import type { About } from "./types";

/** The kind a page begins with: the one asked for, stations, or, in a city
 *  without any, the first kind there is. index.html chooses the same early. */
export function beginWith(about: Pick<About, "kinds">, asked = ""): string {
  if (asked) return asked;
  const some = about.kinds.filter((k) => k.count > 0);
  return (some.find((k) => k.id === "station") ?? some[0])?.id ?? "station";
}

/** The kinds worth offering: those with places, and the chosen one. With no
 *  places at all everything is offered, to show what there could be. */
export function offered(about: Pick<About, "kinds"> | null, chosen: string): About["kinds"] {
  const all = about?.kinds ?? [];
  const some = all.filter((k) => k.count > 0 || k.id === chosen);
  return all.every((k) => k.count === 0) ? all : some;
}
