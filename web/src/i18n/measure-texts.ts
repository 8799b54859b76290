/** Times and sizes in words. */

import { text, useLanguage } from "./language";

/** Return a duration, given in seconds: `0.4 s`, `12 s`, `3:05`, `1:02:03`. */
export function durationText(seconds: number): string {
  if (seconds < 0.0995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** Return how much memory that is: `12 MB`, `3.4 GB`; in powers of 1,024. */
export function bytesText(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  const value = bytes / 1024 ** power;
  return `${value >= 99.5 || power === 0 ? Math.round(value) : value.toPrecision(2)} ${units[power]}`;
}

/** Return when something was, seen from now: "just now", "5 min ago", else the day and the time. */
export function agoText(time: number, now = Date.now()): string {
  const seconds = (now - time) / 1000;
  if (seconds < 45) return text("run.justNow");
  const { language } = useLanguage.getState();
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
  if (seconds < 3600) return relative.format(-Math.round(seconds / 60), "minute");
  if (seconds < 86_400) return relative.format(-Math.round(seconds / 3600), "hour");
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(time);
}
