import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { dismissToast, toast, useToasts } from "@/ui/toast";
import { Toasts } from "@/ui/toasts";

beforeEach(() => {
  vi.useFakeTimers();
  useToasts.setState({ toasts: [] });
  render(<Toasts />);
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const pass = (seconds: number) => act(() => vi.advanceTimersByTime(seconds * 1000));

test("a message goes after its time, an error stays until it is closed", () => {
  act(() => {
    toast({ text: "Saved" });
    toast({ text: "Not saved", kind: "error" });
  });
  expect(screen.getByText("Not saved")).toBeTruthy();
  pass(6);
  expect(screen.queryByText("Saved")).toBeNull();
  expect(screen.getByText("Not saved")).toBeTruthy();
});

test("a message with the same key is replaced, and the oldest give way", () => {
  act(() => {
    toast({ text: "1 of 2", key: "upload" });
    toast({ text: "2 of 2", key: "upload" });
  });
  expect(screen.queryByText("1 of 2")).toBeNull();
  act(() => {
    for (const text of ["a", "b", "c", "d"]) toast({ text });
  });
  expect(screen.queryByText("2 of 2")).toBeNull();
  expect(screen.getAllByRole("button", { name: "Close" })).toHaveLength(4);
});

test("a message, be it an error, is in one live region alone, to be heard once", () => {
  act(() => void toast({ text: "Not saved", kind: "error" }));
  const live = "[aria-live], [role=alert], [role=status]";
  let around = 0;
  for (let at = screen.getByText("Not saved").closest(live); at; at = at.parentElement?.closest(live) ?? null)
    around += 1;
  expect(around).toBe(1);
});

test("a message can be taken away before its time", () => {
  let id = 0;
  act(() => {
    id = toast({ text: "Working", seconds: 0 });
  });
  pass(60);
  expect(screen.getByText("Working")).toBeTruthy();
  act(() => dismissToast(id));
  expect(screen.queryByText("Working")).toBeNull();
});
