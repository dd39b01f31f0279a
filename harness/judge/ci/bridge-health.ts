import { plain } from '../../core/text.ts'
import { saidBy } from '../../model/facts/raw-command.ts'
import type { Bridge } from '../../model/facts/routing/bridge.ts'
import type { Said } from './answer.ts'

/** What curl ends with when it has not asked anybody: wrongly built or called, or out of memory; from 126 on, the shell's. */
const notAsked: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 27, 41, 43, 48])

/** What the health URL says, as the manager itself hears it; in words, why nobody was asked. */
export function judgeHealth({ health, healthUnasked }: Bridge): Said | string {
  if (health === undefined) return plain(healthUnasked ?? 'there is nothing of it in the evidence', 200)
  const { exitCode, stdout } = health
  if (notAsked.has(exitCode) || exitCode >= 126) return plain(saidBy(health), 200)
  if (exitCode !== 0) {
    return {
      actual: plain(saidBy({ ...health, stdout: '' }), 300),
      verdict: 'fail',
      code: 'BRIDGE_HEALTH_SILENT',
      reason: 'asked on the manager itself, its health URL gives no answer',
      remedy: 'See whether it runs and exposes that port on the manager; its log may say more.',
    }
  }
  const [, body = '', status = ''] = /^([\s\S]*?)\n?(\d{3})\s*$/.exec(stdout) ?? []
  if (status === '') {
    return health.truncated ? 'its answer is longer than what was read' : `curl told no status: ${plain(stdout, 80)}`
  }
  const actual = `${status}${body.trim() === '' ? '' : `: ${plain(body, 120)}`}`
  if (status.startsWith('2')) return { actual, verdict: 'pass' }
  return {
    actual,
    verdict: 'fail',
    code: 'BRIDGE_UNHEALTHY',
    reason: 'it answers, and says of itself that it is not well; or somebody else answers there',
    remedy: 'Its log says why; a redirect is no answer: configure the URL where it ends.',
  }
}
