import type { run as english } from "../en/run";

export const run: Record<keyof typeof english, string> = {
  "run.refused": "服务器拒绝了此请求（HTTP {status}）。",
  "run.unreachable": "服务器没有响应。它还在运行吗？",
};
