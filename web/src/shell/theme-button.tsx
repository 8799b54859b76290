/** The switch between dark and light. */

import { Moon, Sun } from "lucide-react";
import type { ComponentProps } from "react";
import { themeOf } from "@/editor/appearance";
import { changeSetting, useSetting } from "@/editor/settings";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/icon-button";
import { useSystemLight } from "@/ui/media";

/** Shows the theme that it switches to. */
export function ThemeButton(rest: ComponentProps<"button">) {
  const text = useText();
  useSystemLight();
  const theme = themeOf(useSetting("theme"));
  const other = theme === "dark" ? "light" : "dark";
  return (
    <IconButton
      {...rest}
      label={text(other === "light" ? "shell.theme-to-light" : "shell.theme-to-dark")}
      icon={other === "light" ? Sun : Moon}
      size="large"
      side="right"
      onClick={() => changeSetting("theme", other)}
    />
  );
}
