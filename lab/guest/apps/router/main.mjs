import { mkdir, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { answerApi } from './api.mjs'
import { loadConfig, startCaddy } from './caddy.mjs'
import { caddyConfig } from './caddy-config.mjs'
import { buildDynamic } from './dynamic.mjs'
import { listEngine } from './engine.mjs'
import { createLog } from './log.mjs'
import { buildRuntime, providerName } from './runtime.mjs'
import { readSettings } from './settings.mjs'
import { listWorkloads } from './workload.mjs'

const { config, paths } = readSettings(process.env)
const log = createLog((line) => process.stdout.write(`${line}\n`), { providerName: providerName(config) })
const state = { config, runtime: buildRuntime({ routers: {}, services: {}, middlewares: [] }, config), stopping: false }

await mkdir(dirname(paths.adminSocket), { recursive: true })
await refresh(async () => undefined)
/** @type {object} */
let loaded = caddyConfig(state.runtime, config, paths)
const caddy = await startCaddy(loaded, paths, (reason) => {
  if (state.stopping) return
  log.error(`The data plane is gone: ${reason}`)
  process.exit(1)
})

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    state.stopping = true
    caddy.kill('SIGKILL')
    process.exit(0)
  })
}

await rm(paths.apiSocket, { force: true })
createServer((asked, answer) => {
  const { status, headers, body } = answerApi(asked.url ?? '/', state)
  answer.writeHead(status, { ...headers, 'X-Pvcheck-Stand-In': 'traefik' })
  answer.end(body)
}).listen(paths.apiSocket)

for (;;) {
  await delay(config.refreshMs)
  await refresh(async (wanted) => {
    if (isDeepStrictEqual(wanted, loaded)) return
    await loadConfig(wanted, paths)
    loaded = wanted
    log.info('Configuration received')
  })
}

/** @param {(wanted: object) => Promise<void>} apply */
async function refresh(apply) {
  try {
    const { services, networks, tasks } = await listEngine(paths.engine)
    const workloads = listWorkloads(
      services,
      networks,
      (id) => tasks.filter((task) => task.ServiceID === id),
      config,
      log,
    )
    const runtime = buildRuntime(buildDynamic(workloads, log), config)
    await apply(caddyConfig(runtime, config, paths))
    state.runtime = runtime
  } catch (error) {
    // What runs keeps running: an engine that does not answer takes no route away.
    log.error('Provider error', { error: error instanceof Error ? error.message : String(error) })
  }
}
