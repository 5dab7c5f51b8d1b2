// Changes of the data as the server tells them.

/** Layers that the base map is drawn from. */
const BASE = ["base", "street", "compound", "building"];

/** What of the map is out of date after a change of layers; none named: it is
 *  not known which, so everything. */
export function stale(layers: readonly string[]): { base: boolean; places: boolean } {
  const all = layers.length === 0;
  return {
    base: all || layers.some((l) => BASE.includes(l)),
    places: all || layers.some((l) => l !== "closure" && !BASE.includes(l)),
  };
}

/**
 * Calls changed with the layers that changed since version. The browser
 * reconnects by itself, and the server then says its version again.
 */
export function listen(version: string, changed: (layers: string[]) => void): void {
  if (!("EventSource" in window)) return;
  const source = new EventSource("/api/events");
  source.addEventListener("change", (e) => {
    let data: { version?: string; layers?: string[] } = {};
    try {
      data = JSON.parse((e as MessageEvent<string>).data) as typeof data;
    } catch {
      // A change all the same.
    }
    if (data.version && data.version === version) return;
    version = data.version ?? "";
    changed(data.layers ?? []);
  });
  // A page put away by the back-forward cache must not hold its connection.
  window.addEventListener("pagehide", () => source.close());
}
