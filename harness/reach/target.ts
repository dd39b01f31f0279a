import { z } from 'zod'
import { targetAddressSchema } from '../model/address.ts'
import type { Fingerprint } from '../model/record.ts'
import { fingerprintSchema } from '../model/record.ts'
import type { EngineReader } from './engine/reader.ts'
import type { HostRunner } from './host/runner.ts'
import type { HttpClient } from './http/http.ts'

/** The Swarm under verification, as far as a reader needs it. */
export interface Target {
  /** How it may be shown; see `labelOf`. */
  readonly label: string
  /** `engine` is its version, as in `20.10.24 (API 1.41)`; `node` the id of the node that was asked. */
  readonly fingerprint: Fingerprint
  readonly engine: EngineReader
  readonly host: HostRunner | { readonly unavailable: string }
  readonly http: HttpClient
}

const sshMasterSchema = z.strictObject({
  controlPath: z.string(),
  destination: z.string(),
})
export type SshMasterHandle = z.infer<typeof sshMasterSchema>

/** All that another process of the same run needs to use a connection; plain data, no secrets. */
export const connectionHandleSchema = z.strictObject({
  address: targetAddressSchema,
  fingerprint: fingerprintSchema,
  apiVersion: z.string(),
  /** Where the engine's socket ends on this machine, when it came through a tunnel. */
  tunnelSocket: z.string().optional(),
  engineMaster: sshMasterSchema.optional(),
  hostMaster: sshMasterSchema.optional(),
})
export type ConnectionHandle = z.infer<typeof connectionHandleSchema>

/** Owned by the process that opened it; closing twice is not an error. */
export interface Connection extends AsyncDisposable {
  readonly target: Target
  readonly handle: ConnectionHandle
  /** Aborts with a `PvcheckError` as its reason: `REACH_SSH_LOST` or `REACH_ENGINE_GONE`. */
  readonly signal: AbortSignal
}
