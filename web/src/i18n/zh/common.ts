import type { common as english } from "../en/common";

export const common: Record<keyof typeof english, string> = {
  "common.cancel": "取消",
  "common.close": "关闭",
  "common.delete": "删除",
  "common.ok": "确定",
};
