// Line icons on a 24 px grid, drawn for this page: one path each, stroked with
// the text's colour.

const bike =
  "M6 18a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM18 18a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM6 14.5l3.5-6H15l3 6M9.5 8.5l4 6L15 8.5M8 6h3M15 8.5L14 6h2.5";
const park = "M5 3h14v18H5zM10 17V7h3a3 3 0 0 1 0 6h-3";
const gate = "M4 21V8l8-4 8 4v13M8 21V10M12 21V10M16 21V10M4 10h16";

export const paths: Record<string, string> = {
  dot: "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",

  // facilities
  rest: "M7 4v9h9l1 7M7 13l-1 7M7 9h7",
  drinking_water: "M6 4h12l-1.5 16h-9zM7 11h10",
  hot_water:
    "M5 11h11v5a4 4 0 0 1-4 4H9a4 4 0 0 1-4-4zM16 12.5h1.5a2.2 2.2 0 0 1 0 4.4H16M8 4c-1.2 1.5 1.2 2.5 0 4M12 4c-1.2 1.5 1.2 2.5 0 4",
  microwave: "M3 6h18v12H3zM6 9h8v6H6zM17.5 9.5v.1M17.5 12v.1M17.5 14.5v.1",
  fridge: "M7 3h10v18H7zM7 10h10M9.5 6v1.5M9.5 13v3",
  phone_charging: "M7.5 3h9v18h-9zM12.5 7.5L10 12.5h4l-2.5 4.5",
  battery_swap: "M5 8h14v12H5zM9.5 5h5v3M8.5 12.5h7l-2-2M15.5 15.5h-7l2 2",
  toilet: "M6 3h4v8H6zM6 11h12c0 4-2 5.5-5 6v4H8v-4.5C6.8 15.5 6 13.5 6 11z",
  first_aid: "M4 8h16v12H4zM9 8V5h6v3M12 11v6M9 14h6",
  medicine: "M7 17a4.2 4.2 0 0 1 0-6l4-4a4.2 4.2 0 0 1 6 6l-4 4a4.2 4.2 0 0 1-6 0zM9 9l6 6",
  rain_gear: "M12 3v1M3 13a9 9 0 0 1 18 0zM12 13v6a2 2 0 0 1-4 0",
  tea: "M5 10h12v4a5 5 0 0 1-5 5h-2a5 5 0 0 1-5-5zM17 11.5h1.2a2 2 0 0 1 0 4H17M10.5 7.5c0-2.2 1.5-3.5 4-3.5 0 2.2-1.5 3.5-4 3.5z",
  wifi: "M4 10a12 12 0 0 1 16 0M7 13.5a7.5 7.5 0 0 1 10 0M10 17a3 3 0 0 1 4 0M12 20v.1",
  reading: "M12 6c-2-1.5-5-1.5-8-1v13c3-.5 6-.5 8 1 2-1.5 5-1.5 8-1V5c-3-.5-6-.5-8 1zM12 6v13",
  cooling: "M12 3v18M4.2 7.5l15.6 9M19.8 7.5l-15.6 9M9.5 4.5L12 7l2.5-2.5M9.5 19.5L12 17l2.5 2.5",
  heating: "M12 3c1 4 5 5.5 5 10a5 5 0 0 1-10 0c0-2 1-3 2-4 0 2 1 3 2 3 1.5-2 .5-5 1-9z",
  parking: park,
  meal: "M4 11h16a8 8 0 0 1-16 0zM8 21h8M9 7c0-2 2-2 2-4M13 7c0-2 2-2 2-4",
  job_info: "M4 8h16v11H4zM9 8V5h6v3M4 13h16",
  tools: "M14 7a4 4 0 0 1 5-3.5L16.5 6 18 7.5 20.5 5A4 4 0 0 1 15 10l-8.5 8.5a2.1 2.1 0 0 1-3-3z",
  health_check:
    "M12 20S4 15 4 9.5A4.2 4.2 0 0 1 12 7a4.2 4.2 0 0 1 8 2.5C20 15 12 20 12 20zM7 12h3l1-2 2 4 1-2h3",
  legal_aid: "M12 4v16M8 20h8M5 7h14M5 7l-2.5 6h5zM19 7l-2.5 6h5z",
  shared_bike: bike,

  // kinds
  station: "M2.5 11L12 4l9.5 7M5 10v10M19 10v10M3 20h18M10 20v-6h4v6",
  gate,
  charger: "M13 3L5 14h6l-1 7 8-11h-6z",
  bus_stop: "M5 4h14v13H5zM5 11h14M8 17v2.5M16 17v2.5M8 14v.1M16 14v.1",
  compound: "M4 20V9l6-4v15M10 20V8h10v12M13 12h4M13 16h4M2 20h20",
  building: "M6 21V4h12v17M10 8h1M13 8h1M10 12h1M13 12h1M10 21v-5h4v5M3 21h18",
  street: "M8 3L5 21M16 3l3 18M12 4v3M12 10.5v3M12 17v3",

  // modes
  foot: "M13.5 5.5a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4zM8.5 21.5l2.5-6-1.5-2.5 1-5 3 3 3.5 1.2M10.5 8L7.5 10v3M13 14.5l2.5 7",
  bicycle: bike,
  ebike:
    "M6 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM18 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM8.5 17h7L17 6h-3M17 10h3M3.5 14c1-3.5 7-3.5 8.5 0v3M4 9.5h6",

  // turns
  depart: "M12 21V8M6.5 13L12 7.5l5.5 5.5M8 3h8",
  left: "M18 20v-6a4 4 0 0 0-4-4H5M9.5 5.5L5 10l4.5 4.5",
  right: "M6 20v-6a4 4 0 0 1 4-4h9M14.5 5.5L19 10l-4.5 4.5",
  slight_left: "M16 21v-6L7 6M7 13V6h7",
  slight_right: "M8 21v-6l9-9M17 13V6h-7",
  sharp_left: "M17 21V5L7 16M7 9v7h7",
  sharp_right: "M7 21V5l10 11M17 9v7h-7",
  straight: "M12 20V5M6 11l6-6 6 6",
  uturn: "M17 20V9a5 5 0 0 0-10 0v7M3 12l4 4 4-4",
  park,
  enter: "M13 4h6v16h-6M4 12h10M10 8l4 4-4 4",
  arrive: "M6 21V4h12l-3 4 3 4H6",

  // controls
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L20 20",
  back: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  close: "M6 6l12 12M18 6L6 18",
  locate: "M12 18a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM12 2v4M12 18v4M2 12h4M18 12h4M12 12v.1",
  layers: "M12 4l9 5-9 5-9-5zM3 14l9 5 9-5",
  more: "M4 6.5h16M4 12h16M4 17.5h16",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  phone: "M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 2A15 15 0 0 1 3 6a2 2 0 0 1 2-2z",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
  pin: "M12 21s7-6.5 7-12A7 7 0 0 0 5 9c0 5.5 7 12 7 12zM12 11.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  me: "M12 21s7-6.5 7-12A7 7 0 0 0 5 9c0 5.5 7 12 7 12zM12 11.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  share: "M12 15V4M8 8l4-4 4 4M5 12v8h14v-8",
  note: "M5 4h14v11l-5 5H5zM14 20v-5h5M8.5 9h7M8.5 12.5h4",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.5M12 7.5v.1",
  alert: "M12 4l9.5 16h-19zM12 10v5M12 17.5v.1",
  check: "M5 12.5l5 5L20 7",
  ring: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  code: "M9 7l-5 5 5 5M15 7l5 5-5 5",
  undo: "M8 5L3.500 9.500 8 14M4 9.500h10a5.500 5.500 0 0 1 0 11h-4",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  retry: "M20 12a8 8 0 1 1-2.5-5.8M20 3v4.5h-4.5",
  globe: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c-5 5.5-5 12.5 0 18 5-5.5 5-12.5 0-18z",
  theme: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 3v18M12 7.5l4.5-2M12 12l7-3M12 16.5l6.5-3",
};
