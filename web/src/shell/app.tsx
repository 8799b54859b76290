/** The editor from its start on. */

import { useEffect, useState } from "react";
import { ErrorBoundary } from "@/ui/error-boundary";
import { AppFault } from "./app-fault";
import { ServerMissing } from "./server-missing";
import { Shell } from "./shell";
import { start } from "./start";

type Stage = { readonly name: "starting" | "ready" } | { readonly name: "failed"; readonly reason: string };

/** Begun once, before anything is drawn. */
const started: Promise<Stage> = start().then(
  () => ({ name: "ready" }),
  (error: unknown) => ({ name: "failed", reason: error instanceof Error ? error.message : String(error) }),
);

/** Starts the editor, and says so where the server does not answer. */
export function App() {
  const [stage, setStage] = useState<Stage>({ name: "starting" });
  useEffect(() => void started.then(setStage), []);
  if (stage.name === "starting") return null;
  if (stage.name === "failed") return <ServerMissing reason={stage.reason} />;
  return (
    <ErrorBoundary fallback={(error, retry) => <AppFault error={error} retry={retry} />}>
      <Shell />
    </ErrorBoundary>
  );
}
