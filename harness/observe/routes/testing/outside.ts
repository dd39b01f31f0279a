import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRedactor } from '../../../core/redact.ts'
import type { Expectations } from '../../../model/expectations.ts'
import { expectationsSchema } from '../../../model/expectations.ts'
import type { FactReader } from '../../../model/fact.ts'
import type { HttpAddress } from '../../../model/http.ts'
import { httpAddressSchema } from '../../../model/http.ts'
import type { RecordBody } from '../../../model/record.ts'
import type { EngineAnswer, EngineReader } from '../../../reach/engine/reader.ts'
import type { CommandAnswer } from '../../../reach/host/runner.ts'
import { createHttp } from '../../../reach/http/client.ts'
import type { Target } from '../../../reach/target.ts'
import { createFactReader } from '../../reader.ts'

/** A server on loopback, and what it was asked: `GET /path` with its `Host` and `Authorization`. */
export interface Web {
  readonly port: number
  readonly asked: { readonly what: string; readonly host: string; readonly authorization: string | undefined }[]
  close(): void
}

/** Serves `answer` under every name that leads to loopback. */
export async function openWeb(answer: RequestListener): Promise<Web> {
  const asked: Web['asked'] = []
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const { host = '', authorization } = request.headers
    asked.push({ what: `${request.method} ${request.url}`, host, authorization })
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    asked,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

export interface Outside {
  readonly wanted: Parameters<typeof expectationsSchema.parse>[0] & object
  readonly http?: Parameters<typeof httpAddressSchema.parse>[0] & object
  readonly credentials?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** By the name of the reading hand's method; each asking gets the next of a list. */
  readonly engine?: Readonly<Record<string, unknown>>
  readonly host?: (argv: readonly string[]) => Partial<CommandAnswer>
}

const at = { startedAt: '2026-11-20T12:00:00.000Z', durationMs: 3 }
/** What the engine says of itself, by itself. */
export const info = {
  Name: 'm',
  SystemTime: '2026-11-20T12:00:30.5Z',
  Swarm: { NodeID: 'n', LocalNodeState: 'active', ControlAvailable: true },
}

/** A fact reader over real web requests; names below `*.example.org` lead to loopback. */
export function openReader({ wanted, http, credentials, signal, engine, host }: Outside) {
  const saved: RecordBody[] = []
  const asked: string[] = []
  const target: Target = {
    label: 'test',
    fingerprint: { cluster: 'c', node: 'n', engine: '20.10' },
    engine: engineOf({ info, services: [], tasks: [], networks: [], ...engine }, asked),
    host:
      host === undefined
        ? { unavailable: 'the engine is reached over tcp' }
        : {
            run: async (argv) => {
              asked.push(argv.join(' '))
              const what = argv.join(' ')
              return { what, ...at, exitCode: 0, stdout: '', stderr: '', truncated: false, ...host(argv) }
            },
          },
    http: createHttp(addressOf(http)),
  }
  const recorder = { append: async (body: RecordBody) => saved.push(body) }
  const expectations: Expectations = expectationsSchema.parse(wanted)
  const secrets = Object.values(credentials ?? {})
  const reader: FactReader = createFactReader(target, recorder, createRedactor(secrets), expectations, {
    signal,
    credentials,
  })
  return { reader, saved, asked }
}

function addressOf(http: Outside['http']): HttpAddress {
  return httpAddressSchema.parse({ resolve: { '*.example.org': '127.0.0.1' }, ...http })
}

function engineOf(answers: Readonly<Record<string, unknown>>, asked: string[]): EngineReader {
  const ask = (name: string, body: unknown) => async (): Promise<EngineAnswer> => {
    asked.push(name)
    const failed = typeof body === 'object' && body !== null && 'refused' in body
    return { what: `GET /v1.41/${name}`, ...at, status: failed ? 500 : 200, body: failed ? body.refused : body }
  }
  // Only what a question asks for is there.
  return Object.fromEntries(
    Object.entries(answers).map(([name, body]) => [name, ask(name, body)]),
  ) as unknown as EngineReader
}
