// Links that hand a destination over to the map apps people have. They all
// read GCJ-02 in China, and the server converts: the destination is asked for
// once more by its ID with datum=gcj02.

import { api } from "./api";
import type { Mode, Point } from "./types";
import { middle } from "./types";

export interface Destination {
  /** WGS-84. */
  point: Point;
  /** The item to ask the server about, where it is one. */
  id?: string | undefined;
  name: string;
}

export interface Handover {
  word: "amap" | "baidu" | "tencent";
  href: string;
}

/** The shift from WGS-84 to GCJ-02 at an item. It varies by under a metre over
 *  the length of a delivery, so one shift serves both ends. */
async function shift(at: Point, id: string | undefined): Promise<Point | null> {
  const item = id ? await both(id) : await nearest(at);
  return item && [item.gcj[0] - item.wgs[0], item.gcj[1] - item.wgs[1]];
}

async function both(id: string): Promise<{ wgs: Point; gcj: Point } | null> {
  const [a, b] = await Promise.all([api.place(id), api.place(id, undefined, "gcj02")]);
  return a.geometry && b.geometry ? { wgs: middle(a.geometry), gcj: middle(b.geometry) } : null;
}

async function nearest(at: Point): Promise<{ wgs: Point; gcj: Point } | null> {
  const { features } = await api.nearest({ at, kind: "station", limit: 1, by: "line", facilities: [], openNow: false });
  return features[0] ? both(features[0].properties.id) : null;
}

/** Links to 高德, 百度 and 腾讯 for one way. */
export async function handovers(from: Point, to: Destination, mode: Mode): Promise<Handover[]> {
  const d = await shift(to.point, to.id);
  const gcj = (p: Point): Point => (d ? [p[0] + d[0], p[1] + d[1]] : p);
  return links(gcj(from), gcj(to.point), to.name, mode, d !== null);
}

/** The links themselves, from coordinates in GCJ-02, or WGS-84 where !gcj. */
export function links(from: Point, to: Point, name: string, mode: Mode, gcj = true): Handover[] {
  const lonlat = (p: Point) => `${p[0].toFixed(6)},${p[1].toFixed(6)}`;
  const latlon = (p: Point) => `${p[1].toFixed(6)},${p[0].toFixed(6)}`;
  const label = encodeURIComponent(name.replace(/[,|:&]/g, " "));
  const ride = mode !== "foot";
  return [
    {
      word: "amap",
      href: gcj
        ? `https://uri.amap.com/navigation?from=${lonlat(from)}&to=${lonlat(to)},${label}&mode=${ride ? "ride" : "walk"}&src=yizhan&coordinate=gaode&callnative=1`
        : `https://uri.amap.com/marker?position=${lonlat(to)}&name=${label}&src=yizhan&coordinate=wgs84&callnative=1`,
    },
    {
      word: "baidu",
      href: ride
        ? `baidumap://map/direction?origin=latlng:${latlon(from)}|name:.&destination=latlng:${latlon(to)}|name:${label}&mode=riding&coord_type=${gcj ? "gcj02" : "wgs84"}&src=yizhan`
        : `https://api.map.baidu.com/direction?origin=latlng:${latlon(from)}|name:.&destination=latlng:${latlon(to)}|name:${label}&mode=walking&region=.&output=html&coord_type=${gcj ? "gcj02" : "wgs84"}&src=yizhan`,
    },
    {
      word: "tencent",
      href: ride
        ? `qqmap://map/routeplan?type=bike&fromcoord=${latlon(from)}&tocoord=${latlon(to)}&to=${label}&coord_type=${gcj ? 2 : 1}&referer=yizhan`
        : `https://apis.map.qq.com/uri/v1/routeplan?type=walk&fromcoord=${latlon(from)}&tocoord=${latlon(to)}&to=${label}&coord_type=${gcj ? 2 : 1}&referer=yizhan`,
    },
  ];
}
