/** English texts of what documents say of themselves. */
export const document = {
  "document.badClip": "What was copied cannot be pasted",
  "document.convertGroup": "Convert to a subgraph",
  "document.copy": "Copy",
  "document.cut": "Cut",
  "document.delete": "Delete the selection",
  "document.duplicate": "Duplicate the selection",
  "document.nothingToPaste": "There are no copied nodes to paste",
  "document.paste": "Paste",
  "document.pasteWithWires": "Paste with wires",
  "document.redo": "Redo",
  "document.redone": "Done again: {what}",
  "document.selectAll": "Select all",
  "document.selectNone": "Select nothing",
  "document.undo": "Undo",
  "document.undone": "Undone: {what}",
} as const;
