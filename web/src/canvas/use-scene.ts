/** The sheet that is shown, laid out, and what its nodes made. */

import { useEffect, useMemo } from "react";
import { useCatalogue } from "@/catalogue/state";
import { nodeId, type RecordId, ROOT, sheetId } from "@/document/records";
import { pathOf } from "@/editor/node-path";
import { type OpenDocument, shownScope, useSession } from "@/editor/session";
import { type NodeRun, nodeRun, onNodeRun, runsOf } from "@/run/node-run";
import { viewUrl } from "@/server/uploads";
import { bindScene } from "./camera";
import { clearPictures, showPicture } from "./paint/pictures";
import { clearRunMarks, markRun } from "./paint/run-marks";
import { Scene } from "./scene";

/** Return the sheet of a document that is shown, laid out and kept up to date. */
export function useScene(document: OpenDocument): Scene {
  const catalogue = useCatalogue((state) => state.catalogue);
  const { store, id } = document;
  const wanted = shownScope(document);
  const known = store.get(sheetId(wanted)) !== undefined;
  const scope = known ? wanted : ROOT;
  useEffect(() => {
    // The subgraph that was shown is gone, such as by undoing: go on with the workflow itself.
    if (!known) useSession.getState().amend(id, { scopes: [ROOT], selection: new Set() });
  }, [known, id]);
  const scene = useMemo(() => new Scene(store, scope, catalogue), [store, scope, catalogue]);
  useEffect(() => {
    const stop = store.subscribe((diff) => scene.apply(diff));
    bindScene(scene);
    return () => {
      stop();
      bindScene(null);
    };
  }, [scene, store]);
  usePictures(document, scene);
  return scene;
}

/** What is drawn of a run: the picture that is being made, else the first one made. */
function pictureOf(run: NodeRun): string | null {
  const made = run.outputs.find(({ kind }) => kind === "image");
  return run.preview ?? (made ? viewUrl(made, 256) : null);
}

function usePictures(document: OpenDocument, scene: Scene): void {
  const { id } = document;
  const around = pathOf(document, scene.scope, "");
  useEffect(() => {
    clearRunMarks();
    clearPictures();
    const show = (record: RecordId, run: NodeRun) => {
      markRun(record, run);
      showPicture(record, pictureOf(run));
      scene.setPicture(record, run.preview !== null || run.outputs.length > 0);
    };
    const recordAt = (at: string): RecordId | undefined => {
      const own = at.slice(around.length);
      return at.startsWith(around) && !own.includes(":") ? nodeId(scene.scope, own) : undefined;
    };
    const take = (at: string) => {
      const record = recordAt(at);
      if (record && scene.nodes.has(record)) show(record, nodeRun(id, at));
    };
    for (const at of runsOf(id).keys()) take(at);
    return onNodeRun((ofDocument, at) => {
      if (ofDocument === id) take(at);
    });
  }, [id, around, scene]);
}
