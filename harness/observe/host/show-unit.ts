import type { RawCommand } from '../../model/facts/raw-command.ts'
import type { Asker } from '../question.ts'

/** What systemd says of a unit, its times in UTC. */
export async function showUnit(asker: Asker, unit: string, names: readonly string[]): Promise<RawCommand> {
  const what = [...names.map((name) => `--property=${name}`), '--', unit]
  const answer = await asker.run(['systemctl', 'show', '--timestamp=us+utc', ...what])
  // systemd before 248 (Debian 11, Ubuntu 20.04) has no such option, and tells whole seconds only.
  if (answer.exitCode === 0 || !answer.stderr.includes('--timestamp')) return answer
  return asker.run(['env', 'TZ=UTC', 'systemctl', 'show', ...what])
}
