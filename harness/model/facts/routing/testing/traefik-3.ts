/**
 * What Traefik 3.6 answers, body by path. Written down from its documentation (reference/install-configuration/api-dashboard,
 * providers/swarm) and its source (pkg/api, pkg/config/runtime, pkg/server/service); it was not run for it. Names and
 * addresses are the practice host's.
 */
export const traefik3: Readonly<Record<string, string>> = {
  '/api/version': `{"Version":"3.6.1","Codename":"ramequin","startDate":"2026-06-12T09:58:41.263718Z","disableDashboardAd":false}`,

  '/api/overview': `{
    "http": {
      "routers": { "total": 4, "warnings": 0, "errors": 1 },
      "services": { "total": 7, "warnings": 0, "errors": 1 },
      "middlewares": { "total": 2, "warnings": 0, "errors": 0 }
    },
    "tcp": {
      "routers": { "total": 0, "warnings": 0, "errors": 0 },
      "services": { "total": 0, "warnings": 0, "errors": 0 },
      "middlewares": { "total": 0, "warnings": 0, "errors": 0 }
    },
    "udp": {
      "routers": { "total": 0, "warnings": 0, "errors": 0 },
      "services": { "total": 0, "warnings": 0, "errors": 0 }
    },
    "features": { "tracing": "", "metrics": "Prometheus", "accessLog": true },
    "providers": ["Swarm"]
  }`,

  '/api/http/routers': `[
    {
      "entryPoints": ["traefik"], "middlewares": ["dashboard_redirect@internal", "dashboard_stripprefix@internal"],
      "service": "dashboard@internal", "rule": "PathPrefix(\`/\`)", "ruleSyntax": "default",
      "priority": 9223372036854775805,
      "observability": { "accessLogs": true, "metrics": true, "tracing": true, "traceVerbosity": "minimal" },
      "status": "enabled", "using": ["traefik"], "name": "dashboard@internal", "provider": "internal"
    },
    {
      "entryPoints": ["web-secure"], "service": "drone", "rule": "Host(\`drone.test\`)", "priority": 18,
      "tls": { "options": "default" },
      "observability": { "accessLogs": true, "metrics": true, "tracing": true, "traceVerbosity": "minimal" },
      "status": "enabled", "using": ["web-secure"], "name": "drone@swarm", "provider": "swarm"
    },
    {
      "entryPoints": ["web-secure"], "middlewares": ["auth"], "service": "reports", "rule": "Host(\`reports.test\`)",
      "priority": 20, "tls": { "options": "default" }, "error": ["middleware \\"auth@swarm\\" does not exist"],
      "status": "disabled", "using": ["web-secure"], "name": "reports@swarm", "provider": "swarm"
    },
    {
      "entryPoints": ["web"], "middlewares": ["redirect-web-to-web-secure"], "service": "noop@internal",
      "rule": "HostRegexp(\`^.+$\`)", "ruleSyntax": "default", "priority": 9223372036854775806,
      "status": "enabled", "using": ["web"], "name": "web-to-web-secure@internal", "provider": "internal"
    }
  ]`,

  '/api/http/services': `[
    {
      "loadBalancer": {
        "servers": [{ "url": "http://10.10.0.7:80" }, { "url": "http://[fd00:10::7]:80", "weight": 2, "preservePath": true }],
        "strategy": "wrr",
        "healthCheck": { "mode": "http", "path": "/healthz", "interval": "5s", "timeout": "2s", "followRedirects": true },
        "passHostHeader": true, "responseForwarding": { "flushInterval": "100ms" }
      },
      "status": "enabled", "usedBy": ["drone@swarm"],
      "serverStatus": { "http://10.10.0.7:80": "UP", "http://[fd00:10::7]:80": "DOWN" },
      "name": "drone@swarm", "provider": "swarm", "type": "loadbalancer"
    },
    {
      "loadBalancer": {
        "servers": [{}], "strategy": "p2c", "passHostHeader": true, "responseForwarding": { "flushInterval": "100ms" }
      },
      "status": "enabled", "name": "starting@swarm", "provider": "swarm", "type": "loadbalancer"
    },
    {
      "failover": { "service": "drone", "fallback": "reports", "healthCheck": {} },
      "error": ["child service drone of spare@file not a healthcheck.StatusUpdater (*failover.Failover)"],
      "status": "disabled", "name": "spare@file", "provider": "file", "type": "failover"
    },
    {
      "mirroring": {
        "service": "drone@swarm", "mirrorBody": true, "maxBodySize": -1,
        "mirrors": [{ "name": "reports@swarm", "percent": 10 }]
      },
      "status": "enabled", "name": "shadow@file", "provider": "file", "type": "mirroring"
    },
    {
      "weighted": { "services": [{ "name": "drone@swarm", "weight": 3 }, { "name": "reports@swarm", "weight": 1 }] },
      "status": "enabled", "name": "canary@file", "provider": "file", "type": "weighted"
    },
    { "status": "enabled", "usedBy": ["dashboard@internal"], "name": "dashboard@internal", "provider": "internal" },
    { "status": "enabled", "usedBy": ["web-to-web-secure@internal"], "name": "noop@internal", "provider": "internal" }
  ]`,

  '/api/entrypoints': `[
    {
      "address": ":80",
      "transport": {
        "lifeCycle": { "graceTimeOut": "10s" }, "respondingTimeouts": { "readTimeout": "1m0s", "idleTimeout": "3m0s" }
      },
      "forwardedHeaders": {},
      "http": {
        "redirections": { "entryPoint": { "to": "web-secure", "scheme": "https", "permanent": true } },
        "maxHeaderBytes": 1048576
      },
      "http2": { "maxConcurrentStreams": 250 }, "udp": { "timeout": "3s" },
      "observability": { "accessLogs": true, "metrics": true, "tracing": true }, "name": "web"
    },
    { "address": ":443", "transport": {}, "forwardedHeaders": {}, "http": {}, "name": "web-secure" }
  ]`,
}
