import { z } from 'zod'
import type { Fact } from '../../fact.ts'
import { rawCommandSchema } from '../raw-command.ts'

const schema = z.object({
  /** `systemctl is-system-running`: its word counts, not its exit code. */
  systemd: rawCommandSchema,
  /** `systemd-run --version` */
  systemdRun: rawCommandSchema,
  /** `id -u` */
  user: rawCommandSchema,
  /** The id, in the Swarm, of the node that the docker CLI there talks to. */
  docker: rawCommandSchema,
})
export type QuietSweeper = z.infer<typeof schema>

export const quietSweeper: Fact<QuietSweeper> = {
  name: 'quiet-sweeper',
  what: 'whether the manager can remove by itself what a run left behind',
  schema,
}
