/** Readings and all their ledgers in a process of its own, for a bench: `ledger-once <connection handle> <times>`. */
import { indexLedgers } from '../../../judge/address/ledger.ts'
import { overlaysOf } from '../../../judge/address/overlay.ts'
import { createReader } from '../../../reach/engine/read.ts'
import { wayTo } from '../../../reach/engine/way.ts'
import { connectionHandleSchema } from '../../../reach/target.ts'
import { readAddresses } from '../read-addresses.ts'

const [given = '', times = '1'] = process.argv.slice(2)
const { address, apiVersion, tunnelSocket, fingerprint } = connectionHandleSchema.parse(JSON.parse(given))
const link = { way: wayTo(address.engine, tunnelSocket), label: 'the lab', apiVersion, timeoutMs: address.timeoutMs }
const engine = createReader(link)
// What is loaded with the first request is not what a ledger costs.
await engine.version()
for (let time = 0; time < Number(times); time += 1) {
  const [started, before] = [performance.now(), process.cpuUsage()]
  const reading = await readAddresses(engine, { nodeId: fingerprint.node })
  const ledgerOf = indexLedgers(reading)
  const held = overlaysOf(reading.networks).reduce((sum, network) => sum + ledgerOf(network).held, 0)
  const wallMs = performance.now() - started
  const { user, system } = process.cpuUsage(before)
  const residentMb = process.resourceUsage().maxRSS / 1024
  const said = { wallMs, cpuMs: (user + system) / 1000, residentMb, held, moved: reading.moved }
  process.stdout.write(`${JSON.stringify(said)}\n`)
}
