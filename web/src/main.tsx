import { type ComponentType, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "@/ui/tokens.css";
import "@/ui/global.css";
import { followAppearance } from "@/editor/appearance";

/** An address that names an app shows that alone: nothing of the editor is loaded. */
async function page(): Promise<ComponentType> {
  const alone = new URLSearchParams(location.search).has("app");
  return alone ? (await import("@/shell/app-page")).AppPage : (await import("@/shell/app")).App;
}

const root = document.getElementById("root");
if (root) {
  const [Page] = await Promise.all([page(), followAppearance()]);
  createRoot(root).render(
    <StrictMode>
      <Page />
    </StrictMode>,
  );
}
