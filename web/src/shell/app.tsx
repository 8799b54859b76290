/** The editor from its start on. */

import { useCallback, useEffect, useState } from "react";
import { ErrorBoundary } from "@/ui/error-boundary";
import { AppFault } from "./app-fault";
import { ServerMissing } from "./server-missing";
import { Shell } from "./shell";
import { start, startKeys } from "./start";

type Stage = { readonly name: "starting" | "ready" } | { readonly name: "failed"; readonly reason: string };

/** Starts the editor, and says so where the server does not answer. */
export function App() {
  const [stage, setStage] = useState<Stage>({ name: "starting" });
  const begin = useCallback(() => {
    start()
      .then(() => setStage({ name: "ready" }))
      .catch((error: unknown) => setStage({ name: "failed", reason: String(error) }));
  }, []);
  useEffect(begin, [begin]);
  useEffect(startKeys, []);
  if (stage.name === "starting") return null;
  if (stage.name === "failed")
    return <ServerMissing key={stage.reason} reason={stage.reason} retry={begin} />;
  return (
    <ErrorBoundary fallback={(error, retry) => <AppFault error={error} retry={retry} />}>
      <Shell />
    </ErrorBoundary>
  );
}
