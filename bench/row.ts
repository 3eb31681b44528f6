import type { EngineName } from './engines.ts';

export type Unit = 'ms' | 's' | 'MB' | 'requests/s';

/** What a figure must reach: at least or at most so much, of the ratio or of the value itself. */
export interface Bar {
  readonly of: 'ratio' | 'value';
  readonly least?: number;
  readonly most?: number;
}

/** A line of the table. */
export interface Row {
  readonly name: string;
  readonly engine: EngineName;
  readonly unit: Unit;
  readonly value: number;
  /** What it is measured against, in the same unit; null where the bar is a plain figure. */
  readonly baseline: { readonly name: string; readonly value: number } | null;
  /** The median over the rounds of value ÷ baseline. */
  readonly ratio: number | null;
  /** Null where it is only reported. */
  readonly bar: Bar | null;
  readonly ok: boolean;
}

/** A row with its verdict. */
export function row(facts: Omit<Row, 'ok'>): Row {
  const { bar, ratio, value } = facts;
  const figure = bar?.of === 'ratio' ? (ratio ?? Number.NaN) : value;
  const ok = bar === null || (figure >= (bar.least ?? Number.NEGATIVE_INFINITY) && figure <= (bar.most ?? Infinity));
  return { ...facts, ok };
}
