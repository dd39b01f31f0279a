/**
 * `npm run demo`: boots a practice host, verifies it over ssh as any other Swarm, a few stacks brought up and removed
 * included; then removes a dozen stacks with `docker stack rm` and a dozen with `pvcheck rm`, and counts each time which
 * addresses are lost. Takes the host down again, whatever happens in between. Exits as the first command that fails.
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

// A /24 beside `proxy`: that is a /16, and a walk through all of it would take the better part of a minute.
const network = 'edge'
const stacks = (prefix) => Array.from({ length: 12 }, (_, index) => `${prefix}-${index + 1}`)

/**
 * Shell: deploys stacks of the usual shape, each on the shared network and on one of its own, and waits until they run.
 * Their only process does not listen to SIGTERM: who takes long to end loses its address for certain.
 */
function deploying(names, graceSeconds) {
  const compose = `services:
  web: { image: "pvcheck-lab/busybox:1", command: ["sleep", "86400"], stop_grace_period: ${graceSeconds}s, networks: [shared, own] }
networks:
  shared: { external: true, name: ${network} }
  own: {}
version: "3.8"`
  return `set -eu
docker network inspect ${network} >/dev/null 2>&1 ||
  docker network create --driver overlay --attachable --subnet 10.77.0.0/24 ${network} >/dev/null
cat > /run/demo.yml <<'end'
${compose}
end
printf '%s\n' ${names.join(' ')} |
  xargs -P 6 -I {} docker stack deploy --resolve-image never --compose-file /run/demo.yml {} >/dev/null
until [ "$(docker ps --quiet --filter 'label=com.docker.stack.namespace' --filter status=running \
  --filter 'name=^(${names.join('|')})_' | wc -l)" = ${names.length} ]; do sleep 0.2; done`
}

/** Shell: as everybody does it, and once more where the network is still in use. Then waits for the last container to end. */
function removing(names) {
  return `set -eu
printf '%s\n' ${names.join(' ')} |
  xargs -P 6 -I {} sh -c 'for try in 1 2 3 4 5; do docker stack rm {} >/dev/null 2>&1 && break; done'
until [ -z "$(docker ps --quiet --filter 'name=^(${names.join('|')})_')" ]; do sleep 0.2; done`
}

async function secondAct({ name, config }) {
  const [careless, careful] = [stacks('careless'), stacks('careful')]
  const onHost = (script) => ['lab', 'exec', '--name', name, '--', 'sh', '-c', script]
  const count = ['census', network, '--walk', '-v', '--config', config, '--reports', 'reports']
  const acts = [
    [`12 stacks on the shared network "${network}" come up`, onHost(deploying(careless, 6))],
    ['... and are removed with "docker stack rm"', onHost(removing(careless))],
    [`$ pvcheck census ${network} --walk -v`, count, 1],
    ['12 more come up', onHost(deploying(careful, 1))],
    ['$ pvcheck rm careful-1 ... careful-12 --yes', ['rm', ...careful, '--yes', '--config', config]],
    [`$ pvcheck census ${network} --walk -v    (the same twelve, and no more)`, count, 1],
  ]
  // A census that finds leaked addresses fails, and here it must: without them there would be nothing to see.
  for (const [title, args, expected = 0] of acts) {
    if (isStopped) return 130
    process.stdout.write(`\n${title}\n`)
    const { code } = await run(args)
    if (code !== expected) return code === 0 ? 1 : code
  }
  return 0
}

const up = await run(['lab', 'up', '--refresh-ms', '1000', '--json'], { capture: true })
if (up.code !== 0) process.exit(up.code)
const lab = JSON.parse(up.out)
let code = 130
try {
  if (!isStopped) ({ code } = await run(['verify', '--config', lab.config, '--reports', 'reports']))
  if (code === 0 && !isStopped) code = await secondAct(lab)
} finally {
  const down = await run(['lab', 'down', '--name', lab.name])
  if (code === 0) code = down.code
}
process.exit(code)
