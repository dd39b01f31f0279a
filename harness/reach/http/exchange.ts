import type { Socket } from 'node:net'
import type { SecureContext } from 'node:tls'
import type { Exchange, HttpAddress } from '../../model/http.ts'
import { startBody } from './body.ts'
import { type Deadlines, startDeadlines } from './deadlines.ts'
import { decode } from './decode.ts'
import { HttpFailure } from './failure.ts'
import type { HttpRequest } from './http.ts'
import { type Opening, open } from './open.ts'
import { type Asked, notedUrl, readRequest } from './request.ts'
import { secure } from './secure.ts'
import { joinHeaders, send } from './send.ts'
import { msSince } from './stopwatch.ts'

/** An exchange on its way; a failure leaves in it what came before. */
type Noted = Opening & {
  readonly timings: { -readonly [phase in keyof Exchange['timings']]: Exchange['timings'][phase] }
} & Pick<Exchange, 'tls' | 'status' | 'headers' | 'body' | 'truncated' | 'error'>

export interface Ways extends HttpAddress {
  /** Throws `REACH_CA_UNREADABLE`. */
  readonly trust: () => Promise<SecureContext>
}

/** One request, phase by phase, over a connection of its own. Throws the signal's reason, and what `trust` throws. */
export async function exchange(request: HttpRequest, ways: Ways): Promise<Exchange> {
  const startedAt = new Date().toISOString()
  const started = performance.now()
  const noted: Noted = { timings: {} }
  const deadlines = startDeadlines(request.signal)
  try {
    await converse(readRequest(request), ways, noted, deadlines)
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error
    noted.error = error.error
  } finally {
    deadlines.end()
  }
  const method = request.method ?? 'GET'
  return { method, url: notedUrl(request.url), startedAt, durationMs: msSince(started), ...noted }
}

async function converse(asked: Asked, ways: Ways, noted: Noted, deadlines: Deadlines): Promise<void> {
  const { url } = asked
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  // Before anything is opened: an authority that cannot be read is a fault of ours, not of the other end.
  const context = url.protocol === 'https:' ? await ways.trust() : undefined
  const plain = await open({ host: url.hostname, port, address: asked.address }, ways, noted, deadlines)
  if (context === undefined) return askAndListen(plain, asked, ways, noted, deadlines)
  const { tlsMs } = ways.timeouts
  const late = () => new HttpFailure('tls', 'TLS_TIMEOUT', `no TLS handshake with ${noted.peer} within ${tlsMs} ms`)
  const started = performance.now()
  const secured = await deadlines.within(tlsMs, late, () => secure(plain, url.hostname, context))
  noted.timings.tlsMs = msSince(started)
  noted.tls = secured.tls
  if (secured.distrust !== undefined) {
    if (!asked.trustAnyone) throw secured.distrust
    noted.error = secured.distrust.error
  }
  try {
    await askAndListen(secured.socket, asked, ways, noted, deadlines)
  } catch (error) {
    throw deadlines.signal.aborted ? error : (secured.refusal() ?? error)
  }
}

async function askAndListen(
  socket: Socket,
  asked: Asked,
  { timeouts: { firstByteMs, bodyMs }, maxBodyBytes }: Ways,
  noted: Noted,
  deadlines: Deadlines,
): Promise<void> {
  const sent = performance.now()
  const mute = () => new HttpFailure('answer', 'HTTP_TIMEOUT', `no answer from ${noted.peer} within ${firstByteMs} ms`)
  const answer = await deadlines.within(firstByteMs, mute, () => send(socket, asked, maxBodyBytes, deadlines.signal))
  noted.timings.firstByteMs = msSince(sent)
  noted.status = answer.statusCode
  noted.headers = joinHeaders(answer.headers)
  const began = performance.now()
  const body = startBody(answer.body, maxBodyBytes)
  const late = () => {
    const soFar = `after ${body.bytes().length} bytes`
    return new HttpFailure('body', 'BODY_TIMEOUT', `the body was not complete within ${bodyMs} ms, ${soFar}`)
  }
  let failure: unknown
  let truncated = false
  try {
    truncated = await deadlines.within(bodyMs, late, body.read)
    noted.timings.bodyMs = msSince(began)
  } catch (error) {
    failure = error
  }
  // At once: undici turns in circles over a body that nobody reads any more.
  deadlines.end()
  if (asked.method !== 'HEAD') {
    const whole = !truncated && failure === undefined
    const decoded = await decode(body.bytes(), noted.headers['content-encoding'] ?? '', maxBodyBytes, whole)
    noted.body = decoded.text
    noted.truncated = truncated || decoded.truncated
    failure ??= decoded.failure
  }
  if (failure !== undefined) throw failure
}
