/** Windows that widgets open over the editor; each is loaded when it is opened. */

import { lazy, Suspense } from "react";
import { useMaskRequest } from "./mask/mask-request";

const MaskEditor = lazy(() => import("./mask/mask-editor"));

/** Shows the window that was asked for; mounted once, beside the canvas. */
export function WidgetsLayer() {
  const request = useMaskRequest((state) => state.request);
  return <Suspense fallback={null}>{request && <MaskEditor request={request} />}</Suspense>;
}
