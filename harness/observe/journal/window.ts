import { PvcheckError } from '../../core/errors.ts'
import { engineInfo } from '../../model/facts/engine-info.ts'
import { engineUnit } from '../../model/facts/engine-unit.ts'
import type { Asker } from '../question.ts'

/**
 * Where the window starts, by the engine's clock: as far back as is asked for, but never before the start of the
 * running dockerd, because its start freed whatever had leaked. Throws `OBSERVE_NO_ENGINE_START`.
 */
export async function windowStart(asker: Asker): Promise<Date> {
  const [info, unit] = await Promise.all([asker.read(engineInfo), asker.read(engineUnit)])
  if (unit.startedAt === undefined) throw notStarted(unit.id, unit.loadState)
  const asked = Date.parse(info.SystemTime) - asker.wanted.journal.windowHours * 3_600_000
  return new Date(Math.max(asked, Date.parse(unit.startedAt)))
}

/** As journalctl reads it; `--since` includes that instant. */
export function atTime(date: Date): string {
  return `@${(date.getTime() / 1000).toFixed(3)}`
}

function notStarted(unit: string, loadState: string): PvcheckError {
  return new PvcheckError({
    code: 'OBSERVE_NO_ENGINE_START',
    seen: `systemd has started no process for ${unit} (${loadState})`,
    wanted: 'the unit that runs dockerd',
    remedy: 'Name the unit that runs dockerd in `expect.journal.unit`; `systemctl status $(pidof dockerd)` shows it.',
    exit: 'unknown',
  })
}
