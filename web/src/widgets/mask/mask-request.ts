/** Which picture's mask is being painted. */

import { create } from "zustand";
import type { WidgetBinding } from "../widget-binding";

/** The picture in a widget, and the widget that is set to the picture with its mask. */
export interface MaskRequest {
  readonly binding: WidgetBinding;
  /** What the picture belongs to: the title of the node. */
  readonly title: string;
}

/** The picture that a mask is painted for; null while none is. */
export const useMaskRequest = create<{ readonly request: MaskRequest | null }>(() => ({ request: null }));

/** Open the mask painter for the picture that a widget names. */
export function openMaskEditor(request: MaskRequest): void {
  useMaskRequest.setState({ request });
}

/** Close the mask painter. */
export function closeMaskEditor(): void {
  useMaskRequest.setState({ request: null });
}
