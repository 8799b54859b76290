/** Says so where the user looks when a run of this page fails. */

import { useCatalogue } from "@/catalogue/state";
import { nodeAt } from "@/document/node-paths";
import { titleOf } from "@/document/nodes";
import { openPanel } from "@/editor/panels-state";
import { useSession } from "@/editor/session";
import { text } from "@/i18n/language";
import { type Events, onEvent } from "@/server/events";
import { toast } from "@/ui/toast";
import { goToNode } from "./go-to-node";
import { isOfThisPage, sentJob } from "./job-documents";

/** Tell of failures from now on; returns the function that ends this. */
export function tellFailures(): () => void {
  return onEvent("execution_error", (error) => {
    // What is heard anew after a reload was told before it.
    if (error.exception_type !== "ExecutionBlocked" && isOfThisPage(error.prompt_id)) tellFailure(error);
  });
}

function tellFailure({
  prompt_id,
  node_id: path,
  exception_message: message,
}: Events["execution_error"]): void {
  const sent = sentJob(prompt_id);
  if (sent?.quiet) return;
  const documentId = sent?.documentId;
  const document = useSession.getState().documents.find(({ id }) => id === documentId);
  const node = document && nodeAt(document.store.records, path);
  const title = node ? titleOf(node.raw, useCatalogue.getState().catalogue.get(node.raw.type)) : path;
  toast({
    text: text("run.failedAt", { title }),
    detail: message.trim().split("\n", 1)[0] ?? "",
    kind: "error",
    key: "run",
    ...(document && {
      action: {
        label: text("run.showProblems"),
        run: () => {
          goToNode(document, path);
          openPanel("problems");
        },
      },
    }),
  });
}
