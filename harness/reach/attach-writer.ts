import { linkOf } from './attach.ts'
import { wayTo } from './engine/way.ts'
import { createWriter } from './engine/write.ts'
import type { EngineWriter } from './engine/writer.ts'
import type { ConnectionHandle } from './target.ts'

/** The bare writing hand over a connection that is open. Only `act` may have one: the linter keeps others out. */
export function attachWriter(handle: ConnectionHandle): EngineWriter {
  return createWriter(linkOf(handle, wayTo(handle.address.engine, handle.tunnelSocket)))
}
