import type { common as english } from "../en/common";

/** Chinese texts of every area. */
export const common: Record<keyof typeof english, string> = {
  "common.cancel": "取消",
  "common.close": "关闭",
  "common.delete": "删除",
  "common.loading": "正在加载",
  "common.menu": "菜单",
  "common.messages": "消息",
  "common.more": "更多",
  "common.none": "无",
  "common.ok": "确定",
  "common.open": "打开",
  "common.rename": "重命名",
  "common.reset": "重置",
  "common.retry": "重试",
  "common.save": "保存",
  "common.search": "搜索",
};
