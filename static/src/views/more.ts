// Every view but the first, in one script that is fetched once the list is
// there.

export { Detail, Spot } from "./detail";
export { layersDialog, moreDialog } from "./dialogs";
export { Plan } from "./plan";
export { RouteView } from "./route";
