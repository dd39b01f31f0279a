import type { Fact } from '../../fact.ts'
import { type Objects, objectsSchema } from './objects.ts'

export const objectsBefore: Fact<Objects> = {
  name: 'objects-before',
  what: 'all that is in the Swarm and on its manager before anything is created',
  schema: objectsSchema,
}
