/** The shapes that pass through the label router; types only, nothing of this file runs. */

export type RuleTree =
  | { readonly kind: 'match'; readonly name: string; readonly values: readonly string[] }
  | { readonly kind: 'and' | 'or'; readonly left: RuleTree; readonly right: RuleTree }
  | { readonly kind: 'not'; readonly of: RuleTree }

export interface StaticConfig {
  /** 3 speaks of provider `swarm`, 2 of provider `docker`. */
  readonly major: 2 | 3
  readonly exposedByDefault: boolean
  /** The provider's default network, by name; empty where none is configured. */
  readonly defaultNetwork: string
  readonly refreshMs: number
  /** How long a backend may take to accept a connection before the answer is 504. */
  readonly dialTimeoutMs: number
  /** Entry point name to port. */
  readonly entryPoints: Readonly<Record<string, number>>
  readonly startedAt: string
}

/** One running task (or, with `lbswarm`, one service) as the provider sees it. */
export interface Workload {
  readonly id: string
  readonly name: string
  readonly serviceName: string
  readonly labels: Readonly<Record<string, string>>
  readonly settings: Settings
  /** In the order in which the engine lists the attachments. */
  readonly networks: readonly Attachment[]
}

export interface Attachment {
  readonly name: string
  readonly address: string
}

export interface Settings {
  readonly enable: boolean
  readonly network: string
  readonly lbSwarm: boolean
}

export interface Router {
  entryPoints?: string[]
  middlewares?: string[]
  service?: string
  rule?: string
  priority?: number
  tls?: { options?: string; certResolver?: string }
}

export interface LoadBalancer {
  servers: { url: string }[]
  passHostHeader: boolean
}

export interface Labelled {
  routers: Record<string, Router>
  services: Record<string, { port: string; scheme: string; passHostHeader: boolean }>
  middlewares: string[]
}

/** What a provider hands over: names without the provider's suffix. */
export interface Dynamic {
  routers: Record<string, Router>
  services: Record<string, LoadBalancer>
  middlewares: string[]
}

export type Status = 'enabled' | 'warning' | 'disabled'

export interface RouterInfo extends Router {
  error?: string[]
  status: Status
  using?: string[]
}

export interface ServiceInfo {
  loadBalancer?: LoadBalancer & { strategy?: string; responseForwarding?: { flushInterval: string } }
  error?: string[]
  status: Status
  usedBy?: string[]
}

/** What runs: names carry `@provider`. */
export interface Runtime {
  readonly routers: Readonly<Record<string, RouterInfo>>
  readonly services: Readonly<Record<string, ServiceInfo>>
}

export interface Log {
  warn(message: string, fields?: Readonly<Record<string, string>>): void
  error(message: string, fields?: Readonly<Record<string, string>>): void
  info(message: string, fields?: Readonly<Record<string, string>>): void
}

/** The fields read of `GET /services`. */
export interface EngineService {
  readonly ID: string
  readonly Spec: {
    readonly Name: string
    readonly Labels?: Readonly<Record<string, string>>
    readonly Mode?: { readonly Global?: object | null }
    readonly EndpointSpec?: { readonly Mode?: string }
  }
  readonly Endpoint?: { readonly VirtualIPs?: readonly { readonly NetworkID: string; readonly Addr?: string }[] }
}

/** The fields read of `GET /tasks`. */
export interface EngineTask {
  readonly ID: string
  readonly ServiceID?: string
  readonly Slot?: number
  readonly Status: { readonly State: string }
  readonly NetworksAttachments?:
    | readonly { readonly Network: { readonly ID: string }; readonly Addresses?: readonly string[] | null }[]
    | null
}

/** The fields read of `GET /networks`. */
export interface EngineNetwork {
  readonly Id: string
  readonly Name: string
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
