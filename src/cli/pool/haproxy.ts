import type { HostConfig } from "../../config/config.ts";
import { authorityOf, type Member } from "./member.ts";

/** What a pool's balancer is to be. */
export interface PoolPlan {
  members: readonly Member[];
  /** `address:port` that clients call, as HAProxy's `bind` takes it. */
  bind: string;
  /** Requests that one member answers at the same time, until its agent says how many. */
  slots: number;
  /** Port of every member's agent. */
  agentPort: number;
}

/** Routes whose work is for a model's slot. The others never wait behind those. */
const INFERENCE = [
  "/api/generate",
  "/api/chat",
  "/api/embed",
  "/api/embeddings",
  "/api/rerank",
  "/v1/chat/completions",
  "/v1/completions",
  "/v1/responses",
  "/v1/messages",
  "/v1/embeddings",
  "/v1/rerank",
  "/v1/audio/transcriptions",
];

/** Of those, work that nobody looks on at. */
const BATCH = ["/api/embed", "/api/embeddings", "/api/rerank", "/v1/embeddings", "/v1/rerank"];

/** A name for a member that HAProxy and its logs can use. */
const nameOf = (host: HostConfig): string =>
  authorityOf(host)
    .replace(/[^A-Za-z0-9.-]+/g, "_")
    .replace(/^_/, "");

/**
 * A server's place on the ring of conversations comes of its id. Made of the address, it stays the same when others join or leave,
 * and is the same in every balancer.
 */
const idOf = (host: HostConfig): number => (Bun.hash.crc32(authorityOf(host)) % (2 ** 31 - 1)) + 1;

/** A member's line in a backend. A certificate is checked against the system's authorities. */
function serverLine({ host }: Member, options: string): string {
  const tls =
    host.scheme === "https" ? ` ssl verify required ca-file @system-ca sni str(${host.hostname})` : "";
  return `    server ${nameOf(host)} ${authorityOf(host)} id ${idOf(host)}${tls} ${options}`;
}

/**
 * HAProxy's configuration for a pool of llamero servers (HAProxy 2.6 or later; its configuration manual has every directive).
 *
 * A request goes where its conversation went before, because there its prompt is still evaluated. What is read of a body is what
 * fits into one of HAProxy's buffers, and only that can be sent once more to another member.
 */
export function haproxyConfig({ members, bind, slots, agentPort }: PoolPlan): string {
  const inference = members.map((member) =>
    serverLine(
      member,
      `check weight 100 maxconn ${slots} agent-check agent-port ${agentPort} agent-inter 1s`,
    ),
  );
  const leaving = members.flatMap(({ host }) => {
    const last = `{ var(txn.last) -m int ${idOf(host)} }`;
    const left = "    http-request set-var(txn.left) bool(true)";
    return [
      `${left} if ${last} { srv_queue(llamero/${nameOf(host)}) ge ${slots} }`,
      `${left} if ${last} { srv_weight(llamero/${nameOf(host)}) eq 0 }`,
    ];
  });
  const rest = members.map((member) => serverLine(member, `weight 100 track llamero/${nameOf(member.host)}`));
  return `${[GLOBAL, frontend(bind), inferenceBackend(leaving, inference), restBackend(rest)].join("\n\n")}\n`;
}

const GLOBAL = `# One address for several llamero servers, made by "llamero pool init" for HAProxy 2.6 or later.
# Check it with: haproxy -c -f FILE

global
    log stdout format raw local0 notice
    user haproxy
    group haproxy
    # Every request that waits or is being sent holds a buffer; this many hold a gigabyte at most.
    maxconn 2000
    # How much of a request is read before it is known where it belongs, and can be sent a second time: 512 KiB, about 120,000
    # tokens. Of a longer one the beginning decides, and it is sent to another server only when the first could not be reached.
    tune.bufsize 524288
    tune.maxrewrite 16384

defaults
    mode http
    log global
    option dontlognull
    # Every piece of an answer goes on as it comes.
    option http-no-delay
    timeout connect 3s
    timeout http-request 30s
    # A stream is silent while a model loads or a long prompt is evaluated, and an upload takes as long as it takes.
    timeout client 1h
    timeout server 1h
    timeout queue 10m
    timeout tunnel 1h
    timeout check 3s
    # What clients of models can read.
    http-error status 408 content-type application/json string '{"error":"the request did not arrive in time"}'
    http-error status 502 content-type application/json string '{"error":"the server broke off before it answered"}'
    http-error status 503 content-type application/json string '{"error":"no server is free, please try again"}'
    http-error status 504 content-type application/json string '{"error":"the server did not answer in time"}'`;

const frontend = (bind: string): string => `frontend llamero
    bind ${bind}
    # TLS: bind :443 ssl crt /etc/haproxy/llamero.pem alpn h2,http/1.1

    # Who calls, in this balancer's words alone; OLLAMA_TRUSTED_PROXIES on the servers says whose word counts. Where another proxy
    # is in front of this one, take the first line out.
    http-request del-header X-Forwarded-For
    http-request set-header X-Forwarded-For %[src]
    http-request set-header X-Forwarded-Proto https if { ssl_fc }

    # What is for a model's slot; nothing else waits behind that.
    acl inference path ${INFERENCE.slice(0, 6).join(" ")}
    acl inference path ${INFERENCE.slice(6).join(" ")}
    use_backend llamero if { method POST } inference
    default_backend llamero_rest`;

const inferenceBackend = (rules: readonly string[], servers: readonly string[]): string => `backend llamero
    # Interactive requests wait before batches, which are embeddings, rankings, and whatever says so.
    acl batch path ${BATCH.join(" ")}
    acl batch req.hdr(x-llamero-priority) -i batch
    http-request set-priority-class int(100) if batch

    # The routing key: which conversation is it? The first of these that a request has.
    http-request wait-for-body time 30s
    #  1. What an answer of the same conversation had in X-Llamero-Route.
    http-request set-var(txn.route) req.hdr(x-llamero-route) if { req.hdr(x-llamero-route) -m reg ^[A-Za-z0-9._-]{1,64}$ }
    acl routed var(txn.route) -m found
    acl keyed var(txn.key) -m len 1:65536
    #  2. prompt_cache_key, X-Session-Id, metadata.user_id.
    http-request set-var(txn.key) req.body,json_query('$.prompt_cache_key') if !routed
    http-request set-var(txn.key) req.hdr(x-session-id) if !routed !keyed
    http-request set-var(txn.key) req.body,json_query('$.metadata.user_id') if !routed !keyed
    #  3. An input of a batch belongs to no conversation.
    http-request set-var(txn.key) uuid if !routed !keyed batch
    #  4. The model and the first message that is no instruction, which stay as they are while a conversation grows.
    acl opened var(txn.first) -m len 1:524288
    http-request set-var(txn.model) req.body,json_query('$.model') if !routed !keyed
    http-request set-var(txn.role) req.body,json_query('$.messages[0].role') if !routed !keyed
    acl instructed var(txn.role) -m str system developer
    http-request set-var(txn.first) req.body,json_query('$.messages[0].content') if !routed !keyed !instructed
    http-request set-var(txn.first) req.body,json_query('$.messages[0].content[0].text') if !routed !keyed !instructed !opened
    http-request set-var(txn.first) req.body,json_query('$.messages[1].content') if !routed !keyed instructed
    http-request set-var(txn.first) req.body,json_query('$.messages[1].content[0].text') if !routed !keyed instructed !opened
    http-request set-var(txn.first) req.body,json_query('$.input') if !routed !keyed !opened
    http-request set-var(txn.first) req.body,json_query('$.input[0].content') if !routed !keyed !opened
    http-request set-var(txn.first) req.body,json_query('$.input[0].content[0].text') if !routed !keyed !opened
    http-request set-var(txn.first) req.body,json_query('$.prompt'),bytes(0,256) if !routed !keyed !opened
    #  5. The beginning of what cannot be read: JSON that writes letters as \\u escapes, or a message longer than a buffer.
    http-request set-var(txn.first) req.body,bytes(0,1024) if !routed !keyed !opened
    http-request set-var(txn.key) var(txn.model),concat(:,txn.first) if !routed !keyed { var(txn.model) -m found }
    http-request set-var(txn.key) var(txn.first) if !routed !keyed
    http-request set-var(txn.route) var(txn.key),sha2(256),hex,lower,bytes(0,32) if !routed
    # The server returns it with the answer.
    http-request set-header X-Llamero-Route %[var(txn.route)]

    # A conversation goes where it went last, since its prompt lies there: unless that server stops, or as many wait for it as it
    # answers at once. Balancers that are to share this table are peers (the manual's section "peers").
    stick-table type string len 64 size 200k expire 2h
    http-request set-var(txn.last) var(txn.route),table_server_id(llamero)
${rules.join("\n")}
    stick match var(txn.route) if { var(txn.last) -m found } !{ var(txn.left) -m found }
    stick store-request var(txn.route)
    # Otherwise its key says where, and when a server goes only its own conversations move. Where that one has half as much again as
    # its share of what is under way, the next one on the ring takes it.
    balance hash var(txn.route)
    hash-type consistent sdbm avalanche
    hash-balance-factor 150
    # Once more, elsewhere, as long as nothing of an answer has come: an answer that has begun is never sent twice.
    option redispatch 1
    retries 3
    retry-on conn-failure empty-response 503
    option httpchk
    http-check send meth GET uri /api/version ver HTTP/1.1 hdr Host localhost
    http-check expect status 200
    # A member's agent (OLLAMA_AGENT_CHECK) says how many requests it takes at once, how far it is behind, and that it is about to stop.
    default-server inter 1s fall 2 rise 1
${servers.join("\n")}`;

const restBackend = (servers: readonly string[]): string => `backend llamero_rest
    # Lists, uploads and what changes a member's models: one caller's go to the same member. To have a model everywhere, ask each
    # member for it. An upload may have many gigabytes; none of it is kept here, and it is sent once.
    balance source
    hash-type consistent
    option redispatch 1
    retries 2
    retry-on conn-failure
${servers.join("\n")}`;
