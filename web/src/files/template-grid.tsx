/** Templates as cards with pictures, in groups; the arrow keys go from card to card. */

import { ImageOff } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { useText } from "@/i18n/language";
import { reportOpening } from "./report";
import styles from "./template-grid.module.css";
import { openTemplate, type Template, type TemplateGroup } from "./templates";

interface TemplateGridProps {
  readonly groups: readonly TemplateGroup[];
  /** Called when a template was opened. */
  readonly onOpened?: () => void;
}

/** Cards that each open a template as a new document. */
export function TemplateGrid({ groups, onOpened }: TemplateGridProps) {
  const headed = groups.length > 1;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys go between the buttons inside
    <div className={styles.groups} onKeyDown={goBetween}>
      {groups.map(({ title, templates }) => (
        <section key={title} className={styles.group} aria-label={title}>
          {headed && <h3 className={styles.heading}>{title}</h3>}
          <ul className={styles.grid}>
            {templates.map((template) => (
              <li key={template.id}>
                <Card template={template} onOpened={onOpened} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

interface CardProps {
  readonly template: Template;
  readonly onOpened: (() => void) | undefined;
}

function Card({ template, onOpened }: CardProps) {
  const text = useText();
  const [busy, setBusy] = useState(false);
  const { title, description } = template;
  const open = async () => {
    setBusy(true);
    const opened = await reportOpening(openTemplate(template), title);
    setBusy(false);
    if (opened) onOpened?.();
  };
  return (
    <button
      type="button"
      data-card
      className={styles.card}
      aria-busy={busy}
      title={description || title}
      aria-label={text("files.openTemplate", { title })}
      aria-description={description}
      onClick={() => void open()}
    >
      <Picture address={template.picture} />
      <span className={styles.title}>{title}</span>
      {description && <span className={styles.description}>{description}</span>}
    </button>
  );
}

function Picture({ address }: { readonly address: string }) {
  const [missing, setMissing] = useState(false);
  return (
    <span className={styles.picture}>
      {missing ? (
        <ImageOff size={24} strokeWidth={1.5} aria-hidden />
      ) : (
        <img src={address} alt="" loading="lazy" decoding="async" onError={() => setMissing(true)} />
      )}
    </span>
  );
}

const STEPS: Readonly<Record<string, (columns: number) => number>> = {
  ArrowRight: () => 1,
  ArrowLeft: () => -1,
  ArrowDown: (columns) => columns,
  ArrowUp: (columns) => -columns,
};

function goBetween(event: KeyboardEvent<HTMLDivElement>): void {
  const step = STEPS[event.key];
  const cards = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-card]")];
  const at = cards.indexOf(document.activeElement as HTMLElement);
  if (!step || at < 0) return;
  const top = cards[at]?.getBoundingClientRect().top;
  const columns = cards.filter((card) => card.getBoundingClientRect().top === top).length;
  const next = cards[at + step(columns)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
