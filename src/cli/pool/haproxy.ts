import type { HostConfig } from "../../config/config.ts";
import { memberTag, SERVER_HEADER } from "../../lib/member-tag.ts";
import { authorityOf, type Member } from "./member.ts";
import { evenWeights } from "./ring.ts";

/** The pool that a configuration is made for. */
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

/** Routes of batches: no person waits for their work, and it belongs to no conversation. */
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

/** By member: how much of the ring it is to have, so that all have the same. */
const weightsOf = (members: readonly Member[]): Map<Member, number> =>
  new Map(evenWeights(members.map(({ host }) => idOf(host))).map((weight, at) => [members[at]!, weight]));

/** A member's line in a backend. A certificate is checked against the system's authorities. */
function serverLine({ host }: Member, options: string): string {
  const tls =
    host.scheme === "https" ? ` ssl verify required ca-file @system-ca sni str(${host.hostname})` : "";
  return `    server ${nameOf(host)} ${authorityOf(host)} id ${idOf(host)}${tls} ${options}`;
}

/** The work that a backend sends to members: their agents say how much of it they take at once. */
interface Class {
  backend: "llamero" | "llamero_batch";
  name: "interactive" | "batch";
  /** Requests of one member at once, until its agent says how many. */
  slots: number;
}

/**
 * HAProxy's configuration for a pool of llamero servers (HAProxy 2.6 or later; its configuration manual has every directive).
 *
 * A request goes where its conversation went before, because its prompt is still in that member's cache. HAProxy reads as much of a body
 * as fits into one of its buffers, and only a body that fits can be sent once more to another member.
 */
export function haproxyConfig(plan: PoolPlan): string {
  const { members, bind, slots } = plan;
  const interactive: Class = { backend: "llamero", name: "interactive", slots };
  const batch: Class = { backend: "llamero_batch", name: "batch", slots: Math.max(1, slots >> 1) };
  const rest = [...weightsOf(members)].map(([member, weight]) =>
    serverLine(member, `weight ${weight} track llamero/${nameOf(member.host)}`),
  );
  return `${[
    GLOBAL,
    frontend(bind),
    interactiveBackend(workOf(interactive, plan)),
    batchBackend(workOf(batch, plan)),
    restBackend(keepers(members), rest),
  ].join("\n\n")}\n`;
}

/** The common part of the two backends for work: where a known conversation goes, retries, checks and servers. */
function workOf({ backend, name, slots }: Class, { members, agentPort }: PoolPlan): string {
  const leaving = members.flatMap(({ host }) => {
    const last = `{ var(txn.last) -m int ${idOf(host)} }`;
    const left = "    http-request set-var(txn.left) bool(true)";
    return [
      `${left} if ${last} { srv_queue(${backend}/${nameOf(host)}) ge ${slots} }`,
      `${left} if ${last} { srv_weight(${backend}/${nameOf(host)}) eq 0 }`,
    ];
  });
  const servers = [...weightsOf(members)].map(([member, weight]) =>
    serverLine(
      member,
      `check weight ${weight} maxconn ${slots} agent-check agent-port ${agentPort} agent-send "${name}\\n" agent-inter 1s`,
    ),
  );
  return `${leaving.join("\n")}
    stick match var(txn.route) table llamero if { var(txn.last) -m found } !{ var(txn.left) -m found }
    stick store-request var(txn.route) table llamero if { var(txn.route) -m found }
${keepers(members)}
    # Once more, elsewhere, as long as nothing of an answer has come: an answer that has begun is never sent twice.
    option redispatch 1
    retries 3
    retry-on conn-failure empty-response 503
    option httpchk
    http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host localhost
    http-check expect status 200
    default-server inter 1s fall 2 rise 1
${servers.join("\n")}`;
}

/** Rules that send requests about a kept response to the member that has it. */
const keepers = (members: readonly Member[]): string =>
  [
    "    # A response that is continued or asked for: its id ends with the name of the server that keeps it.",
    `    http-send-name-header ${SERVER_HEADER}`,
    ...members.map(({ host }) => {
      const name = nameOf(host);
      return `    use-server ${name} if { var(txn.response) -m end ${memberTag(name)} }`;
    }),
  ].join("\n");

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
    # Who hangs up waits no longer, and what was being computed for him ends.
    option abortonclose
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
    http-error status 503 content-type application/json hdr Retry-After 10 string '{"error":"no server is free, please try again"}'
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
    acl posted method POST
    # Batches are embeddings, rankings, and whatever says so; what says that it is interactive is no batch.
    acl parts path ${BATCH.join(" ")}
    acl batch req.hdr(x-llamero-priority) -i batch
    acl hurried req.hdr(x-llamero-priority) -i interactive

${ROUTING_KEY}

    use_backend llamero_rest if !posted || !inference
    use_backend llamero_batch if batch || parts !hurried
    default_backend llamero`;

/** In the frontend, since both backends for work need it. */
const ROUTING_KEY = `    # The routing key: which conversation is it? The first of these that a request has. Parts of a batch belong to none.
    acl talk var(txn.talk) -m bool
    http-request set-var(txn.talk) bool(true) if posted inference !parts
    http-request wait-for-body time 30s if posted inference
    #  1. What an answer of the same conversation had in X-Llamero-Route.
    http-request set-var(txn.route) req.hdr(x-llamero-route) if talk { req.hdr(x-llamero-route) -m reg ^[A-Za-z0-9._-]{1,64}$ }
    acl routed var(txn.route) -m found
    acl keyed var(txn.key) -m len 1:65536
    #  2. prompt_cache_key, X-Session-Id, metadata.user_id.
    http-request set-var(txn.key) req.body,json_query('$.prompt_cache_key') if talk !routed
    http-request set-var(txn.key) req.hdr(x-session-id) if talk !routed !keyed
    http-request set-var(txn.key) req.body,json_query('$.metadata.user_id') if talk !routed !keyed
    #  3. The model and the first message that is no instruction, which stay as they are while a conversation grows.
    acl opened var(txn.first) -m len 1:524288
    http-request set-var(txn.model) req.body,json_query('$.model') if talk !routed !keyed
    http-request set-var(txn.role) req.body,json_query('$.messages[0].role') if talk !routed !keyed
    acl instructed var(txn.role) -m str system developer
    http-request set-var(txn.first) req.body,json_query('$.messages[0].content') if talk !routed !keyed !instructed
    http-request set-var(txn.first) req.body,json_query('$.messages[0].content[0].text') if talk !routed !keyed !instructed !opened
    http-request set-var(txn.first) req.body,json_query('$.messages[1].content') if talk !routed !keyed instructed
    http-request set-var(txn.first) req.body,json_query('$.messages[1].content[0].text') if talk !routed !keyed instructed !opened
    http-request set-var(txn.first) req.body,json_query('$.input') if talk !routed !keyed !opened
    http-request set-var(txn.first) req.body,json_query('$.input[0].content') if talk !routed !keyed !opened
    http-request set-var(txn.first) req.body,json_query('$.input[0].content[0].text') if talk !routed !keyed !opened
    http-request set-var(txn.first) req.body,json_query('$.prompt'),bytes(0,256) if talk !routed !keyed !opened
    #  4. The beginning of what cannot be read: JSON that writes letters as \\u escapes, or a message longer than a buffer.
    http-request set-var(txn.first) req.body,bytes(0,1024) if talk !routed !keyed !opened
    http-request set-var(txn.key) var(txn.model),concat(:,txn.first) if talk !routed !keyed { var(txn.model) -m found }
    http-request set-var(txn.key) var(txn.first) if talk !routed !keyed
    http-request set-var(txn.route) var(txn.key),sha2(256),hex,lower,bytes(0,32) if talk !routed
    # The server returns it with the answer.
    http-request set-header X-Llamero-Route %[var(txn.route)] if talk
    # Where it went last; the table is that of the interactive requests' backend.
    http-request set-var(txn.last) var(txn.route),table_server_id(llamero) if talk
    # The response that it continues, or asks for.
    http-request set-var(txn.response) req.body,json_query('$.previous_response_id') if talk
    http-request set-var(txn.response) path,field(4,/) if { path_beg /v1/responses/resp_ }`;

/** @param work see {@link workOf}. */
const interactiveBackend = (work: string): string => `backend llamero
    # A conversation goes where it went last, since its prompt lies there: unless that server stops, or as many wait for it as it
    # answers at once. Balancers that are to share this table are peers (the manual's section "peers").
    stick-table type string len 64 size 200k expire 2h
${HASHED}
    # A member's agent (OLLAMA_AGENT_CHECK) says how many requests it takes at once, how far it is behind, and that it is about to stop.
${work}`;

/** @param work see {@link workOf}. */
const batchBackend = (work: string): string => `backend llamero_batch
    # Batches never stand in the way of interactive requests: a member takes some of them at once, as its agent says (half as many as
    # it has slots), and the others wait here. The member itself lets interactive requests go first.
    http-request set-header X-Llamero-Priority batch
    # A batch that belongs to a conversation goes where that went last, the others to whoever has least of them to do.
    balance leastconn
${work}`;

/** How a new conversation is placed. */
const HASHED = `    # A new one goes where its key says, and when a server goes only its own conversations move. Where that one has half as much
    # again as its share of what is under way, the next one on the ring takes it. The servers' weights give each the same share of the ring.
    balance hash var(txn.route)
    hash-type consistent sdbm avalanche
    hash-balance-factor 150`;

const restBackend = (keeping: string, servers: readonly string[]): string => `backend llamero_rest
    # Lists, uploads and what changes a member's models: one caller's go to the same member. To have a model everywhere, ask each
    # member for it. An upload may have many gigabytes; none of it is kept here, and it is sent once.
    balance source
    hash-type consistent
${keeping}
    option redispatch 1
    retries 2
    retry-on conn-failure
${servers.join("\n")}`;
