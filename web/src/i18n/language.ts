/** The interface's language, and its texts. */

import { create } from "zustand";
import { en, type TextKey } from "./en";

/** A language that the interface speaks. */
export type Language = "en" | "zh";
/** Every text of the interface in one language. */
export type Texts = Readonly<Record<TextKey, string>>;

interface LanguageState {
  readonly language: Language;
  readonly texts: Texts;
  setLanguage(language: Language): Promise<void>;
}

/** Texts of languages besides English come as files of their own, when they are asked for. */
async function textsOf(language: Language): Promise<Texts> {
  return language === "zh" ? (await import("./zh")).zh : en;
}

/** The language that was asked for last: texts that come later are no longer wanted. */
let wanted: Language = "en";

/** The language that is shown and its texts; English until another one is loaded. */
export const useLanguage = create<LanguageState>((set) => ({
  language: "en",
  texts: en,
  setLanguage: async (language) => {
    wanted = language;
    const texts = await textsOf(language);
    if (wanted !== language) return;
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    set({ language, texts });
  },
}));

/** Return the language that the browser is set to; English where there are no texts in it. */
export const browserLanguage = (): Language => (navigator.language.startsWith("zh") ? "zh" : "en");

/** Fill `{name}` in a text. */
function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Return a text in the current language. For use outside React. */
export function text(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
  return fill(useLanguage.getState().texts[key], values);
}

/** Return the function that gives texts; the component is drawn anew when the language changes. */
export function useText(): typeof text {
  useLanguage(({ language }) => language);
  return text;
}

export type { TextKey };
