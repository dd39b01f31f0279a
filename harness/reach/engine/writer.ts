import type { AskOptions, EngineAnswer } from './reader.ts'

/** An object as the Engine API takes it: raw JSON, so that nothing is lost on the way. */
export type ObjectSpec = Readonly<Record<string, unknown>>

/**
 * The bare writing hand: each method makes the one request it names, and a refusal is an answer. Only `act` is given
 * one, and nobody uses it as it is: see `harness/act/hand`. Never asks twice: whoever lost an answer must look.
 * Each throws a `PvcheckError` when no answer came; the change may have been made all the same.
 */
export interface EngineWriter {
  /** Pulls nothing: the image is resolved by nobody but the nodes. The body of a 201 has the `ID`. */
  createService(spec: ObjectSpec, options?: AskOptions): Promise<EngineAnswer>
  removeService(id: string, options?: AskOptions): Promise<EngineAnswer>
  /** The body of a 201 has the `Id`. */
  createNetwork(spec: ObjectSpec, options?: AskOptions): Promise<EngineAnswer>
  removeNetwork(id: string, options?: AskOptions): Promise<EngineAnswer>
  /** The body of a 201 has the `ID`; 409 where the name is taken. */
  createConfig(spec: ObjectSpec, options?: AskOptions): Promise<EngineAnswer>
  /** Only labels can change. `version` is the index of the version that was read: refused where it has moved on. */
  updateConfig(id: string, version: number, spec: ObjectSpec, options?: AskOptions): Promise<EngineAnswer>
  removeConfig(id: string, options?: AskOptions): Promise<EngineAnswer>
  createSecret(spec: ObjectSpec, options?: AskOptions): Promise<EngineAnswer>
  removeSecret(id: string, options?: AskOptions): Promise<EngineAnswer>
  /** Of the engine that is asked, running or not, with the volumes that have no name and that nobody else uses. */
  removeContainer(id: string, options?: AskOptions): Promise<EngineAnswer>
}
