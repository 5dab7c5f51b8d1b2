import { expect, it } from "vitest";
import { links } from "../src/handover";

const from: [number, number] = [116.358, 39.961];
const to: [number, number] = [116.36, 39.9625];

it("walks: each app gets its own order of coordinates in GCJ-02", () => {
  const by = Object.fromEntries(links(from, to, "锦江花园,东门", "foot").map((l) => [l.word, new URL(l.href)]));
  expect(by.amap!.searchParams.get("to")).toBe("116.360000,39.962500,锦江花园 东门");
  expect(by.amap!.searchParams.get("mode")).toBe("walk");
  expect(by.baidu!.searchParams.get("destination")).toBe("latlng:39.962500,116.360000|name:锦江花园 东门");
  expect(by.baidu!.searchParams.get("coord_type")).toBe("gcj02");
  expect(by.tencent!.searchParams.get("tocoord")).toBe("39.962500,116.360000");
  expect(by.tencent!.searchParams.get("coord_type")).toBe("2");
});

it("rides: only the apps' own schemes know bicycles", () => {
  const by = Object.fromEntries(links(from, to, "门", "ebike").map((l) => [l.word, l.href]));
  expect(by.amap).toContain("mode=ride");
  expect(by.baidu).toMatch(/^baidumap:\/\/map\/direction.*mode=riding/);
  expect(by.tencent).toMatch(/^qqmap:\/\/map\/routeplan\?type=bike/);
});

it("says WGS-84 where nothing could be converted", () => {
  const by = Object.fromEntries(links(from, to, "门", "foot", false).map((l) => [l.word, l.href]));
  expect(by.amap).toContain("coordinate=wgs84");
  expect(by.baidu).toContain("coord_type=wgs84");
  expect(by.tencent).toContain("coord_type=1");
});
