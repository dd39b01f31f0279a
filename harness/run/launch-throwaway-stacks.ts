import { PvcheckError } from '../core/errors.ts'
import type { Act } from './prove-check.ts'

/** Brings up the throwaway stacks of the configuration, and takes them down again without a leak. */
export const launchThrowawayStacks: Act = {
  takesMs: () => 0,
  does: async ({ acting }) => {
    await acting()
    throw new PvcheckError({ code: 'RUN_UNBUILT', seen: 'nothing yet', wanted: 'a batch', remedy: 'None.' })
  },
}
