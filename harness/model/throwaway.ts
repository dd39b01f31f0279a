import { z } from 'zod'

const regExp = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    try {
      new RegExp(text)
    } catch (error) {
      context.addIssue({
        code: 'custom',
        message: `no regular expression: ${error instanceof Error ? error.message : text}`,
      })
    }
  })

/**
 * What must not be going on while pvcheck acts. Each is asked right before the first create; what cannot be asked is
 * unknown, and blocks like what is going on.
 */
export const quietSchema = z.strictObject({
  /** systemd units that must not be active or activating, globs included: `upgrade-all.service`. */
  units: z.array(z.string().min(1)).default([]),
  /** Regular expressions on whole command lines of the manager's processes. */
  processes: z.array(regExp).default([]),
  /** Files on the manager on which nobody may hold a lock. */
  lockFiles: z.array(z.string().startsWith('/')).default([]),
  /** Whether an active build of `expect.ci` blocks; asked only where a CI server is configured. */
  builds: z.boolean().default(true),
  /** Regular expressions on names of stacks: apps that a CI run brings up, and takes down by itself. */
  runApps: z.array(regExp).default([]),
  /** Regular expressions on names of services whose tasks may come and go: one that somebody left broken for good, say. */
  overlook: z.array(regExp).default([]),
})
export type Quiet = z.infer<typeof quietSchema>

const port = z.number().int().min(1).max(65_535)

/** The stacks that pvcheck creates and removes, and what they may take. */
export const throwawaySchema = z.strictObject({
  /** How many in all, and how many may be there at once. */
  stacks: z.number().int().min(1).max(200).default(4),
  atOnce: z.number().int().min(1).max(32).default(2),
  /** By default a busybox that is on the manager already. */
  image: z.string().min(1).optional(),
  /** Whether nodes may pull it; by default nothing is, and the tasks go where the image is known to be. */
  pull: z.boolean().default(false),
  /**
   * What runs in it: `{seconds}` is when it must end by itself, `{port}` is `targetPort`. It answers web requests on
   * `targetPort`, as busybox does. Not by `timeout`: a container's first process can be ended by nothing inside of it.
   */
  command: z
    .array(z.string())
    .min(1)
    .default(['sh', '-c', 'trap "exit 0" TERM; httpd -p {port} || exit 1; sleep {seconds} & wait']),
  targetPort: port.default(80),
  /** How its port is published, and from which range; ports that are taken are left out. */
  publish: z
    .strictObject({
      mode: z.enum(['ingress', 'host']).default('ingress'),
      from: port.default(28_100),
      to: port.default(28_199),
    })
    .refine(({ from, to }) => from <= to, { path: ['to'], error: 'lies below `from`' })
    .prefault({}),
  /** Where its tasks may run; by default on the node that is asked. As in `docker service create --constraint`. */
  constraints: z.array(z.string().min(1)).optional(),
  memoryMiB: z.number().int().min(6).default(32),
  /** How long one stack may take until its task runs. */
  convergeSeconds: z.number().positive().default(60),
  /** How long the Swarm's lock outlives a run that was killed. */
  leaseSeconds: z.number().int().min(15).default(120),
  /** When a container of it ends by itself, whatever became of the run. */
  lifetimeSeconds: z.number().int().min(60).default(900),
  /** How much of the free addresses of a network may be taken, and how many must stay free. */
  maxSharePercent: z.number().min(1).max(100).default(25),
  minFree: z.number().int().nonnegative().default(16),
  /** Whether the manager itself is to sweep (a transient systemd timer) where the machine that runs pvcheck is gone. */
  hostSweeps: z.boolean().default(true),
})
export type Throwaway = z.infer<typeof throwawaySchema>
