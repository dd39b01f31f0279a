import { z } from 'zod'
import { pollUntil } from '../../harness/core/poll.ts'
import { type LabMachine, runOn } from '../host/machine.ts'

/** Shell: the folder in which the router's own sockets are, seen from the host. */
export const routerSockets = '/proc/$(pgrep --exact caddy)/root/run/lab'

const routerSchema = z.object({ status: z.string(), rule: z.string() })
const serviceSchema = z.object({
  loadBalancer: z.object({ servers: z.array(z.object({ url: z.string() })) }).optional(),
})
const stateSchema = z.object({
  routers: z.record(z.string(), routerSchema),
  services: z.record(z.string(), serviceSchema),
})
export type RouterState = z.infer<typeof stateSchema>

/** Waits until the router has understood something; asked on its own socket, as its routes may lead anywhere by then. */
export async function waitForRouter(
  machine: LabMachine,
  { what, wanted, signal }: { what: string; wanted: (state: RouterState) => boolean; signal: AbortSignal },
): Promise<void> {
  const ask = `curl --silent --show-error --fail --unix-socket ${routerSockets}/api.sock http://router/api/rawdata`
  await pollUntil<true>(
    async (until) => {
      const answer = await runOn(machine, ask, { signal: until })
      return wanted(stateSchema.parse(JSON.parse(answer)))
        ? { done: true, value: true }
        : { done: false, state: answer }
    },
    { what, timeoutMs: 30_000, intervalMs: 50, signal },
  )
}

const planeSchema = z.looseObject({
  apps: z.looseObject({
    tls: z.looseObject({ certificates: z.unknown().optional() }),
    http: z.looseObject({
      servers: z.looseObject({ 'web-secure': z.looseObject({ tls_connection_policies: z.unknown() }) }),
    }),
  }),
})

/** How the router's data plane answers TLS. The label router knows nothing of it, and leaves it as long as no backend moves. */
export async function setTls(
  machine: LabMachine,
  { certificates, policies }: { readonly certificates?: unknown; readonly policies: readonly unknown[] },
  signal: AbortSignal,
): Promise<void> {
  const admin = `curl --silent --show-error --fail-with-body --unix-socket ${routerSockets}/caddy.sock`
  const plane = planeSchema.parse(JSON.parse(await runOn(machine, `${admin} http://localhost/config/`, { signal })))
  plane.apps.tls.certificates = certificates
  plane.apps.http.servers['web-secure'].tls_connection_policies = policies
  // Or Caddy would leave all as it is where the configuration is the same.
  const load = `${admin} --header 'Content-Type: application/json' --header 'Cache-Control: must-revalidate' --data-binary @- http://localhost/load`
  await runOn(machine, load, { stdin: JSON.stringify(plane), signal })
}

/** As the router itself sets it up. Connections to backends that were kept for the next request are gone by it. */
export async function restoreTls(machine: LabMachine, signal: AbortSignal): Promise<void> {
  await setTls(machine, { policies: [{}] }, signal)
}
