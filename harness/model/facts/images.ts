import { z } from 'zod'
import type { Fact } from '../fact.ts'

const image = z.object({
  Id: z.string(),
  /** `null`, or `<none>:<none>`, for an image without a name. */
  RepoTags: z.array(z.string()).nullish(),
  /** Only of what came from a registry, or went to one. */
  RepoDigests: z.array(z.string()).nullish(),
})
/** An image on the engine that was asked. */
export type Image = z.infer<typeof image>

export const images: Fact<readonly Image[]> = {
  name: 'images',
  what: 'the images on the engine',
  schema: z.array(image),
}
