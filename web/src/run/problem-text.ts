/** What is wrong, in the language of the interface where there are words for it. */

import { text } from "@/i18n/language";
import type { NodeProblem } from "./problems";

const KNOWN = [
  "value_not_in_list",
  "value_smaller_than_min",
  "value_bigger_than_max",
  "required_input_missing",
  "return_type_mismatch",
  "invalid_input_type",
  "bad_linked_input",
  "dependency_cycle",
  "prompt_no_outputs",
] as const;

/** Return one sentence. */
export function problemText({ type, message }: NodeProblem): string {
  const known = KNOWN.find((one) => one === type);
  return known ? text(`run.problem.${known}`) : message;
}
