-- What is to be told to others, and what became of it (ADR 38).
create table outbox (
    id           text primary key,
    position     bigserial not null unique,
    -- 'webhook', 'status' or 'chat'.
    channel      text not null,
    -- Who is told: a webhook, a git host, a conversation.
    target       text not null,
    -- Of the messages with one key, a later one waits until the earlier one is delivered or given up.
    order_key    text not null,
    -- There is at most one message with a key, ever.
    dedup_key    text not null unique,
    event        text not null,
    -- What it is about; the run may be gone.
    run_id       text,
    body         text not null,
    -- Where it goes when the message itself says so, sealed with the master key: who has the address may post there.
    address      bytea,
    -- 'waiting', 'delivered', 'dead', or 'superseded' by a newer one before it was sent.
    state        text not null default 'waiting',
    attempts     int not null default 0,
    -- Attempts of which nobody knows whether they arrived: their process was gone before it recorded the answer.
    unsure       int not null default 0,
    -- Somebody sends it until then; null: nobody does.
    leased_until timestamptz,
    -- By whom: a lease that went to somebody else records nothing.
    lease        text,
    created_at   timestamptz not null default now(),
    next_at      timestamptz not null default now(),
    expires_at   timestamptz not null,
    ended_at     timestamptz,
    -- Of the last answer; null: there was none.
    status       int,
    answer       text
);
create index outbox_waiting on outbox (next_at) where state = 'waiting';
create index outbox_order on outbox (order_key, position);
create index outbox_state on outbox (state, position desc);

-- Who is told of runs.
create table webhook (
    name           text primary key,
    -- Sealed, like the secret: addresses of some receivers are credentials.
    address        bytea not null,
    secret         bytea not null,
    -- Signs beside the new one until then, so that a receiver can change in its own time; null: never rotated.
    old_secret     bytea,
    old_until      timestamptz,
    -- 'run.finished', 'run.failed', comma between them.
    events         text not null,
    -- Only runs of this application, of this environment; null: of all.
    application_id text references application on delete cascade,
    environment_id text references environment on delete cascade,
    enabled        boolean not null default true,
    created_by     text not null,
    created_at     timestamptz not null default now()
);

-- Where states of commits are reported to.
create table status_host (
    name       text primary key,
    -- 'github', 'gitlab', 'gitea' or 'gitee'.
    provider   text not null,
    -- What the addresses of its repositories begin with: https://git.example, https://git.example/team.
    address    text not null unique,
    -- Of its API.
    api        text not null,
    token      bytea not null,
    created_by text not null,
    created_at timestamptz not null default now()
);
