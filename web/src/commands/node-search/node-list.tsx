/** What the window for adding nodes shows: the field, filters, the kinds that fit, and a closer look at one. */

import { Command } from "cmdk";
import { Search, SearchX } from "lucide-react";
import { type KeyboardEvent, useMemo, useState } from "react";
import type { SocketRef } from "@/canvas/canvas-state";
import type { NodeDefinition } from "@/catalogue/definitions";
import { useCatalogue } from "@/catalogue/state";
import { text as say, useText } from "@/i18n/language";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { useIsTouch } from "@/ui/media";
import palette from "../palette.module.css";
import { FilterChips } from "./filter-chips";
import { type NodeFilter, type NodeGroup, nodeGroups } from "./node-filter";
import { NodeItem } from "./node-item";
import styles from "./node-palette.module.css";
import { NodePreview } from "./node-preview";
import { toggleFavourite, useNodeUsage } from "./node-usage";

interface NodeListProps {
  /** The socket that the node will be joined to. */
  readonly from?: SocketRef;
  readonly onChoose: (definition: NodeDefinition) => void;
}

/** A node joined to an output must take its type, one joined to an input must give it. */
function filterFor(from: SocketRef | undefined): NodeFilter {
  if (!from || typeof from.type !== "string") return {};
  return from.side === "output" ? { input: from.type } : { output: from.type };
}

const valueFor = ({ kind }: NodeGroup, { type }: NodeDefinition): string => `${kind}/${type}`;

function headingOf({ kind, name }: NodeGroup): string | undefined {
  if (kind === "found") return undefined;
  return kind === "category"
    ? name.replaceAll("/", " › ") || say("shell.no-category")
    : say(`shell.nodes-${kind}`);
}

/** What fits, and what is looked at. */
function useFound(from: SocketRef | undefined) {
  const catalogue = useCatalogue((state) => state.catalogue);
  const usage = useNodeUsage();
  const [query, setQuery] = useState("");
  const [filter, setFilter] = useState<NodeFilter>(() => filterFor(from));
  const [value, setValue] = useState("");
  const groups = useMemo(
    () => nodeGroups(catalogue, query, filter, usage),
    [catalogue, query, filter, usage],
  );
  const shown = catalogue.get(value.slice(value.indexOf("/") + 1)) ?? groups[0]?.nodes[0];
  const { favourites } = usage;
  return { query, setQuery, filter, setFilter, value, setValue, groups, shown, favourites };
}

/** The field, the filters and the kinds of nodes found; the one that is chosen is shown beside them. */
export function NodeList({ from, onChoose }: NodeListProps) {
  const text = useText();
  const touch = useIsTouch();
  const found = useFound(from);
  const { filter, setFilter, groups, shown, favourites } = found;
  const press = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== "d" || !shown) return;
    event.preventDefault();
    toggleFavourite(shown.type);
  };
  return (
    <Command
      label={text("shell.add-node")}
      shouldFilter={false}
      vimBindings={false}
      loop
      value={found.value}
      onValueChange={found.setValue}
      className={styles.command}
      onKeyDown={press}
    >
      <div className={palette.search}>
        <Search size={18} aria-hidden />
        <Command.Input
          className={palette.input}
          placeholder={text("shell.add-node-placeholder")}
          value={found.query}
          onValueChange={found.setQuery}
          autoFocus={!touch}
        />
      </div>
      <FilterChips filter={filter} onChange={setFilter} />
      <div className={styles.columns}>
        <Groups groups={groups} favourites={favourites} onChoose={onChoose} />
        {groups.length === 0 && (
          <NothingFound
            onClear={() => setFilter({})}
            filtered={Object.values(filter).some((one) => one !== undefined)}
          />
        )}
        {shown && groups.length > 0 && (
          <NodePreview definition={shown} favourite={favourites.includes(shown.type)} />
        )}
      </div>
    </Command>
  );
}

interface GroupsProps {
  readonly groups: readonly NodeGroup[];
  readonly favourites: readonly string[];
  readonly onChoose: (definition: NodeDefinition) => void;
}

function Groups({ groups, favourites, onChoose }: GroupsProps) {
  const text = useText();
  return (
    <Command.List className={styles.list} label={text("shell.add-node")}>
      {groups.map((group) => (
        <Command.Group
          key={`${group.kind}/${group.name}`}
          className={palette.group}
          heading={headingOf(group)}
        >
          {group.nodes.map((one) => (
            <NodeItem
              key={one.type}
              definition={one}
              value={valueFor(group, one)}
              placed={group.kind === "category"}
              favourite={favourites.includes(one.type)}
              onChoose={onChoose}
            />
          ))}
        </Command.Group>
      ))}
    </Command.List>
  );
}

interface NothingFoundProps {
  readonly filtered: boolean;
  readonly onClear: () => void;
}

function NothingFound({ filtered, onClear }: NothingFoundProps) {
  const text = useText();
  return (
    <EmptyState
      icon={SearchX}
      title={text("shell.nothing-found")}
      text={text(filtered ? "shell.no-node-filtered" : "shell.nothing-found-detail")}
      {...(filtered && { action: <Button onClick={onClear}>{text("shell.clear-filters")}</Button> })}
    />
  );
}
