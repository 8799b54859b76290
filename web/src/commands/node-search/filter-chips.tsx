/** The filters of the window for adding nodes. */

import { ChevronDown, X } from "lucide-react";
import { useMemo } from "react";
import { socketColor } from "@/catalogue/socket-types";
import { useCatalogue } from "@/catalogue/state";
import { useText } from "@/i18n/language";
import { classNames } from "@/ui/class-names";
import { Menu } from "@/ui/menu";
import { filterChoices, type NodeFilter } from "./node-filter";
import styles from "./node-palette.module.css";

interface FilterChipsProps {
  readonly filter: NodeFilter;
  readonly onChange: (filter: NodeFilter) => void;
}

/** One chip for each thing that can be asked for: a type that is taken, one that is given, a pack. */
export function FilterChips({ filter, onChange }: FilterChipsProps) {
  const text = useText();
  const catalogue = useCatalogue((state) => state.catalogue);
  const { inputs, outputs, packs } = useMemo(() => filterChoices(catalogue), [catalogue]);
  const chips = [
    { key: "input", label: text("shell.filter-input"), choices: inputs, typed: true },
    { key: "output", label: text("shell.filter-output"), choices: outputs, typed: true },
    { key: "pack", label: text("shell.filter-pack"), choices: packs, typed: false },
  ] as const;
  return (
    <fieldset className={styles.chips}>
      <legend className="sr-only">{text("shell.filters")}</legend>
      {chips.map(({ key, label, choices, typed }) => (
        <Chip
          key={key}
          label={label}
          value={filter[key]}
          choices={choices}
          typed={typed}
          onChange={(value) => onChange({ ...filter, [key]: value })}
        />
      ))}
    </fieldset>
  );
}

interface ChipProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly choices: readonly string[];
  /** The choices are types of sockets, which have colours. */
  readonly typed: boolean;
  readonly onChange: (value: string | undefined) => void;
}

function Chip({ label, value, choices, typed, onChange }: ChipProps) {
  const text = useText();
  const entries = () =>
    choices.map((choice) => ({
      label: choice,
      ...(typed && { color: socketColor(choice) }),
      onSelect: () => onChange(choice),
    }));
  return (
    <span className={classNames(styles.chip, value !== undefined && styles.chosen)}>
      <Menu entries={entries}>
        <button type="button" className={styles.chipButton}>
          {label}
          {value !== undefined && <strong>{value}</strong>}
          {value === undefined && <ChevronDown size={14} aria-hidden />}
        </button>
      </Menu>
      {value !== undefined && (
        <button
          type="button"
          className={styles.chipClear}
          aria-label={text("shell.clear-filter", { filter: label })}
          onClick={() => onChange(undefined)}
        >
          <X size={14} aria-hidden />
        </button>
      )}
    </span>
  );
}
