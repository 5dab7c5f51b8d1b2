// Distances, durations and clock times as people read them.

import { language, t } from "../i18n";

/** 85 → "85 m"; 1234 → "1.2 km". */
export function distance(m: number): string {
  if (m < 995) return `${m < 100 ? Math.round(m / 5) * 5 : Math.round(m / 10) * 10} m`;
  return `${m < 9950 ? (m / 1000).toFixed(1) : Math.round(m / 1000)} km`;
}

/** Whole minutes, never fewer than one: nobody arrives in no time. */
export function minutes(s: number): number {
  return Math.max(1, Math.round(s / 60));
}

/** "6 分钟", "1 小时 5 分" / "6 min", "1 h 5 min". */
export function duration(s: number): string {
  const m = minutes(s);
  const zh = language() === "zh";
  if (m < 60) return zh ? `${m} 分钟` : `${m} min`;
  const [hours, rest] = [Math.floor(m / 60), m % 60];
  if (zh) return rest ? `${hours} 小时 ${rest} 分` : `${hours} 小时`;
  return rest ? `${hours} h ${rest} min` : `${hours} h`;
}

/** A moment on the wall clock of the zone its RFC 3339 text was written in. */
export interface Wall {
  epoch: number;
  /** Days since 1970 on that wall. */
  day: number;
  /** 0 is Monday. */
  weekday: number;
  month: number;
  date: number;
  /** "09:30" */
  clock: string;
}

/** Reads RFC 3339 with its offset; the server writes every time in its zone. */
export function wall(rfc3339: string): Wall {
  const epoch = Date.parse(rfc3339);
  return wallAt(epoch, offsetOf(rfc3339));
}

/** The offset of an RFC 3339 time from UTC in minutes. */
export function offsetOf(rfc3339: string): number {
  const m = /([+-])(\d\d):?(\d\d)$/.exec(rfc3339);
  return m ? (m[1] === "-" ? -1 : 1) * (Number(m[2]) * 60 + Number(m[3])) : 0;
}

/** The offset from UTC in minutes that a zone ("Asia/Shanghai") has at an
 *  instant; undefined for a zone the browser does not know. */
export function offsetIn(zone: string, epoch: number): number | undefined {
  try {
    const parts = new Intl.DateTimeFormat("en-US", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
    }).formatToParts(epoch);
    const n = (type: string) => Number(parts.find((p) => p.type === type)?.value);
    const there = Date.UTC(n("year"), n("month") - 1, n("day"), n("hour"), n("minute"), n("second"));
    return Math.round((there - Math.floor(epoch / 1000) * 1000) / 60_000);
  } catch {
    return undefined;
  }
}

/** "2026-11-25T03:00" on the wall at an instant, as a time field holds it. */
export function localAt(epoch: number, offset: number): string {
  return new Date(epoch + offset * 60_000).toISOString().slice(0, 16);
}

/** A time field's "2026-11-25T03:00", read on a zone's clocks, as RFC 3339. */
export function inZone(local: string, offsetOf: (epoch: number) => number): string {
  const wall = Date.parse(`${local.slice(0, 16)}:00Z`);
  // The offset in force at that wall time; asked twice, for the days on which
  // the clocks change.
  const off = offsetOf(wall - offsetOf(wall) * 60_000);
  const pad = (n: number) => String(Math.trunc(Math.abs(n))).padStart(2, "0");
  return `${local.slice(0, 16)}:00${off < 0 ? "-" : "+"}${pad(off / 60)}:${pad(off % 60)}`;
}

/** The wall at an instant and an offset in minutes. */
export function wallAt(epoch: number, offset: number): Wall {
  const local = new Date(epoch + offset * 60_000);
  const day = Math.floor(local.getTime() / 86_400_000);
  return {
    epoch,
    day,
    weekday: (((day + 3) % 7) + 7) % 7,
    month: local.getUTCMonth() + 1,
    date: local.getUTCDate(),
    clock: local.toISOString().slice(11, 16),
  };
}

const weekdays = {
  zh: ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
  en: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
};
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The name of a weekday, 0 being Monday. */
export function weekday(i: number): string {
  return weekdays[language()][i] ?? "";
}

/** "3月5日" / "5 Mar". */
export function dateOf(w: Wall): string {
  return language() === "zh" ? `${w.month}月${w.date}日` : `${w.date} ${months[w.month - 1]}`;
}

/**
 * A coming time as one says it at `now`: "21:00" today, "明天 09:30",
 * "周一 09:30" within the week, "3月5日 09:30" beyond.
 */
export function when(rfc3339: string, now: number): string {
  if (Number.isNaN(Date.parse(rfc3339))) return "";
  const w = wall(rfc3339);
  const today = wallAt(now, offsetOf(rfc3339)).day;
  const days = w.day - today;
  if (days === 0) return w.clock;
  if (days === 1) {
    return w.clock === "00:00" ? "24:00" : `${t("tomorrow")} ${w.clock}`;
  }
  if (days > 1 && days < 7) return `${weekday(w.weekday)} ${w.clock}`;
  return `${dateOf(w)} ${w.clock}`;
}
