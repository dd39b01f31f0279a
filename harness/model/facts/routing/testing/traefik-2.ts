/**
 * What Traefik 2.11 answers, body by path. Written down from its documentation (operations/api, providers/docker) and its
 * source (pkg/api, pkg/config/runtime, pkg/version); it was not run for it. Names and addresses are the practice host's.
 */
export const traefik2: Readonly<Record<string, string>> = {
  '/api/version': `{"Version":"2.11.2","Codename":"mimolette","startDate":"2026-06-12T09:58:41.263718Z"}`,

  '/api/overview': `{
    "http": {
      "routers": { "total": 6, "warnings": 1, "errors": 2 },
      "services": { "total": 6, "warnings": 0, "errors": 1 },
      "middlewares": { "total": 3, "warnings": 0, "errors": 1 }
    },
    "tcp": {
      "routers": { "total": 1, "warnings": 0, "errors": 0 },
      "services": { "total": 1, "warnings": 0, "errors": 0 },
      "middlewares": { "total": 0, "warnings": 0, "errors": 0 }
    },
    "udp": {
      "routers": { "total": 0, "warnings": 0, "errors": 0 },
      "services": { "total": 0, "warnings": 0, "errors": 0 }
    },
    "features": { "tracing": "", "metrics": "", "accessLog": false, "hub": false },
    "providers": ["Docker", "File"]
  }`,

  '/api/http/routers': `[
    {
      "entryPoints": ["traefik"], "service": "api@internal", "rule": "PathPrefix(\`/api\`)",
      "priority": 9223372036854775806, "status": "enabled", "using": ["traefik"],
      "name": "api@internal", "provider": "internal"
    },
    {
      "entryPoints": ["web-secure"], "middlewares": ["auth@file"], "service": "drone",
      "rule": "Host(\`drone.test\`) \\u0026\\u0026 PathPrefix(\`/\`)", "priority": 35,
      "tls": { "options": "default", "certResolver": "own" },
      "status": "enabled", "using": ["web-secure"], "name": "drone@docker", "provider": "docker"
    },
    {
      "entryPoints": ["web-secure", "nowhere"], "service": "reports", "rule": "Host(\`reports.test\`)", "priority": 20,
      "tls": { "options": "default" }, "error": ["entryPoint \\"nowhere\\" doesn't exist"],
      "status": "warning", "using": ["web-secure"], "name": "reports@docker", "provider": "docker"
    },
    {
      "entryPoints": ["web-secure"], "service": "gone", "rule": "Host(\`gone.test\`)", "priority": 17,
      "error": ["the service \\"gone@docker\\" does not exist"],
      "status": "disabled", "using": ["web-secure"], "name": "gone@docker", "provider": "docker"
    },
    {
      "entryPoints": ["nowhere"], "service": "reports", "rule": "Host(\`lost.test\`)", "priority": 17,
      "error": ["entryPoint \\"nowhere\\" doesn't exist", "no valid entryPoint for this router"],
      "status": "disabled", "name": "lost@docker", "provider": "docker"
    },
    {
      "entryPoints": ["web"], "middlewares": ["redirect-web-to-web-secure"], "service": "noop@internal",
      "rule": "HostRegexp(\`{host:.+}\`)", "priority": 9223372036854775806,
      "status": "enabled", "using": ["web"], "name": "web-to-web-secure@internal", "provider": "internal"
    }
  ]`,

  '/api/http/services': `[
    { "status": "enabled", "usedBy": ["api@internal"], "name": "api@internal", "provider": "internal" },
    {
      "loadBalancer": {
        "servers": [{ "url": "http://10.10.0.7:80" }, { "url": "http://10.10.0.8:80" }],
        "healthCheck": { "path": "/healthz", "interval": "5s", "timeout": "2s", "followRedirects": true },
        "passHostHeader": true, "responseForwarding": { "flushInterval": "100ms" }
      },
      "status": "enabled", "usedBy": ["drone@docker"],
      "serverStatus": { "http://10.10.0.7:80": "UP", "http://10.10.0.8:80": "DOWN" },
      "name": "drone@docker", "provider": "docker", "type": "loadbalancer"
    },
    {
      "loadBalancer": { "passHostHeader": true, "responseForwarding": { "flushInterval": "100ms" } },
      "status": "enabled", "name": "empty@docker", "provider": "docker", "type": "loadbalancer"
    },
    {
      "weighted": {
        "services": [{ "name": "drone@docker", "weight": 3 }, { "name": "reports@docker", "weight": 1 }],
        "sticky": { "cookie": { "name": "lvl1", "secure": true, "httpOnly": true } }
      },
      "status": "enabled", "name": "canary@file", "provider": "file", "type": "weighted"
    },
    {
      "loadBalancer": { "servers": [{ "url": "http://10.10.0.9:80" }], "passHostHeader": true,
        "serversTransport": "nowhere@file" },
      "error": ["servers transport not found nowhere@file"],
      "status": "disabled", "usedBy": ["lost@docker", "reports@docker"], "name": "reports@docker",
      "provider": "docker", "type": "loadbalancer"
    },
    { "status": "enabled", "usedBy": ["web-to-web-secure@internal"], "name": "noop@internal", "provider": "internal" }
  ]`,

  '/api/entrypoints': `[
    {
      "address": ":80",
      "transport": { "lifeCycle": { "graceTimeOut": "10s" }, "respondingTimeouts": { "idleTimeout": "3m0s" } },
      "forwardedHeaders": {},
      "http": { "redirections": { "entryPoint": { "to": "web-secure", "scheme": "https", "permanent": true } } },
      "http2": { "maxConcurrentStreams": 250 }, "udp": { "timeout": "3s" }, "name": "web"
    },
    { "address": ":443", "transport": {}, "forwardedHeaders": {}, "http": {}, "name": "web-secure" }
  ]`,
}
