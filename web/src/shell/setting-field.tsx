/** One setting in the dialog. */

import { useState } from "react";
import { changeSetting, useSetting } from "@/editor/settings";
import { type TextKey, useText } from "@/i18n/language";
import { Select } from "@/ui/select";
import { Switch } from "@/ui/switch";
import { TextField } from "@/ui/text-field";
import styles from "./settings-dialog.module.css";
import type { SettingLine } from "./settings-list";

type LineOf<Kind extends SettingLine["kind"]> = Extract<SettingLine, { kind: Kind }>;

interface FieldProps<Kind extends SettingLine["kind"]> {
  readonly line: LineOf<Kind>;
  readonly label: string;
}

/** The label at the left, what is changed at the right. */
export function SettingField({ line, label }: { readonly line: SettingLine; readonly label: string }) {
  switch (line.kind) {
    case "switch":
      return <SwitchField line={line} label={label} />;
    case "number":
      return <NumberField line={line} label={label} />;
    case "choice":
      return <ChoiceField line={line} label={label} />;
  }
}

function SwitchField({ line, label }: FieldProps<"switch">) {
  const checked = useSetting(line.key);
  return (
    <div className={styles.row}>
      <Switch
        className={styles.switch}
        label={label}
        checked={checked}
        onChange={(on) => changeSetting(line.key, on)}
      />
    </div>
  );
}

function NumberField({ line, label }: FieldProps<"number">) {
  const value = useSetting(line.key);
  const [typed, setTyped] = useState<string | null>(null);
  const take = (written: string) => {
    setTyped(written);
    const number = Number(written);
    if (Number.isInteger(number) && number >= line.min && number <= line.max) changeSetting(line.key, number);
  };
  return (
    <div className={styles.row}>
      <span aria-hidden>{label}</span>
      <TextField
        className={styles.number}
        label={label}
        hideLabel
        type="number"
        inputMode="numeric"
        min={line.min}
        max={line.max}
        value={typed ?? String(value)}
        onChange={take}
        onBlur={() => setTyped(null)}
      />
    </div>
  );
}

function ChoiceField({ line, label }: FieldProps<"choice">) {
  const text = useText();
  const value: string = useSetting(line.key);
  const options = line.options.map((option) => ({
    value: option,
    label: text(`shell.setting-${line.key}-${option}` as TextKey),
  }));
  return (
    <div className={styles.row}>
      <span aria-hidden>{label}</span>
      <Select
        className={styles.control}
        label={label}
        hideLabel
        value={value}
        options={options}
        onChange={(next) => changeSetting(line.key, next as never)}
      />
    </div>
  );
}
