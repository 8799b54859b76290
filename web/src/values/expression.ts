/** Sums that are typed into a number field, such as `512*1.5` or `(3+1)/2`. */

const TOKEN = /\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([-+*/%^()]))/y;

function tokens(text: string): string[] {
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new SyntaxError(`"${text.slice(at)}" is not part of a sum`);
    found.push(match[1] ?? match[2] ?? "");
  }
  return found;
}

type Operation = (left: number, right: number) => number;

const LEVELS: readonly Readonly<Record<string, Operation>>[] = [
  { "+": (a, b) => a + b, "-": (a, b) => a - b },
  { "*": (a, b) => a * b, "/": (a, b) => a / b, "%": (a, b) => a % b },
];

/** Reads the tokens of one sum from the left. */
class Reader {
  #tokens: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokens(text.trim());
  }

  whole(): number {
    const value = this.#level(0);
    if (this.#at < this.#tokens.length) throw new SyntaxError(`"${this.#tokens[this.#at]}" is not expected`);
    return value;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #level(depth: number): number {
    const operations = LEVELS[depth];
    if (!operations) return this.#signed();
    let value = this.#level(depth + 1);
    for (;;) {
      const operation = operations[this.#tokens[this.#at] ?? ""];
      if (!operation) return value;
      this.#at += 1;
      value = operation(value, this.#level(depth + 1));
    }
  }

  #signed(): number {
    if (this.#take("-")) return -this.#signed();
    if (this.#take("+")) return this.#signed();
    const base = this.#single();
    return this.#take("^") ? base ** this.#signed() : base;
  }

  #single(): number {
    if (this.#take("(")) {
      const value = this.#level(0);
      if (!this.#take(")")) throw new SyntaxError("a bracket is not closed");
      return value;
    }
    const value = Number(this.#tokens[this.#at] || Number.NaN);
    if (Number.isNaN(value)) throw new SyntaxError("a number is missing");
    this.#at += 1;
    return value;
  }
}

/** Return what a sum comes to; throws a SyntaxError for anything but a sum with a finite result. */
export function evaluate(text: string): number {
  const value = new Reader(text).whole();
  if (!Number.isFinite(value)) throw new SyntaxError("the result is not a number");
  return value;
}
