import { plain } from '../../core/text.ts'
import type { Judgement } from '../../model/check.ts'
import { defineCheck } from '../../model/check.ts'
import { quietSockets } from '../../model/facts/quiet/sockets.ts'
import { quietSwarm } from '../../model/facts/quiet/swarm.ts'
import { count, list } from '../say.ts'
import { freePorts, takenPorts } from './free-ports.ts'

export const portsAreFree = defineCheck({
  id: 'PV-PRE-010',
  title: 'There are free ports for the test stacks',
  needs: { swarm: quietSwarm, sockets: quietSockets },
  judge: ({ swarm, sockets }, { throwaway }): readonly Judgement[] => {
    const { atOnce, publish } = throwaway
    const subject = `ports ${publish.from} to ${publish.to}`
    const expected = `${count(atOnce, 'free port')} for ${publish.mode} mode`
    const isBlind = sockets.state === 'unread' || (sockets.state === 'no host' && publish.mode === 'host')
    if (isBlind) {
      return [
        {
          subject,
          expected,
          actual: plain(sockets.why),
          verdict: 'unknown',
          reason: 'on which of them somebody listens could not be read',
          remedy:
            'Give pvcheck a host to run commands on (`target.host`); see whether `cat /proc/net/tcp` answers there.',
        },
      ]
    }
    const taken = takenPorts(swarm.services, sockets.state === 'read' ? sockets.ports : [])
    const inRange = [...taken].filter(([port]) => port >= publish.from && port <= publish.to).sort(([a], [b]) => a - b)
    const held = list(inRange.map(([port, who]) => `${port} by ${plain(who, 100)}`)) || 'none'
    const number = freePorts(publish, taken, publish.to - publish.from + 1).length
    const unseen = sockets.state === 'no host' ? '; who listens on the host was not asked' : ''
    const actual = `${number} free, taken: ${held}${unseen}`
    if (number >= atOnce) return [{ subject, expected, actual, verdict: 'pass' }]
    return [
      {
        subject,
        expected,
        actual,
        verdict: 'blocked',
        code: 'NO_FREE_PORTS',
        reason: 'two services cannot publish the same port, and one that the Swarm picks may be somebody else’s next',
        remedy: 'Widen `expect.throwaway.publish.from` and `to`, or lower `expect.throwaway.atOnce`.',
      },
    ]
  },
})
