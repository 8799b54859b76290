/** Keys as people read them. */

import styles from "./keys.module.css";

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

const SIGNS: Readonly<Record<string, string>> = {
  mod: MAC ? "⌘" : "Ctrl",
  shift: MAC ? "⇧" : "Shift",
  alt: MAC ? "⌥" : "Alt",
  ctrl: MAC ? "⌃" : "Ctrl",
  enter: "Enter",
  escape: "Esc",
  delete: "Del",
  backspace: "⌫",
  space: "Space",
  tab: "Tab",
  arrowup: "↑",
  arrowdown: "↓",
  arrowleft: "←",
  arrowright: "→",
  plus: "+",
  pageup: "Page Up",
  pagedown: "Page Down",
};

/** Return the single keys of `mod+shift+z`; the last one may be `+` itself. */
export function keyParts(keys: string): readonly string[] {
  return keys.endsWith("+") ? [...keys.slice(0, -1).split("+").filter(Boolean), "plus"] : keys.split("+");
}

/** Return the single keys of `mod+shift+z` as they are labelled on this machine's keyboard. */
export function keyLabels(keys: string): readonly string[] {
  return keyParts(keys).map((key) => SIGNS[key] ?? `${key.charAt(0).toUpperCase()}${key.slice(1)}`);
}

/** Keys such as `mod+z`, each drawn as a key cap. */
export function Keys({ keys }: { readonly keys: string }) {
  return (
    <span className={styles.keys}>
      {keyLabels(keys).map((label) => (
        <kbd key={label} className={styles.key}>
          {label}
        </kbd>
      ))}
    </span>
  );
}
