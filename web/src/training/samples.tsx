/** Pictures that were drawn while training: over time, with the weights as they are beside the averaged ones. */

import { useState } from "react";
import { useText } from "@/i18n/language";
import { Select } from "@/ui/select";
import { Slider } from "@/ui/slider";
import { pictureUrl, type Sample } from "./runs";
import styles from "./samples.module.css";
import { showPicture } from "./show-picture";

interface SamplesProps {
  readonly run: string;
  readonly samples: readonly Sample[];
  readonly prompts: readonly string[];
}

/** Kinds of weights in the order in which their pictures stand side by side. */
const KINDS = ["raw", "ema"] as const;

/** One prompt's pictures at one step, a slider over the steps, and a strip of all of them. */
export function Samples({ run, samples, prompts }: SamplesProps) {
  const text = useText();
  const [chosen, setChosen] = useState<number | null>(null);
  const [prompt, setPrompt] = useState(0);
  const place = chosen === null ? samples.length - 1 : Math.min(chosen, samples.length - 1);
  const sample = samples[place];
  if (!sample) return <p className={styles.none}>{text("training.no-samples")}</p>;
  const choose = (at: number) => setChosen(at === samples.length - 1 ? null : at);
  const shown = Math.min(prompt, Math.max(prompts.length - 1, 0));
  return (
    <section className={styles.section} aria-label={text("training.samples")}>
      {prompts.length > 1 && (
        <Select
          label={text("training.prompt")}
          value={String(shown)}
          options={prompts.map((label, at) => ({ value: String(at), label: label || text("common.none") }))}
          onChange={(at) => setPrompt(Number(at))}
        />
      )}
      <Pair run={run} sample={sample} place={shown} prompt={prompts[shown] ?? ""} />
      {samples.length > 1 && (
        <>
          <div className={styles.time}>
            <span>{text("training.at-step", { step: sample.step })}</span>
            <Slider
              label={text("training.samples-step")}
              value={place}
              min={0}
              max={samples.length - 1}
              onChange={choose}
              valueText={String(sample.step)}
            />
          </div>
          <Strip run={run} samples={samples} place={place} prompt={shown} onChoose={choose} />
        </>
      )}
    </section>
  );
}

interface PairProps {
  readonly run: string;
  readonly sample: Sample;
  /** Place of the prompt. */
  readonly place: number;
  readonly prompt: string;
}

/** The same noise drawn with the weights as they are and, where there is one, with their average. */
function Pair({ run, sample, place, prompt }: PairProps) {
  const text = useText();
  const kinds = KINDS.filter((kind) => sample.pictures[kind]?.[place] !== undefined);
  const pictures = kinds.map((kind) => ({
    kind,
    url: pictureUrl(run, sample.pictures[kind]?.[place] ?? ""),
    name: text("training.picture", { prompt, step: sample.step, weights: text(`training.${kind}`) }),
  }));
  return (
    <div className={styles.pair}>
      {pictures.map(({ kind, url, name }, at) => (
        <figure key={kind} className={styles.picture}>
          <button
            type="button"
            className={styles.open}
            title={text("training.larger")}
            onClick={() => showPicture(pictures, at)}
          >
            <img src={url} alt={name} />
          </button>
          <figcaption>{text(`training.${kind}`)}</figcaption>
        </figure>
      ))}
    </div>
  );
}

interface StripProps {
  readonly run: string;
  readonly samples: readonly Sample[];
  readonly place: number;
  readonly prompt: number;
  readonly onChoose: (place: number) => void;
}

/** A small picture for each step, the averaged one where there is one. */
function Strip({ run, samples, place, prompt, onChoose }: StripProps) {
  const text = useText();
  return (
    <ol className={styles.strip}>
      {samples.map(({ step, pictures }, at) => {
        const file = (pictures.ema ?? pictures.raw)?.[prompt];
        return (
          <li key={step}>
            <button
              type="button"
              className={styles.small}
              aria-pressed={at === place}
              aria-label={text("training.at-step", { step })}
              onClick={() => onChoose(at)}
            >
              {file && <img src={pictureUrl(run, file)} alt="" loading="lazy" />}
              <span>{step}</span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}
