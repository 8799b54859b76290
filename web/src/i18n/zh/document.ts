import type { document as english } from "../en/document";

/** Chinese texts of what documents say of themselves. */
export const document: Record<keyof typeof english, string> = {
  "document.badClip": "复制的内容无法粘贴",
  "document.convertGroup": "转换为子图",
  "document.copy": "复制",
  "document.cut": "剪切",
  "document.delete": "删除所选",
  "document.duplicate": "复制一份所选",
  "document.nothingToPaste": "没有可粘贴的节点",
  "document.paste": "粘贴",
  "document.pasteWithWires": "粘贴并保留连线",
  "document.redo": "重做",
  "document.redone": "已重做：{what}",
  "document.selectAll": "全选",
  "document.selectNone": "取消选择",
  "document.undo": "撤销",
  "document.undone": "已撤销：{what}",
};
