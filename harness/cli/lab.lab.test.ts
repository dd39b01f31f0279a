import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ownStateHome } from '../../lab/host/testing/state-home.ts'
import { packageInfo } from '../run/package-info.ts'

const command = join(packageInfo().root, 'bin', 'pvcheck.js')

test.each([
  { sent: 'SIGINT', when: 'booting', code: 130 },
  { sent: 'SIGTERM', when: 'deploying the control plane', code: 143 },
] as const)(
  '$sent while lab up is $when removes what is half made, and exits $code',
  async ({ sent, when, code }) => {
    const home = ownStateHome()
    onTestFinished(() => home.remove())
    const child = spawn(process.execPath, [command, 'lab', 'up', '--name', 'stopped'], {
      env: { ...process.env, VITEST: undefined },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const before = said
      said += text
      if (said.includes(when) && !before.includes(when)) child.kill(sent)
    })
    expect(await once(child, 'close')).toEqual([code, null])
    expect(said).toContain(`RUN_INTERRUPTED  received ${sent}`)
    expect((await readdir(home.labs)).filter((name) => !name.startsWith('.'))).toEqual([])
  },
  200_000,
)
