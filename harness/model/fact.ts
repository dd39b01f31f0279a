import type { z } from 'zod'

/** Something that can be asked of a target: its stable name and the shape of the answer. How to ask is `observe`'s matter. */
export interface Fact<T> {
  readonly name: string
  /** What is asked, as a reader would say it: "the list of services". */
  readonly what: string
  readonly schema: z.ZodType<T>
}

/** An answer that was saved before anybody judged it. */
export interface Observed<T> {
  readonly value: T
  /** The record that holds the raw answer. */
  readonly seq: number
}

/** Reads facts; each is asked at most once by a reader, and saved raw before it is decoded. */
export interface FactReader {
  /** Throws a `PvcheckError` when it cannot be asked or does not have the shape of the fact. */
  read<T>(fact: Fact<T>): Promise<Observed<T>>
}

/** A reader that can also be told: what a run did is saved and judged like what it asked. */
export interface FactKeeper extends FactReader {
  /** Saves `raw` as the answer that whoever reads the fact from now on gets. Throws what `read` does. */
  keep<T>(fact: Fact<T>, raw: unknown): Promise<Observed<T>>
}
