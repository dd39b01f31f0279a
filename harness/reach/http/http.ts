import type { Exchange, Knock } from '../../model/http.ts'

export interface HttpRequest {
  readonly url: string
  readonly method?: 'GET' | 'HEAD'
  readonly headers?: Readonly<Record<string, string>>
  /** Dialled instead of whatever the name leads to; the name stays in SNI and `Host`. */
  readonly address?: string
  /** Asks on although the certificate is not to be trusted; `tls.authorized` and `error` still tell. Never with credentials. */
  readonly trustAnyone?: boolean
  readonly signal?: AbortSignal
}

/** Web requests as the outside makes them; each opens, and closes, a connection of its own. */
export interface HttpClient {
  /** Follows no redirect. What fails is in the exchange; throws the signal's reason, and `REACH_CA_UNREADABLE`. */
  ask(request: HttpRequest): Promise<Exchange>
  /** Connects to a port and leaves again. */
  knock(at: { readonly host: string; readonly port: number; readonly signal?: AbortSignal }): Promise<Knock>
}
