/** The list that a choice opens: searched, walked with the keys, and quick with thousands of entries. */

import { Command } from "cmdk";
import { Check, RefreshCw, Search, TriangleAlert } from "lucide-react";
import { type UIEvent, useMemo, useState } from "react";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import { nearestChoice } from "@/values/nearest-choice";
import { Popup } from "../popup";
import styles from "./choice-list.module.css";
import { byFolder, searchChoices } from "./choice-search";

/** Entries that are drawn at first, and that are added when the end of them comes near. */
const PORTION = 120;
/** Lists that are shorter are not worth a search field. */
const SEARCHED = 8;

/** What is offered, and where the list hangs. */
export interface ChoiceListProps {
  readonly anchor: HTMLElement;
  /** What is chosen, for screen readers. */
  readonly label: string;
  readonly choices: readonly string[];
  /** What is chosen now. */
  readonly value: string;
  readonly onPick: (choice: string) => void;
  readonly onClose: () => void;
  /** How an entry is written where it is not its own name. */
  readonly nameOf?: (choice: string) => string;
  /** Address of a small picture of an entry. */
  readonly pictureOf?: ((choice: string) => string) | undefined;
  /** Reads the list again from the server. */
  readonly onRefresh?: (() => Promise<void>) | undefined;
  /** The value is a file, a model: it is said when it is not in the list. */
  readonly mustExist?: boolean;
}

/** An open list of choices; Escape and a press elsewhere close it without a choice. */
export default function ChoiceList(props: ChoiceListProps) {
  const { anchor, label, choices, value, onPick, onClose, nameOf = same, mustExist = false } = props;
  const text = useText();
  const [query, setQuery] = useState("");
  const found = useMemo(() => searchChoices(choices, query, nameOf), [choices, query, nameOf]);
  const start = choices.includes(value) ? value : (choices[0] ?? "");
  const [current, setCurrent] = useState(start);
  const search = (next: string) => {
    setQuery(next);
    setCurrent(searchChoices(choices, next, nameOf)[0] ?? "");
  };
  return (
    <Popup anchor={anchor} label={label} onClose={onClose}>
      <Command
        label={label}
        className={styles.list}
        shouldFilter={false}
        vimBindings={false}
        loop
        value={current}
        onValueChange={setCurrent}
      >
        <div className={choices.length >= SEARCHED || props.onRefresh ? styles.head : "sr-only"}>
          <Search size={16} aria-hidden />
          <Command.Input
            autoFocus
            className={styles.search}
            value={query}
            onValueChange={search}
            placeholder={text("widgets.search")}
          />
          {props.onRefresh && <Refresh onRefresh={props.onRefresh} />}
        </div>
        {mustExist && value !== "" && !choices.includes(value) && (
          <Missing value={value} choices={choices} onPick={onPick} />
        )}
        <Entries {...props} found={found} nameOf={nameOf} query={query} />
      </Command>
    </Popup>
  );
}

const same = (choice: string): string => choice;

interface EntriesProps extends ChoiceListProps {
  readonly found: readonly string[];
  readonly nameOf: (choice: string) => string;
  readonly query: string;
}

function Entries({ found, value, query, onPick, nameOf, pictureOf }: EntriesProps) {
  const text = useText();
  const [shown, setShown] = useState(() => found.indexOf(value) + PORTION);
  const more = ({ currentTarget: list }: UIEvent<HTMLElement>) => {
    if (list.scrollTop + list.clientHeight * 2 > list.scrollHeight) {
      setShown((count) => (count < found.length ? count + PORTION : count));
    }
  };
  const folders = useMemo(() => grouped(found.slice(0, shown), query, nameOf), [found, shown, query, nameOf]);
  return (
    <Command.List className={styles.entries} onScroll={more}>
      {found.length === 0 && <p className={styles.none}>{text("widgets.noneFound")}</p>}
      {folders.map(({ folder, entries }) => (
        <Command.Group key={folder} {...(folder && { heading: folder })} className={styles.group}>
          {entries.map((choice) => (
            <Command.Item
              key={choice}
              value={choice}
              className={styles.entry}
              data-chosen={choice === value || undefined}
              onSelect={() => onPick(choice)}
            >
              {pictureOf && <img className={styles.picture} src={pictureOf(choice)} alt="" loading="lazy" />}
              <span className={styles.name}>{shortName(nameOf(choice), folder)}</span>
              {choice === value && <Check size={16} aria-label={text("widgets.chosen")} />}
            </Command.Item>
          ))}
        </Command.Group>
      ))}
    </Command.List>
  );
}

/** Group by folder while nothing is searched; results of a search stand in the order of their fit. */
function grouped(found: readonly string[], query: string, nameOf: (choice: string) => string) {
  if (nameOf !== same || query.trim() !== "") return [{ folder: "", entries: found }];
  return byFolder(found);
}

const shortName = (name: string, folder: string): string => (folder ? name.slice(folder.length + 1) : name);

function Refresh({ onRefresh }: { readonly onRefresh: () => Promise<void> }) {
  const text = useText();
  const [busy, setBusy] = useState(false);
  const refresh = () => {
    setBusy(true);
    onRefresh().finally(() => setBusy(false));
  };
  return (
    <IconButton
      label={text("widgets.refresh")}
      icon={RefreshCw}
      size="small"
      disabled={busy}
      className={busy ? styles.busy : undefined}
      onClick={refresh}
    />
  );
}

interface MissingProps {
  readonly value: string;
  readonly choices: readonly string[];
  readonly onPick: (choice: string) => void;
}

/** Says that the value is not in the list, and offers what is most like it. */
function Missing({ value, choices, onPick }: MissingProps) {
  const text = useText();
  const nearest = nearestChoice(value, choices);
  return (
    <div className={styles.missing}>
      <p>
        <TriangleAlert size={16} aria-hidden />
        {text("widgets.notThere", { name: value })}
      </p>
      {nearest && (
        <button type="button" className={styles.nearest} onClick={() => onPick(nearest)}>
          {text("widgets.useNearest", { name: nearest })}
        </button>
      )}
    </div>
  );
}
