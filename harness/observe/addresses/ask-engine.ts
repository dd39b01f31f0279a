import type { Asker } from '../question.ts'

/** Asks the engine, and throws on anything but a 2xx answer; the path is for whoever notes it down. */
export type AskEngine = Asker['engine']
