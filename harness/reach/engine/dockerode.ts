import type { IncomingMessage } from 'node:http'
import Docker from 'dockerode'
import { messageOf, PvcheckError } from '../../core/errors.ts'
import type { EngineWay } from './way.ts'

type Query = Readonly<Record<string, string | boolean | undefined>>

/** Sends one GET and hands out the answer as it is, whatever its status. */
export type Get = (path: string, query: Query, signal: AbortSignal) => Promise<IncomingMessage>

interface Dial {
  dial(
    options: {
      path: string
      method: 'GET'
      isStream: true
      options: Record<string, string | boolean>
      statusCodes: Record<number, true>
      abortSignal: AbortSignal
    },
    done: (error: Error | null, response: IncomingMessage) => void,
  ): void
}

/** Every status is an answer. */
const anyStatus: Record<number, true> = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [at + 100, true]))

/** A dockerode whose way is fixed: each field that it would otherwise take from `DOCKER_*` is given. */
export function createGet(way: EngineWay, apiVersion: string): Get {
  const modem = modemOf(way, apiVersion)
  return (path, query, signal) =>
    new Promise((resolve, reject) => {
      const options = Object.fromEntries(
        Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
      )
      modem.dial(
        { path: `${path}?`, method: 'GET', isStream: true, options, statusCodes: anyStatus, abortSignal: signal },
        (error, response) => (error === null ? resolve(response) : reject(error)),
      )
    })
}

function modemOf(way: EngineWay, apiVersion: string): Dial {
  const common = { agent: way.agent, version: `v${apiVersion}`, timeout: undefined, username: undefined, headers: {} }
  const none = { host: undefined, port: undefined, ca: undefined, cert: undefined, key: undefined }
  try {
    // The agent holds the TLS material.
    const docker: object =
      way.kind === 'socket'
        ? new Docker({ ...common, ...none, protocol: 'http', socketPath: way.socketPath })
        : new Docker({ ...common, ...none, protocol: way.protocol, host: way.host, port: way.port })
    if (isDialing(docker)) return docker.modem
    throw new TypeError('there is no modem in it')
  } catch (error) {
    throw new PvcheckError({
      code: 'REACH_DOCKER_VARIABLES',
      seen: `dockerode stumbles over the DOCKER_* variables of the environment: ${messageOf(error)}`,
      wanted: 'an environment without broken DOCKER_* variables; a configured target does not need them',
      remedy: 'Unset DOCKER_HOST and DOCKER_CERT_PATH, or correct them.',
      exit: 'usage',
      cause: error,
    })
  }
}

/** The types of dockerode do not show its modem. */
function isDialing(docker: object): docker is { modem: Dial } {
  return 'modem' in docker
}
