import { PvcheckError } from '../../core/errors.ts'
import { quietSockets } from '../../model/facts/quiet/sockets.ts'
import type { Question } from '../question.ts'

/** A kernel without IPv6 has no second table. */
const script = 'cat /proc/net/tcp && if [ -e /proc/net/tcp6 ]; then cat /proc/net/tcp6; fi'

export const socketsQuestion: Question = {
  fact: quietSockets,
  ask: async (asker) => {
    try {
      return { state: 'answered', answer: await asker.run(['sh', '-c', script]) }
    } catch (error) {
      if (!(error instanceof PvcheckError && error.code === 'OBSERVE_NO_HOST')) throw error
      return { state: 'no host', why: error.seen }
    }
  },
}
