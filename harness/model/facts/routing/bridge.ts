import { z } from 'zod'
import type { Fact } from '../../fact.ts'
import { rawCommandSchema } from '../raw-command.ts'

const schema = z.object({
  /** What curl on the manager had from the health URL, then a line with the status; absent where none is configured. */
  health: rawCommandSchema.optional(),
  /** Why a configured health URL could not be asked: no command can be run on the manager. */
  healthUnasked: z.string().optional(),
  log: z.discriminatedUnion('state', [
    /** The newest lines, the last one last; times are the engine's, ISO 8601. */
    z.object({
      state: z.literal('read'),
      /** The engine's clock when the lines were read, ISO 8601. */
      now: z.string(),
      lines: z.array(z.object({ at: z.string(), text: z.string() })),
      /** What the engine could not get at, in its own words: there may be younger lines than these. */
      gap: z.string().optional(),
    }),
    /** The service's log driver cannot be read from. */
    z.object({ state: z.literal('unreadable'), why: z.string() }),
    z.object({ state: z.literal('no service') }),
  ]),
})
export type Bridge = z.infer<typeof schema>

export const bridge: Fact<Bridge> = {
  name: 'bridge',
  what: "the bridge's health, and the last lines of its log",
  schema,
}
