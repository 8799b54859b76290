import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "@/ui/tokens.css";
import "@/ui/global.css";
import { App } from "@/shell/app";
import { followAppearance } from "@/shell/appearance";

const root = document.getElementById("root");
if (root) {
  await followAppearance();
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
