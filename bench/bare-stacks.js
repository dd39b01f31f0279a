/**
 * Throwaway stacks by the bare Engine API, as a careful script would: `bare-stacks <socket> <stacks.json> <at once>`. Each
 * is created, polled every 100 ms until its task runs, removed, polled until no task is left, and then its network goes.
 */
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

const [socketPath = '', path = '', atOnce = ''] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true })
/** @type {{ network: object, service: object, stack: string }[]} */
const stacks = JSON.parse(readFileSync(path, 'utf8'))

/** @type {(method: string, path: string, body?: string) => Promise<any>} */
const ask = (method, path, body) =>
  new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' }
    const sent = request({ socketPath, agent, method, path: `/v1.41${path}`, headers }, async (response) => {
      const chunks = []
      for await (const chunk of response) chunks.push(chunk)
      const text = Buffer.concat(chunks).toString('utf8')
      if ((response.statusCode ?? 500) > 299) reject(new Error(`${method} ${path}: ${text}`))
      else resolve(text.trim() === '' ? undefined : JSON.parse(text))
    })
    sent.on('error', reject).end(body)
  })

const ended = ['complete', 'shutdown', 'failed', 'rejected', 'remove', 'orphaned']

/** @type {(stack: string) => Promise<string[]>} */
const states = async (stack) => {
  const filters = encodeURIComponent(JSON.stringify({ label: [`com.docker.stack.namespace=${stack}`] }))
  /** @type {{ Status: { State: string } }[]} */
  const tasks = await ask('GET', `/tasks?filters=${filters}`)
  return tasks.map(({ Status }) => Status.State)
}

/** @type {(done: () => Promise<boolean>) => Promise<void>} */
const until = async (done) => {
  while (!(await done())) await delay(100)
}

const worker = async () => {
  for (let next = stacks.shift(); next !== undefined; next = stacks.shift()) {
    const { network, service, stack } = next
    const { Id } = await ask('POST', '/networks/create', JSON.stringify(network))
    const { ID } = await ask('POST', '/services/create', JSON.stringify(service).replace('@NETWORK@', Id))
    await until(async () => (await states(stack)).includes('running'))
    await ask('DELETE', `/services/${ID}`)
    await until(async () => (await states(stack)).every((state) => ended.includes(state)))
    await ask('DELETE', `/networks/${Id}`)
  }
}
await Promise.all(Array.from({ length: Number(atOnce) }, worker))
agent.destroy()
