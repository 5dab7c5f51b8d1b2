// Every sentence of the page, in both languages, and the language in use.

import type { Lang, Text } from "./types";

const words = {
  title: ["驿站", "Yizhan"],
  demo: ["演示数据：虚构街区", "Demo data: an invented district"],
  searchHint: ["搜驿站、小区、楼号", "Search places"],
  search: ["搜索", "Search"],
  clear: ["清除", "Clear"],
  results: ["搜索结果", "Results"],
  noResults: ["没有找到“{q}”。换个字、少写几个字试试。", "Nothing found for “{q}”. Try fewer or other words."],
  searchStart: ["输入名称或地址，比如“3号楼”。", "Type a name or an address, such as a building number."],
  back: ["返回", "Back"],
  close: ["关闭", "Close"],
  more: ["更多", "More"],
  retry: ["再试一次", "Try again"],
  offline: ["连不上服务器。检查一下网络，再试一次。", "The server cannot be reached. Check the network and try again."],
  broken: ["服务器的回答读不懂。过一会儿再试。", "The server's answer cannot be read. Try again in a while."],
  stale: ["下面是之前的结果。", "Below is the earlier answer."],
  loading: ["正在找…", "Looking…"],
  mapFailed: ["地图没有加载出来，列表仍可使用。", "The map did not load; the list works without it."],
  updated: ["地图有更新", "The map was updated"],
  reload: ["刷新", "Reload"],

  nearest: ["最近的{kind}", "Nearest {kind}"],
  found: ["找到 {n} 个", "{n} found"],
  none: ["附近没有符合条件的{kind}。", "Nothing near here fits."],
  noData: ["还没有{kind}的数据。", "There are no data of this kind yet."],
  noneHint: ["少选几个条件，或者换个起点。", "Drop a condition, or start elsewhere."],
  clearFilters: ["清除条件", "Clear conditions"],
  showMore: ["显示更多", "Show more"],
  openNow: ["现在开门", "Open now"],
  filters: ["筛选条件", "Conditions"],
  kinds: ["找什么", "What to find"],
  facilities: ["设施", "Facilities"],
  noFacilities: ["没有登记设施", "No facilities recorded"],
  lineOnly: ["现在算不出路程，按直线距离排列。", "Travel times are not available now: ordered by straight line."],
  straight: ["直线 {d}", "{d} straight"],

  foot: ["步行", "On foot"],
  bicycle: ["自行车", "Bicycle"],
  ebike: ["电动车", "E-bike"],
  mode: ["出行方式", "Travel by"],

  fromMe: ["从我的位置算", "From where I am"],
  fromTap: ["从选定的起点算", "From the point I chose"],
  fromStart: ["还没定位，点地图选起点", "No position yet: tap the map to choose a start"],
  start: ["起点", "Start"],
  locate: ["我的位置", "Where I am"],
  locateDenied: [
    "浏览器不给定位。在地图上长按一下，告诉我你在哪儿。",
    "The browser gives no position. Press and hold the map to say where you are.",
  ],
  iAmHere: ["我在这里", "I am here"],
  hereSet: ["起点已改到这里", "Starting from here now"],
  undo: ["撤销", "Undo"],
  useCenter: ["以地图中间为起点", "Start from the middle of the map"],
  point: ["地图上的点", "A point on the map"],
  destination: ["目的地", "Destination"],

  stOpen: ["营业中", "Open"],
  stClosed: ["已打烊", "Closed"],
  stUnknown: ["时间未知", "Hours unknown"],
  opOpen: ["开放中", "Open"],
  opClosed: ["未开放", "Closed"],
  allDay: ["24 小时", "24 hours"],
  closesIn: ["{n} 分钟后关门", "closes in {n} min"],
  opensIn: ["{n} 分钟后开", "opens in {n} min"],
  closesAt: ["{t}关门", "until {t}"],
  opensAt: ["{t}开", "opens {t}"],
  maybeFrom: ["{t}后不确定", "uncertain after {t}"],
  today: ["今天", "today"],
  tomorrow: ["明天", "tomorrow"],
  hours: ["开放时间", "Hours"],
  hoursNone: ["没有登记时间", "No hours recorded"],
  hoursAsWritten: ["原文：{text}", "As written: {text}"],
  off: ["休息", "closed"],
  holidays: ["法定节假日", "Public holidays"],
  schoolHolidays: ["寒暑假", "School holidays"],
  sunrise: ["日出", "sunrise"],
  sunset: ["日落", "sunset"],
  dawn: ["拂晓", "dawn"],
  dusk: ["黄昏", "dusk"],

  vOpen: ["可以进", "You may pass"],
  vPermit: ["登记可进", "Register to pass"],
  vUnknown: ["不确定", "Not certain"],
  vClosed: ["进不去", "No way in"],
  opensAgain: ["{t}开门", "opens {t}"],

  takeMe: ["带我去", "Take me there"],
  call: ["打电话", "Call"],
  address: ["地址", "Address"],
  phone: ["电话", "Phone"],
  note: ["备注", "Note"],
  booking: ["预约", "Booking"],
  valid: ["服务日期", "Dates"],
  operator: ["运营", "Run by"],
  website: ["网站", "Website"],
  source: ["数据来源", "Source"],
  inCompound: ["所在小区", "Inside"],
  lines: ["线路", "Lines"],
  sockets: ["{n} 个插座", "{n} sockets"],
  capacity: ["{n} 个车位", "room for {n}"],
  bikes: ["{n} 辆车", "{n} bikes"],
  covered: ["有顶棚", "Covered"],
  shelter: ["有候车亭", "Shelter"],
  bench: ["有座位", "Bench"],
  carOnly: ["汽车充电", "Cars only"],
  carOnlyWhy: ["这里只给汽车充电，电动车充不了。", "This charges cars only, no e-bikes."],
  forVehicles: ["可充", "Charges"],
  vEbike: ["电动车", "e-bikes"],
  vBicycle: ["电动自行车", "electric bicycles"],
  vCar: ["汽车", "cars"],
  vPhone: ["手机", "phones"],
  fee: ["收费", "Fee"],
  copyLink: ["复制链接", "Copy link"],
  copied: ["已复制", "Copied"],
  copyByHand: ["请手动复制下面的文字", "Copy the text below by hand"],
  unnamedGate: ["未命名的门", "Unnamed gate"],
  unnamed: ["未命名", "Unnamed"],
  inferred: ["推断的出入口", "Inferred crossing"],
  inferredWhy: ["地图上没有标门，但有路穿过围墙。", "No gate is mapped here, but a street crosses the perimeter."],
  whoMayPass: ["现在谁能进", "Who may pass now"],
  doors: ["单元门", "Doors"],
  unit: ["{n} 单元", "Unit {n}"],
  mainDoor: ["正门", "Main door"],
  door: ["门", "Door"],
  gates: ["出入口", "Gates"],
  noGates: ["没有登记出入口", "No gates recorded"],
  compound: ["小区", "Compound"],
  building: ["楼栋", "Building"],
  street: ["街道", "Street"],

  routeTo: ["去{name}", "To {name}"],
  depart: ["出发", "Leave"],
  now: ["现在", "Now"],
  atTime: ["选时间", "Choose a time"],
  onTheClock: ["当地时间（{zone}）", "Local time there ({zone})"],
  arrive: ["{t} 到", "arrive {t}"],
  wait: ["含等门 {n} 分钟", "with {n} min wait"],
  via: ["走哪个门", "Which gate"],
  noGate: ["不用进门，直接到", "Straight there, no gate"],
  closedNow: ["这个时间进不去的门", "Gates closed at that time"],
  steps: ["怎么走", "The way"],
  noRoute: ["没有找到能走的路。", "No way was found."],
  walk: ["步行", "Walk"],
  handover: ["用别的地图导航", "Navigate with another map"],
  amap: ["高德地图", "Amap"],
  baidu: ["百度地图", "Baidu Maps"],
  tencent: ["腾讯地图", "Tencent Maps"],
  handoverNote: ["带到选中的门口", "To the gate chosen above"],

  layers: ["地图上显示", "Show on the map"],
  theme: ["外观", "Look"],
  themeAuto: ["跟随系统", "As the system"],
  themeLight: ["浅色", "Light"],
  themeDark: ["深色", "Dark"],
  themeSun: ["强光", "Sunlight"],
  language: ["语言", "Language"],
  zoomIn: ["放大", "Zoom in"],
  zoomOut: ["缩小", "Zoom out"],
  map: ["地图", "Map"],
  list: ["列表", "List"],
  sheetPeek: ["收起列表", "Show the map"],
  sheetFull: ["展开列表", "Show the list"],
  sheetSize: ["列表大小", "Size of the list"],
  cluster: ["{n} 个地点，点开放大", "{n} places, zoom in"],

  plan: ["服务圈", "Coverage"],
  planLead: ["驿站周围多远算近？", "How near is near?"],
  radius: ["半径", "Radius"],
  stationsN: ["{n} 个驿站", "{n} stations"],
  compoundsWord: ["小区", "Compounds"],
  buildingsWord: ["楼栋", "Buildings"],
  inside: ["圈内", "inside"],
  outside: ["圈外", "outside"],
  outsideList: ["圈外的小区和楼栋", "Outside the circles"],
  outsideNone: ["都在圈内。", "All lie inside."],
  outsideFirst: ["列出最远的 {n} 个", "The farthest {n}"],
  nearestStation: ["离最近的驿站 {d}", "{d} to the nearest station"],
  closuresMenu: ["临时封闭", "Closures"],
  wayChanged: ["通行有变化，路线已重新算过。", "What is closed has changed: the way was found anew."],
  planNoData: ["没有小区和楼栋数据，请先导入地图。", "There are no compounds or buildings in the data: import a map first."],
  middleNote: ["小区按中心点算。", "A compound counts by its middle point."],
  numbered: ["楼栋 · {n}", "Building · {n}"],
  outsideCompounds: ["小区", "Compounds"],
  outsideBuildings: ["楼栋", "Buildings"],
  planFilter: ["只算有这些设施的驿站：{list}", "Only stations with: {list}"],
  circleNote: ["按直线距离画圈，不是路程。", "Circles are straight-line distance, not travel."],

  embed: ["嵌入网页", "Embed"],
  embedLead: [
    "把下面一行贴进社区网站，地图就会停在现在的位置。",
    "Paste this line into a community site: the map opens at the present view.",
  ],
  copy: ["复制", "Copy"],
  embedBad: ["网址里的 {list} 看不懂，已用默认值。", "Not understood in the address: {list}. Defaults are used."],
  openFull: ["打开完整地图", "Open the full map"],
  apiDocs: ["接口说明", "API"],
} satisfies Record<string, [string, string]>;

export type Word = keyof typeof words;

let lang: Lang = "zh";

/** The language in use. */
export function language(): Lang {
  return lang;
}

/** Chooses the language for all that is rendered from now on. */
export function speak(l: Lang): void {
  lang = l;
  document.documentElement.lang = l === "zh" ? "zh-CN" : "en";
}

type Vars = Record<string, string | number>;

/** The sentences of a table, with {name} replaced by vars.name. A table that
 *  only some screens need travels with them. */
export function dictionary<K extends string>(table: Record<K, [string, string]>): (word: K, vars?: Vars) => string {
  return (word, vars) => {
    const s = table[word][lang === "zh" ? 0 : 1];
    return vars ? s.replace(/\{(\w+)\}/g, (_, k: string) => String(vars[k] ?? "")) : s;
  };
}

/** The sentence for a word. */
export const t: (word: Word, vars?: Vars) => string = dictionary<Word>(words);

/** A text of the data in the language in use, or in the other one. */
export function say(text: Text | string | null | undefined): string {
  if (!text) return "";
  if (typeof text === "string") return text;
  return (lang === "zh" ? text.zh || text.en : text.en || text.zh) ?? "";
}

/** A place's name in the language in use. */
export function nameOf(p: { name: string; names?: Record<string, string> | undefined }): string {
  return p.names?.[lang] || p.name;
}

/** The language of an address bar and a browser: ?lang= wins. */
export function wanted(search: string, languages: readonly string[]): Lang {
  const asked = new URLSearchParams(search).get("lang");
  if (asked === "zh" || asked === "en") return asked;
  return languages.length === 0 || languages[0]!.toLowerCase().startsWith("zh") ? "zh" : "en";
}
