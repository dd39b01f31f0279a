import type { Fact } from '../../fact.ts'
import { type Objects, objectsSchema } from './objects.ts'

export const objectsAfter: Fact<Objects> = {
  name: 'objects-after',
  what: 'all that is in the Swarm and on its manager once the run has cleaned up',
  schema: objectsSchema,
}
