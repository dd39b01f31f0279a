import { z } from 'zod'
import { expectationsSchema } from '../model/expectations.ts'
import { type Parsed, parseEngineUrl, parseHost } from './engine.ts'
import { httpConfigSchema } from './http.ts'

const tls = z.strictObject({ ca: z.string(), cert: z.string(), key: z.string() })

const target = z.strictObject({
  /**
   * `unix:///var/run/docker.sock`, `ssh://[user@]host[:port][/path/to.sock]`, `tcp://host:2376`, or `{ context: name }`.
   * Only where this is absent do `DOCKER_HOST`, `DOCKER_CONTEXT` and the docker CLI's current context count.
   */
  engine: z
    .union([
      z.string().superRefine(readable((url) => parseEngineUrl(url, undefined))),
      z.strictObject({ context: z.string().min(1) }),
    ])
    .optional(),
  /** Where commands run: `local`, `ssh://...` or `none`; by default where the engine is, and `none` for tcp. */
  host: z.string().superRefine(readable(parseHost)).optional(),
  /** PEM files for `tcp://`. */
  tls: tls.optional(),
  /** Plain tcp gives root to everybody on the way: it must be asked for in as many words. */
  insecurePlainTcp: z.boolean().default(false),
  /** An ssh_config to use instead of the user's own. */
  sshConfig: z.string().optional(),
  /** The Swarm's cluster id (`docker info`); the first-seen one holds where this is absent. */
  cluster: z.string().optional(),
  /** Deadline of a single request or command. */
  timeoutSeconds: z.number().positive().default(15),
  /** How web requests leave this machine: a SOCKS proxy, names and authorities of your own. */
  http: httpConfigSchema.optional(),
})

const reports = z.strictObject({
  /** Any folder, relative to the configuration file. */
  dir: z.string().default('reports'),
  /** `STATUS-<phase>.md`. */
  phase: z
    .string()
    .regex(/^[A-Za-z0-9._-]+$/, 'wanted letters, digits, dots, hyphens and underscores, as in M1')
    .default('pvcheck'),
})

/** The configuration file as a user writes it. */
export const configSchema = z.strictObject({
  /** Who owns what a run creates; shows up in labels and reports. */
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'wanted letters, digits, dots, hyphens and underscores, as in prod-1')
    .default('default'),
  target: target.prefault({}),
  expect: expectationsSchema.prefault({}),
  reports: reports.prefault({}),
  /** Values that must never be shown, beside those that pvcheck recognises by itself: names of environment variables. */
  secretsFromEnv: z.array(z.string()).default([]),
})
export type ConfigInput = z.input<typeof configSchema>
export type ParsedConfig = z.output<typeof configSchema>

/** The form of an address, told beside the problems of its neighbours. */
function readable(parse: (text: string) => Parsed<unknown>) {
  return (text: string, context: z.core.$RefinementCtx<string>): void => {
    const parsed = parse(text)
    if ('problem' in parsed) context.addIssue(parsed.problem)
  }
}
