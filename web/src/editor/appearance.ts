/** Makes the page look as the settings say: theme, motion, language. */

import { browserLanguage, useLanguage } from "@/i18n/language";
import { onSetting, type Settings, setting } from "./settings";

const LIGHT = "(prefers-color-scheme: light)";

/** Return the theme that a setting means on this machine now. */
export function themeOf(setting: Settings["theme"]): "dark" | "light" {
  if (setting !== "system") return setting;
  return matchMedia(LIGHT).matches ? "light" : "dark";
}

function showTheme(): void {
  const theme = themeOf(setting("theme"));
  document.documentElement.dataset.theme = theme;
  const color = getComputedStyle(document.documentElement).getPropertyValue("--surface-1");
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", color.trim());
}

function showMotion(reduce: boolean): void {
  if (reduce) document.documentElement.dataset.motion = "reduced";
  else delete document.documentElement.dataset.motion;
}

const showLanguage = (language: Settings["language"]): Promise<void> =>
  useLanguage.getState().setLanguage(language === "system" ? browserLanguage() : language);

/** Follow the settings from now on; resolves when the texts of the language are there. */
export async function followAppearance(): Promise<void> {
  onSetting("theme", showTheme);
  matchMedia(LIGHT).addEventListener("change", showTheme);
  onSetting("reduceMotion", showMotion);
  let first: Promise<void> = Promise.resolve();
  onSetting("language", (language) => {
    first = showLanguage(language);
  });
  await first;
}
