import type { z } from 'zod'
import type { Fact } from '../../fact.ts'
import { networks } from '../networks.ts'
import { services } from '../services.ts'
import { tasks } from '../tasks.ts'

// Read after the last lap and after the proxy's API: what was true minutes before is no excuse, and no charge.

export const tasksAfterRoutes: Fact<z.output<typeof tasks.schema>> = {
  name: 'tasks-after-routes',
  what: 'the tasks of all services, after the routes were visited',
  schema: tasks.schema,
}

export const servicesAfterRoutes: Fact<z.output<typeof services.schema>> = {
  name: 'services-after-routes',
  what: 'the services of the Swarm, after the routes were visited',
  schema: services.schema,
}

export const networksAfterRoutes: Fact<z.output<typeof networks.schema>> = {
  name: 'networks-after-routes',
  what: 'the networks of the Swarm, after the routes were visited',
  schema: networks.schema,
}
