/** Where something lies and how large it is, in figures: what dragging does, for those who do not drag. */

import { useState } from "react";
import { type TextKey, useText } from "@/i18n/language";
import { TextField } from "@/ui/text-field";
import styles from "./place-fields.module.css";
import { Section } from "./section";

/** One figure, in canvas pixels. */
export interface PlaceFigure {
  readonly label: TextKey;
  readonly value: number;
  /** The least that it can be. */
  readonly min?: number;
  readonly set: (value: number) => void;
}

/** Fields that change the place at once while they are typed in or stepped with the arrow keys. */
export function PlaceFields({ figures }: { readonly figures: readonly PlaceFigure[] }) {
  const text = useText();
  return (
    <Section title={text(figures.length > 2 ? "widgets.placeAndSize" : "widgets.place")}>
      <div className={styles.fields}>
        {figures.map((figure) => (
          <Figure key={figure.label} {...figure} />
        ))}
      </div>
    </Section>
  );
}

function Figure({ label, value, min = Number.NEGATIVE_INFINITY, set }: PlaceFigure) {
  const text = useText();
  const [typed, setTyped] = useState<string | null>(null);
  const change = (next: string) => {
    setTyped(next);
    const number = Number(next);
    if (next.trim() !== "" && Number.isFinite(number)) set(Math.max(min, Math.round(number)));
  };
  return (
    <TextField
      label={text(label)}
      type="number"
      step={10}
      {...(Number.isFinite(min) && { min })}
      value={typed ?? String(Math.round(value))}
      onChange={change}
      onBlur={() => setTyped(null)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter") setTyped(null);
      }}
    />
  );
}
