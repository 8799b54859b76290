import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { NameInput } from "@/ui/name-input";

afterEach(cleanup);

const tooShort = (name: string): string | null => (name.length < 3 ? "Too short" : null);

function shown(check?: (name: string) => string | null) {
  const onDone = vi.fn();
  const onKeyDown = vi.fn();
  render(
    // biome-ignore lint/a11y/noStaticElementInteractions: what hears the keys that the field lets through
    <div onKeyDown={onKeyDown}>
      <NameInput label="Name" value="portrait" {...(check && { check })} onDone={onDone} />
    </div>,
  );
  return { field: screen.getByRole<HTMLInputElement>("textbox", { name: "Name" }), onDone, onKeyDown };
}

test("the field has the focus, and its name is selected", () => {
  const { field } = shown();
  expect(document.activeElement).toBe(field);
  expect([field.selectionStart, field.selectionEnd]).toEqual([0, "portrait".length]);
});

test("Enter takes what was typed, once, though the field is left thereafter", () => {
  const { field, onDone } = shown();
  fireEvent.change(field, { target: { value: "landscape" } });
  fireEvent.keyDown(field, { key: "Enter" });
  fireEvent.blur(field);
  expect(onDone.mock.calls).toEqual([["landscape"]]);
});

test("leaving the field takes what was typed; Escape does not, though the field is left thereafter", () => {
  const { field, onDone } = shown();
  fireEvent.change(field, { target: { value: "landscape" } });
  fireEvent.keyDown(field, { key: "Escape" });
  fireEvent.blur(field);
  expect(onDone.mock.calls).toEqual([[null]]);
  cleanup();
  const again = shown();
  fireEvent.change(again.field, { target: { value: "landscape" } });
  fireEvent.blur(again.field);
  expect(again.onDone.mock.calls).toEqual([["landscape"]]);
});

test("Enter that ends the writing of a sign does not end the name", () => {
  const { field, onDone } = shown();
  fireEvent.keyDown(field, { key: "Enter", isComposing: true });
  expect(onDone).not.toHaveBeenCalled();
});

test("a wrong name is not taken: Enter leaves the field open and says why", () => {
  const { field, onDone } = shown(tooShort);
  fireEvent.change(field, { target: { value: "ab" } });
  fireEvent.keyDown(field, { key: "Enter" });
  expect(onDone).not.toHaveBeenCalled();
  expect(screen.getByRole("alert").textContent).toBe("Too short");
  fireEvent.blur(field);
  expect(onDone.mock.calls).toEqual([[null]]);
});

test("keys that write stay in the field; those of commands get through", () => {
  const { field, onKeyDown } = shown();
  fireEvent.keyDown(field, { key: "Delete" });
  expect(onKeyDown).not.toHaveBeenCalled();
  fireEvent.keyDown(field, { key: "s", ctrlKey: true });
  expect(onKeyDown).toHaveBeenCalledOnce();
});
