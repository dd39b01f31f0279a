import { PvcheckError } from '../../core/errors.ts'
import { attachWriter } from '../../reach/attach-writer.ts'
import type { EngineReader } from '../../reach/engine/reader.ts'
import type { Connection } from '../../reach/target.ts'
import type { Janitor } from '../janitor/start.ts'
import { createEngineClock } from '../mark/engine-clock.ts'
import type { Hold, LockParts } from '../mark/hold.ts'
import type { Intents } from '../mark/intents.ts'
import type { Keeper } from '../mark/keep-hold.ts'
import type { ActingPlan } from './acting.ts'

/** What changes in the course of a run. */
export interface Current {
  connection: Connection
  /** Open in main only while nobody else writes into it. */
  intents: Intents | undefined
}

/** What a run acts by. */
export interface Licence extends Current {
  readonly plan: ActingPlan
  readonly createSeconds: number
  readonly hold: Hold
  readonly keeper: Keeper
  readonly janitor: Janitor
  readonly hasTimer: boolean
}

/** The lock's hands, over the connection and into the file of the moment. */
export function handsOf(current: Current): Pick<LockParts, 'engine' | 'writer' | 'clock' | 'intents'> {
  const engine = () => current.connection.target.engine
  const writer = () => attachWriter(current.connection.handle)
  const intents = (): Intents => {
    if (current.intents !== undefined) return current.intents
    throw new PvcheckError({
      code: 'ACTING_MISUSED',
      seen: 'the lock was to be written down while another process writes into the file of the run',
      wanted: 'one writer at a time',
      remedy: 'This is a fault of pvcheck: please report it.',
    })
  }
  const asking: Pick<EngineReader, 'configs' | 'info'> = {
    configs: (options) => engine().configs(options),
    info: (options) => engine().info(options),
  }
  return {
    engine: asking,
    clock: createEngineClock(asking),
    writer: {
      createConfig: (spec, options) => writer().createConfig(spec, options),
      updateConfig: (id, version, spec, options) => writer().updateConfig(id, version, spec, options),
      removeConfig: (id, options) => writer().removeConfig(id, options),
    },
    intents: {
      intend: async (kind, name) => intents().intend(kind, name),
      created: async (kind, name, id) => intents().created(kind, name, id),
      gone: async (kind, name) => intents().gone(kind, name),
    },
  }
}
