import { PvcheckError } from '../../core/errors.ts'
import type { HostRunner } from '../../reach/host/runner.ts'

/** What dockerd costs the manager, as of one moment. */
export interface HostFigures {
  /** One dockerd among all that ever ran there. */
  readonly process: string
  /** ISO 8601, by the clock of the host. */
  readonly startedAt: string
  readonly cpuMs: number
  readonly residentBytes: number
  /** The raft log of the Swarm on its disk. */
  readonly raftBytes: number
}

/** The file with the process id is written when dockerd starts, and tells the moment without the drift of a boot time. */
const script = `set -eu
file=/run/docker.pid
pid=$(cat "$file")
since=$(stat -c %Y "$file")
resident=$(sed -n 's/^VmRSS:[[:space:]]*\\([0-9]*\\) kB$/\\1/p' "/proc/$pid/status")
raft=$(du -sk "$1/swarm/raft" | cut -f 1)
echo "$since $(getconf CLK_TCK) $resident $raft $(cat "/proc/$pid/stat")"
`

/** Throws `CENSUS_HOST_UNREADABLE` where the host does not tell, and what the host throws. */
export async function readHostFigures(host: HostRunner, rootDir: string, signal?: AbortSignal): Promise<HostFigures> {
  const { stdout, stderr, exitCode } = await host.run(['sh', '-c', script, 'pvcheck-census', rootDir], {
    ...(signal === undefined ? {} : { signal }),
  })
  const told = /^(\d+) (\d+) (\d+) (\d+) (\d+) \(.*\) (.*)$/s.exec(stdout.trim())
  const [since, ticksPerSecond, residentKib, raftKib, pid] = (told ?? []).slice(1, 6).map(Number)
  // Behind the name of the command: the 12th is user time, the 13th system time, the 20th the start.
  const fields = (told?.[6] ?? '').split(' ').map(Number)
  const [user, system, start] = [fields[11], fields[12], fields[19]]
  const cpuMs = (((user ?? Number.NaN) + (system ?? Number.NaN)) * 1000) / (ticksPerSecond ?? Number.NaN)
  if (exitCode !== 0 || since === undefined || residentKib === undefined || raftKib === undefined || !(cpuMs >= 0)) {
    throw unreadable(exitCode, stderr.trim() || stdout.trim())
  }
  return {
    process: `${pid} ${start}`,
    startedAt: new Date(since * 1000).toISOString(),
    cpuMs,
    residentBytes: residentKib * 1024,
    raftBytes: raftKib * 1024,
  }
}

function unreadable(exitCode: number, said: string): PvcheckError {
  return new PvcheckError({
    code: 'CENSUS_HOST_UNREADABLE',
    seen: `what dockerd costs the host cannot be read there: exit ${exitCode}, ${said.slice(0, 200)}`,
    wanted: 'the process of dockerd in `/proc`, and the folder of its raft log',
    remedy: 'Let pvcheck run commands as root where dockerd runs.',
    exit: 'unknown',
  })
}
