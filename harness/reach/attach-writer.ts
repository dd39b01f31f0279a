import { linkOf } from './attach.ts'
import { createReader } from './engine/read.ts'
import type { EngineReader } from './engine/reader.ts'
import { wayTo } from './engine/way.ts'
import { createWriter } from './engine/write.ts'
import type { EngineWriter } from './engine/writer.ts'
import type { ConnectionHandle } from './target.ts'

/** The bare writing hand over a connection that is open. Only `act` may have one: the linter keeps others out. */
export function attachWriter(handle: ConnectionHandle): EngineWriter {
  return createWriter(linkOf(handle, wayTo(handle.address.engine, handle.tunnelSocket)))
}

/** Both hands over connections that are kept, for many small requests in a row by one who looks after each change. */
export function attachHands(handle: ConnectionHandle): {
  readonly reader: EngineReader
  readonly writer: EngineWriter
} {
  const link = linkOf(handle, wayTo(handle.address.engine, handle.tunnelSocket, { keepAlive: true }))
  return { reader: createReader(link), writer: createWriter(link) }
}
