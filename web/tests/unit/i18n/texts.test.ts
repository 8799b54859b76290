import { expect, test } from "vitest";
import { en, type TextKey } from "@/i18n/en";
import { text, useLanguage } from "@/i18n/language";
import { zh } from "@/i18n/zh";

const keys = Object.keys(en) as TextKey[];
const placeholders = (sentence: string): string[] => [...sentence.matchAll(/\{\w+\}/g)].map(String).sort();

test("every text is there in Chinese", () => {
  expect(Object.keys(zh).sort()).toEqual([...keys].sort());
  expect(keys.filter((key) => zh[key].trim() === "")).toEqual([]);
});

test("no text is empty in English", () => {
  expect(keys.filter((key) => en[key].trim() === "")).toEqual([]);
});

test("both languages fill in the same values", () => {
  const different = keys.filter((key) => String(placeholders(en[key])) !== String(placeholders(zh[key])));
  expect(different).toEqual([]);
});

test("Chinese sentences have Chinese marks", () => {
  const halfWide = /[\u4e00-\u9fff][,:;?!]|[,:;?!][\u4e00-\u9fff]/;
  expect(keys.filter((key) => halfWide.test(zh[key]))).toEqual([]);
});

test("values are filled in; what has no value stays as it is", () => {
  expect(text("shell.close-panel", { panel: "Queue" })).toBe("Close Queue");
  expect(text("shell.close-panel")).toBe("Close {panel}");
});

test("the page says which language it is in", async () => {
  await useLanguage.getState().setLanguage("zh");
  expect(document.documentElement.lang).toBe("zh-CN");
  expect(text("common.cancel")).toBe("取消");
  await useLanguage.getState().setLanguage("en");
  expect(document.documentElement.lang).toBe("en");
  expect(text("common.cancel")).toBe("Cancel");
});

test("of two languages that are asked for, the later one is shown, whichever texts come first", async () => {
  const { setLanguage } = useLanguage.getState();
  await Promise.all([setLanguage("zh"), setLanguage("en")]);
  expect(text("common.cancel")).toBe("Cancel");
  expect(document.documentElement.lang).toBe("en");
});
