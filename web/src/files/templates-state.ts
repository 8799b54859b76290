/** The templates that there are, loaded when they are wanted. */

import { useEffect } from "react";
import { create } from "zustand";
import { reasonOf } from "./report";
import { loadTemplates, type TemplateGroup } from "./templates";

interface Templates {
  /** Null until they are loaded. */
  readonly groups: readonly TemplateGroup[] | null;
  readonly error: string | null;
}

const useTemplatesState = create<Templates>(() => ({ groups: null, error: null }));

let loading = false;

/** Load the list; a failure is told in `error`. */
export async function refreshTemplates(): Promise<void> {
  if (loading) return;
  loading = true;
  try {
    useTemplatesState.setState({ groups: await loadTemplates(), error: null });
  } catch (error) {
    useTemplatesState.setState({ error: reasonOf(error) });
  } finally {
    loading = false;
  }
}

/** Return the templates; they are loaded when a component asks for them first. */
export function useTemplates(): Templates {
  useEffect(() => {
    if (useTemplatesState.getState().groups === null) void refreshTemplates();
  }, []);
  return useTemplatesState();
}

/** Return the groups with what matches all words of a search, in title, name or description. */
export function matching(groups: readonly TemplateGroup[], search: string): readonly TemplateGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return groups;
  return groups
    .map(({ title, templates }) => ({
      title,
      templates: templates.filter((one) => {
        const all = `${one.title} ${one.id} ${one.description} ${title}`.toLowerCase();
        return words.every((word) => all.includes(word));
      }),
    }))
    .filter(({ templates }) => templates.length > 0);
}
