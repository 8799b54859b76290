/** Shows the questions of `confirm`, `choose` and `promptText`, one after another. */

import { type SyntheticEvent, useState } from "react";
import { useText } from "@/i18n/language";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { type Question, useQuestions } from "./question";
import { TextField } from "./text-field";

/** The dialog of the question that is asked now. Mounted once. */
export function Questions() {
  const question = useQuestions(({ questions }) => questions[0]);
  return question ? <QuestionDialog key={question.id} question={question} /> : null;
}

function QuestionDialog({ question }: { readonly question: Question }) {
  const text = useText();
  const [value, setValue] = useState(question.field?.value ?? "");
  const trimmed = value.trim();
  const problem = question.field?.check?.(trimmed) ?? null;
  const blocked = question.field !== undefined && (trimmed === "" || problem !== null);
  const form = `question-${question.id}`;
  const send = (event: SyntheticEvent<HTMLFormElement, SubmitEvent>) => {
    event.preventDefault();
    const main = question.choices.at(-1);
    if (main && !blocked) question.answer({ choice: main.id, value: trimmed });
  };
  const footer = (
    <>
      <Button onClick={() => question.answer(null)}>{text("common.cancel")}</Button>
      {question.choices.map((choice, place) => (
        <Button
          key={choice.id}
          kind={choice.kind ?? "plain"}
          disabled={blocked}
          autoFocus={!question.field && place === question.choices.length - 1}
          onClick={() => question.answer({ choice: choice.id, value: trimmed })}
        >
          {choice.label}
        </Button>
      ))}
    </>
  );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && question.answer(null)}
      title={question.title}
      {...(question.text && { description: question.text })}
      size="small"
      role="alertdialog"
      footer={footer}
    >
      {question.field && (
        <form id={form} onSubmit={send}>
          <TextField
            label={question.field.label}
            value={value}
            onChange={setValue}
            error={value === question.field.value ? null : problem}
            autoFocus
            onFocus={(event) => event.currentTarget.select()}
          />
        </form>
      )}
    </Dialog>
  );
}
