import type { Expectations } from '../../model/expectations.ts'

/** For `notApplicable`. */
export function noRoutes({ routes }: Expectations): string | undefined {
  return routes.length === 0 ? 'no route is named in `expect.routes`' : undefined
}
