import { createServer } from 'node:http'

/** @import { IncomingMessage } from 'node:http' */

/**
 * @typedef {{ status?: number, headers?: Record<string, string>, body: string }} Reply
 */

/**
 * Serves until SIGTERM, which node as a container's first process would otherwise ignore for ten seconds.
 * @param {string} standIn what this server stands in for; said in a header of every answer
 * @param {number} port
 * @param {(asked: IncomingMessage) => Reply | Promise<Reply>} answer
 */
export function serve(standIn, port, answer) {
  endOnSignal()
  createServer(async (asked, out) => {
    try {
      const { status = 200, headers = {}, body } = await answer(asked)
      out.writeHead(status, { ...headers, 'X-Pvcheck-Stand-In': standIn })
      out.end(asked.method === 'HEAD' ? undefined : body)
    } catch (error) {
      console.error(`${asked.method} ${asked.url}: ${error instanceof Error ? error.message : error}`)
      out.writeHead(500, { 'Content-Type': 'text/plain', 'X-Pvcheck-Stand-In': standIn })
      out.end('internal error\n')
    }
  }).listen(port, () => console.log(`${standIn} stand-in listens on ${port}`))
}

export function endOnSignal() {
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0))
}

/** @param {string} text */
export function escapeHtml(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
