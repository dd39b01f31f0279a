/**
 * `npm run demo`: boots a practice host, verifies it over ssh as any other Swarm, a few stacks brought up and
 * removed included, and takes it down again, whatever happens in between. Exits as the verification does.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const pvcheck = fileURLToPath(new URL('pvcheck.js', import.meta.url))
const root = fileURLToPath(new URL('..', import.meta.url))

let child
let isStopped = false
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(name, () => {
    isStopped = true
    // From a terminal the child has had it already, and a second signal would mean "at once".
    if (name !== 'SIGINT') child?.kill(name)
  })
}

/** Runs the command; resolves with its exit code and what it printed, if that was asked for. */
function run(args, { capture = false } = {}) {
  return new Promise((resolve, reject) => {
    child = spawn(process.execPath, [pvcheck, ...args], {
      cwd: root,
      stdio: ['ignore', capture ? 'pipe' : 'inherit', 'inherit'],
    })
    let out = ''
    child.stdout?.on('data', (chunk) => {
      out += chunk
    })
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code: code ?? (signal === null ? 70 : 130), out }))
  })
}

const up = await run(['lab', 'up', '--refresh-ms', '1000', '--json'], { capture: true })
if (up.code !== 0) process.exit(up.code)
const lab = JSON.parse(up.out)
let code = 130
try {
  if (!isStopped) ({ code } = await run(['verify', '--config', lab.config, '--reports', 'reports']))
} finally {
  const down = await run(['lab', 'down', '--name', lab.name])
  if (code === 0) code = down.code
}
process.exit(code)
