import { spawn } from 'node:child_process'

/** Wall time and client CPU of one run, both in seconds. */
export interface Lap {
  readonly wallS: number
  readonly cpuS: number
}

/** Runs a shell script `times` times, its output thrown away. Throws when it fails. */
export async function laps(script: string, times: number): Promise<Lap[]> {
  const taken: Lap[] = []
  while (taken.length < times) taken.push(await lap(script))
  return taken
}

function lap(script: string): Promise<Lap> {
  return new Promise((resolve, reject) => {
    // bash's own `time` counts the CPU of all children, which no call of Node does.
    const timed = `TIMEFORMAT='%R %U %S'; exec 3>&2; { time { ${script}\n} >/dev/null 2>&3; } 2>&1`
    const bash = spawn('bash', ['-euo', 'pipefail', '-c', timed], { stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let said = ''
    bash.stdout.on('data', (chunk) => (out += chunk))
    bash.stderr.on('data', (chunk) => (said += chunk))
    bash.on('error', reject)
    bash.on('close', (code) => {
      const [wallS, userS, systemS] = out.trim().split(' ').map(Number)
      if (code !== 0 || wallS === undefined || userS === undefined || systemS === undefined) {
        reject(new Error(`exit ${code}: ${script}\n${said}`))
      } else resolve({ wallS, cpuS: userS + systemS })
    })
  })
}

/** The lap in the middle, by wall time. */
export function median(taken: readonly Lap[]): Lap {
  const middle = taken.toSorted((a, b) => a.wallS - b.wallS)[Math.floor(taken.length / 2)]
  if (middle === undefined) throw new Error('no laps')
  return middle
}
