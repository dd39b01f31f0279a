import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { labAsset, packageRoot } from '../asset.ts'

const script = `
import { createJiti } from 'jiti'
const { labUp } = await createJiti(process.cwd() + '/').import(process.argv[1])
const stop = new AbortController()
for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => stop.abort(new Error(name)))
const say = (line) => process.stdout.write(line + '\\n')
try {
  await labUp({ name: process.argv[2], refreshMs: 500, signal: stop.signal, progress: say })
  say('up')
} catch (error) {
  if (error !== stop.signal.reason) throw error
  process.exitCode = 130
}
`

/** A `lab up` in a process of its own, in a group of its own, so that it can be killed without us. */
export function startLabUp(name: string): ChildProcess {
  const argv = ['--input-type=module', '--eval', script, labAsset('lab.ts'), name]
  return spawn(process.execPath, argv, { cwd: packageRoot(), detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
}

/** Kills it and all it has in its group, as a closed terminal or an impatient person does. */
export async function killGroup(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return
  const gone = once(child, 'exit')
  process.kill(-child.pid, signal)
  await gone
}
