/** A line to search with. */

import { Search } from "lucide-react";
import { TextField } from "./text-field";

interface SearchFieldProps {
  /** What is searched; it stands in the field while nothing is typed. */
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly className?: string | undefined;
}

/** A field with a lens, whose label is its placeholder. */
export function SearchField({ label, value, onChange, className }: SearchFieldProps) {
  return (
    <TextField
      {...(className && { className })}
      label={label}
      hideLabel
      placeholder={label}
      type="search"
      icon={Search}
      value={value}
      onChange={onChange}
    />
  );
}
