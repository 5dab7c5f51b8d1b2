// What every view is handed: the state, the ways to move, the map once it has
// loaded, and a voice.

import type { MapView } from "./map/map";
import type { Sheet } from "./sheet";
import type { Navigator, Store } from "./state";

export interface App {
  store: Store;
  nav: Navigator;
  sheet: Sheet;
  /** The map, null until its script has arrived. */
  map: MapView | null;
  /** What is closed has changed: all that depends on it is asked for anew. */
  changed(): void;
  /** Says a line to eyes and screen readers, with one action beside it. */
  tell(text: string, action?: { label: string; run: () => void }): void;
}
