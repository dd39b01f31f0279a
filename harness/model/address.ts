import { z } from 'zod'
import { httpAddressSchema } from './http.ts'

/** Where the Engine API is, after the configuration was read: exactly one way in. */
export const engineAddressSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('unix'), socketPath: z.string().startsWith('/') }),
  /** An OpenSSH tunnel to `socketPath` there, with the user's own ssh configuration. */
  z.strictObject({
    kind: z.literal('ssh'),
    destination: z.string(),
    port: z.number().optional(),
    socketPath: z.string(),
  }),
  z.strictObject({
    kind: z.literal('tcp'),
    host: z.string(),
    port: z.number(),
    /** Absent only where the configuration says `insecurePlainTcp: true`. */
    tls: z.strictObject({ ca: z.string(), cert: z.string(), key: z.string() }).optional(),
  }),
])
export type EngineAddress = z.infer<typeof engineAddressSchema>

/** Where commands run. */
export const hostAddressSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('local') }),
  z.strictObject({ kind: z.literal('ssh'), destination: z.string(), port: z.number().optional() }),
  z.strictObject({ kind: z.literal('none'), reason: z.string() }),
])
export type HostAddress = z.infer<typeof hostAddressSchema>

/** All that is needed to reach a target, and to be sure that it is the right one. */
export const targetAddressSchema = z.strictObject({
  engine: engineAddressSchema,
  host: hostAddressSchema,
  /** An ssh_config to use instead of the user's own. */
  sshConfigPath: z.string().optional(),
  /** The expected cluster id; the first-seen one holds where this is absent. */
  cluster: z.string().optional(),
  timeoutMs: z.number(),
  /** Defaults where it is absent. */
  http: httpAddressSchema.optional(),
})
export type TargetAddress = z.infer<typeof targetAddressSchema>

/** The target as it may be shown: no passwords (there are none in an address), no key paths. */
export function labelOf(address: TargetAddress): string {
  const { engine } = address
  switch (engine.kind) {
    case 'unix':
      return `unix://${engine.socketPath}`
    case 'ssh':
      return `ssh://${engine.destination}${engine.port === undefined ? '' : `:${engine.port}`}${engine.socketPath}`
    case 'tcp':
      return `tcp://${engine.host}:${engine.port}`
  }
}
