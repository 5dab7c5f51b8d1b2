import { describe, expect, it } from "vitest";
import { type Address, format, parse, point } from "../src/url";

const plain: Address = { view: { name: "list" }, kind: "station", facilities: [], openNow: false, layers: ["gate"] };

describe("addresses", () => {
  const cases: [name: string, address: Address, hash: string][] = [
    ["the list", plain, "#/"],
    [
      "an item with all there is",
      { ...plain, view: { name: "place", id: "osm:n12" }, center: [116.352, 39.96], zoom: 17, at: [116.35123, 39.96], kind: "charger", facilities: ["hot_water", "microwave"], openNow: true, mode: "foot", layers: ["gate", "parking"] },
      "#/place/osm%3An12?c=116.352,39.96&z=17&at=116.35123,39.96&kind=charger&f=hot_water,microwave&open=now&by=foot&layers=gate,parking",
    ],
    ["an id with a slash", { ...plain, view: { name: "place", id: "table:a/b?c#d" } }, "#/place/table%3Aa%2Fb%3Fc%23d"],
    ["a search in Chinese", { ...plain, view: { name: "search", q: "锦江 10栋" } }, "#/search/%E9%94%A6%E6%B1%9F%2010%E6%A0%8B"],
    ["a way at a time", { ...plain, view: { name: "route", to: "osm:w1", depart: "2025-03-05T03:00:00+08:00" } }, "#/route/osm%3Aw1/2025-03-05T03%3A00%3A00%2B08%3A00"],
    ["a way to a point", { ...plain, view: { name: "route", to: "116.35,39.96" } }, "#/route/116.35%2C39.96"],
    ["circles", { ...plain, view: { name: "plan", radius: 1000 } }, "#/plan/1000"],
    ["a reach", { ...plain, view: { name: "reach", at: [104.05, 30.67], by: "ebike", depart: "2026-11-25T08:00:00+08:00" } }, "#/reach/104.05%2C30.67/ebike/2026-11-25T08%3A00%3A00%2B08%3A00"],
    ["a reach from nowhere yet", { ...plain, view: { name: "reach", by: "foot" } }, "#/reach/-/foot"],
    ["closures", { ...plain, view: { name: "closures" } }, "#/closures"],
    ["one closure", { ...plain, view: { name: "closure", id: "c-a/b" } }, "#/closure/c-a%2Fb"],
    ["the form", { ...plain, view: { name: "close" } }, "#/close"],
    ["a point", { ...plain, view: { name: "point", at: [-51.2, -30.03] } }, "#/point/-51.2,-30.03"],
    ["no layers beside", { ...plain, layers: [] }, "#/?layers="],
  ];
  it.each(cases)("%s", (_name, address, hash) => {
    expect(format(address)).toBe(hash);
    expect(parse(hash)).toEqual({ center: undefined, zoom: undefined, at: undefined, mode: undefined, ...address });
  });

  it.each(["", "#", "#/nowhere", "#/place/", "#/place/%E4%", "#/point/abc", "#/route/"])("falls back to the list for %j", (hash) => {
    expect(parse(hash).view).toEqual({ name: "list" });
  });

  it("leaves out what is malformed", () => {
    const a = parse("#/?c=200,10&z=99&kind=<b>&f=hot_water,..%2F,A&by=car&at=1");
    expect(a).toMatchObject({ kind: "station", facilities: ["hot_water"] });
    expect([a.center, a.zoom, a.mode, a.at]).toEqual([undefined, undefined, undefined, undefined]);
  });

  it.each([
    ["116.35,39.96", [116.35, 39.96]],
    ["-0.1,51", [-0.1, 51]],
    ["39.96", undefined],
    ["116.35,95", undefined],
    ["1e2,3", undefined],
    [null, undefined],
  ])("point %s", (s, want) => expect(point(s)).toEqual(want));
});
