import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pollUntil } from '../../../core/poll.ts'

/** Runs a command line on the practice host, and returns what it says. */
export type OnHost = (command: string) => Promise<string>

/** All that a run can leave on a practice host, by name; the lock and the timer included. */
export async function tracesOn(onHost: OnHost): Promise<readonly string[]> {
  const said = await onHost(
    [
      `for kind in service network config secret; do docker $kind ls --filter label=pvcheck.run --format "$kind {{.Name}}"; done`,
      `docker ps -a --filter label=pvcheck.run --format 'container {{.Names}}'`,
      `docker node ps $(docker node ls -q) --filter label=pvcheck.run --format 'task {{.ID}}'`,
      `systemctl list-units --all --plain --no-legend 'pvcheck-*' | cut -d' ' -f1`,
      `find /run/pvcheck 2>/dev/null || true`,
    ].join('; '),
  )
  return said.split('\n').filter((line) => line !== '')
}

/** What somebody has made, without what the Swarm makes of it by and by. */
export async function objectsOn(onHost: OnHost): Promise<readonly string[]> {
  return (await tracesOn(onHost)).filter((line) => !/^(container|task) /.test(line))
}

/** How many milliseconds it took until nothing was left. */
export async function untilNone(onHost: OnHost, timeoutMs: number): Promise<number> {
  const started = performance.now()
  await pollUntil(
    async () => {
      const left = await tracesOn(onHost)
      return left.length === 0 ? { done: true, value: undefined } : { done: false, state: left.join(', ') }
    },
    { what: 'nothing to be left of the run', timeoutMs, intervalMs: 200 },
  )
  return performance.now() - started
}

/** The files of runs in a state folder. */
export async function filesIn(stateDir: string): Promise<readonly string[]> {
  return readdir(join(stateDir, 'runs')).catch(() => [])
}

/** The pid of a run's janitor, as its file says. */
export async function janitorOf(stateDir: string, run: string): Promise<number> {
  const text = await readFile(join(stateDir, 'runs', `${run}.jsonl`), 'utf8')
  const pid = /"line":"janitor","process":\{"pid":(\d+)/.exec(text)?.[1]
  if (pid === undefined) throw new Error('the file names no janitor')
  return Number(pid)
}
