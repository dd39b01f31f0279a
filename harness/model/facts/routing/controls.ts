import { z } from 'zod'
import type { Fact } from '../../fact.ts'
import { type Exchange, exchangeSchema } from '../../http.ts'

/** Names nobody can know, asked of the places that answered the routes, without regard to the certificate. */
export const unknownNames: Fact<{
  readonly controls: readonly { readonly name: string; readonly exchange: Exchange }[]
}> = {
  name: 'unknown-names',
  what: 'what is answered under names that no router knows',
  schema: z.object({ controls: z.array(z.object({ name: z.string(), exchange: exchangeSchema })) }),
}
