/** The window in which the mask of a picture is painted. */

import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { loadCatalogue } from "@/editor/load-catalogue";
import { text as say, useText } from "@/i18n/language";
import { Button } from "@/ui/button";
import { confirm } from "@/ui/confirm";
import { Dialog } from "@/ui/dialog";
import { Spinner } from "@/ui/spinner";
import { toast } from "@/ui/toast";
import { MaskBar } from "./mask-bar";
import styles from "./mask-editor.module.css";
import { loadMasked, type MaskedPicture, saveMask } from "./mask-file";
import { closeMaskEditor, type MaskRequest } from "./mask-request";
import { MaskStage } from "./mask-stage";
import { suitBrush } from "./mask-tools";

/** Paints the mask of the picture in a widget, and sets the widget to the masked copy. */
export default function MaskEditor({ request }: { readonly request: MaskRequest }) {
  const text = useText();
  const { masked, failed } = useMasked(request);
  const [busy, setBusy] = useState(false);
  const leave = () => void askAndClose(masked);
  const save = () => {
    if (!masked || busy) return;
    setBusy(true);
    saveMask(masked)
      .then((value) => {
        request.binding.set(value);
        closeMaskEditor();
        loadCatalogue();
      })
      .catch((reason: unknown) =>
        toast({ kind: "error", text: text("widgets.maskNotSaved"), detail: String(reason) }),
      )
      .finally(() => setBusy(false));
  };
  return (
    <Dialog
      title={text("widgets.maskOf", { name: request.title })}
      open
      onOpenChange={(open) => !open && leave()}
      size="full"
      footer={
        <>
          <Button onClick={leave}>{text("common.cancel")}</Button>
          <Button kind="primary" busy={busy} disabled={!masked} onClick={save}>
            {text("widgets.maskSave")}
          </Button>
        </>
      }
    >
      {failed !== null && <p role="alert">{text("widgets.notShown", { name: failed })}</p>}
      {!masked && failed === null && <Spinner size={24} />}
      {masked && <Painting masked={masked} onSave={save} />}
    </Dialog>
  );
}

/** Close the painter; where something was painted, only when the user says so. */
async function askAndClose(masked: MaskedPicture | null): Promise<void> {
  const sure =
    !masked?.mask.canUndo ||
    (await confirm({
      title: say("widgets.maskLeave"),
      text: say("widgets.maskLeaveText"),
      action: say("widgets.maskThrowAway"),
      danger: true,
    }));
  if (sure) closeMaskEditor();
}

/** Load the picture once; `failed` names it where it cannot be loaded. */
function useMasked({ binding }: MaskRequest) {
  const [masked, setMasked] = useState<MaskedPicture | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  useEffect(() => {
    const name = String(binding.get());
    let shown = true;
    loadMasked(name).then(
      (loaded) => shown && setMasked(loaded),
      () => shown && setFailed(name),
    );
    return () => {
      shown = false;
    };
  }, [binding]);
  return { masked, failed };
}

interface PaintingProps {
  readonly masked: MaskedPicture;
  readonly onSave: () => void;
}

function Painting({ masked, onSave }: PaintingProps) {
  const text = useText();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [stage, setStage] = useState<MaskStage | null>(null);
  useEffect(() => {
    if (!canvas.current) return;
    suitBrush(masked.picture.width, masked.picture.height);
    const opened = new MaskStage(canvas.current, masked);
    setStage(opened);
    canvas.current.focus();
    return () => opened.close();
  }, [masked]);
  const { mask } = masked;
  const keys = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (!(event.ctrlKey || event.metaKey)) return;
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) mask.undo();
    else if (key === "y" || key === "z") mask.redo();
    else if (key === "i") mask.invert();
    else if (key === "enter" || key === "s") onSave();
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys hold for all that is in here
    <div className={styles.painting} onKeyDown={keys}>
      <MaskBar mask={mask} stage={stage} />
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: the arrow keys move the brush here */}
      <canvas
        ref={canvas}
        tabIndex={0}
        role="application"
        aria-label={text("widgets.maskCanvas")}
        className={styles.canvas}
      />
      <p className={styles.hint}>{text("widgets.maskHint")}</p>
    </div>
  );
}
