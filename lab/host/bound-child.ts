import { spawn } from 'node:child_process'
import { PvcheckError } from '../../harness/core/errors.ts'
import { toolEnvironment } from './shell.ts'

/**
 * Runs a shell script with mounts and processes of its own that end with it, and it ends with this process, however
 * that dies: nothing of an interrupted build goes on in the background. Returns its output; throws LAB_BUILD_FAILED
 * with the end of it, or the signal's reason.
 */
export async function runBound(script: string, args: readonly string[], signal?: AbortSignal): Promise<string> {
  signal?.throwIfAborted()
  const bound = ['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']
  const child = spawn('setpriv', [...bound, 'sh', '-euc', script, 'sh', ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: toolEnvironment(),
  })
  let output = ''
  const collect = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-100_000)
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  const kill = () => child.kill('SIGKILL')
  signal?.addEventListener('abort', kill)
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    signal?.throwIfAborted()
    if (exitCode === 0) return output
    throw new PvcheckError({
      code: 'LAB_BUILD_FAILED',
      seen: `a step of the build ended with ${exitCode ?? 'a signal'}: ${output.trim().slice(-1500)}`,
      wanted: 'a complete root file system',
      remedy: 'Look at the last lines; most often the Debian mirror cannot be reached.',
      exit: 'blocked',
    })
  } finally {
    signal?.removeEventListener('abort', kill)
  }
}
