/** English texts of every area. */
export const common = {
  "common.cancel": "Cancel",
  "common.close": "Close",
  "common.delete": "Delete",
  "common.loading": "Loading",
  "common.menu": "Menu",
  "common.messages": "Messages",
  "common.more": "More",
  "common.none": "None",
  "common.ok": "OK",
  "common.open": "Open",
  "common.rename": "Rename",
  "common.reset": "Reset",
  "common.retry": "Try again",
  "common.save": "Save",
  "common.search": "Search",
} as const;
