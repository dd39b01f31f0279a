import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A process of its own that is told things, and answers each with a line. */
export interface Told {
  readonly child: ChildProcess
  /** Its first line. */
  readonly first: string
  tell(line: string): Promise<string>
  kill(signal?: NodeJS.Signals): Promise<void>
}

const started: Told[] = []

async function start(script: string, args: readonly string[], input?: string): Promise<Told> {
  const path = join(import.meta.dirname, '../../../../dist/harness/act/life/testing', script)
  const child = spawn(process.execPath, [path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ended = once(child, 'close').then(([code, signal]) => {
    throw new Error(`${script} has ended: ${code ?? signal}`)
  })
  ended.catch(() => undefined)
  const next = async (): Promise<string> => {
    const { done, value } = await Promise.race([lines.next(), ended])
    return done === true ? ended : value
  }
  if (input !== undefined) child.stdin.write(`${input}\n`)
  child.stdin.on('error', () => undefined)
  const told: Told = {
    child,
    first: await next(),
    tell: (line) => {
      child.stdin.write(`${line}\n`)
      return next()
    },
    async kill(signal = 'SIGKILL') {
      if (child.exitCode !== null || child.signalCode !== null) return
      const closed = once(child, 'close')
      child.kill(signal)
      await closed
    },
  }
  started.push(told)
  return told
}

/** A main process; see `act.ts`. */
export function startMain(sshConfig: string, stateDir: string, leaseSeconds: number): Promise<Told> {
  return start('act.js', [sshConfig, stateDir, String(leaseSeconds)])
}

/** A worker of what `open` has answered; see `work.ts`. */
export function startWorker(opened: string): Promise<Told> {
  const { done } = JSON.parse(opened) as { done?: unknown }
  if (done === undefined) throw new Error(`main could not open: ${opened}`)
  return start('work.js', [], JSON.stringify(done))
}

/** What is still there of all that was started. */
export async function killAll(): Promise<void> {
  for (const told of started.splice(0)) await told.kill()
}
