-- What git providers call when somebody pushed.
create table hook (
    -- Stands in the address that the provider calls; no secret.
    id         text primary key,
    name       text not null unique,
    provider   text not null,
    -- A repository, a folder of them or a server: it speaks for nothing else.
    address    text not null,
    created_at timestamptz not null default now(),
    created_by text not null
);

-- Several while one is changed for the next: any of them is good.
create table hook_secret (
    id         text primary key,
    hook_id    text not null references hook on delete cascade,
    -- Sealed with the master key.
    secret     bytea not null,
    created_at timestamptz not null default now(),
    -- When a delivery was signed with it last.
    used_at    timestamptz
);
create index hook_secret_of_hook on hook_secret (hook_id);

-- Which pushes start what in an environment; tried in the order of their making, the first that fits counts.
create table push_rule (
    id             text primary key,
    position       bigserial not null unique,
    environment_id text not null references environment on delete cascade,
    body           jsonb not null,
    changed_at     timestamptz not null default now(),
    changed_by     text not null
);
create index push_rule_of_environment on push_rule (environment_id, position);

-- Every call of a provider that was let in, and the newest of those that were refused.
create table hook_delivery (
    id          text primary key,
    -- Order of arrival.
    position    bigserial not null unique,
    -- Null: the hook is gone.
    hook_id     text references hook on delete set null,
    hook_name   text not null,
    provider    text not null,
    -- The provider's id of it; null: refused.
    delivery    text,
    -- SHA-256 of its body: the same id with another body is no repetition.
    digest      text not null,
    event       text not null default '',
    -- 'waiting' for the rules to be asked, 'done', 'refused'.
    state       text not null,
    push        jsonb,
    -- Why nothing comes of it.
    reason      jsonb,
    -- Why it was refused.
    problem     jsonb,
    -- Where it came from.
    address     text not null,
    received_at timestamptz not null default now(),
    -- How often it came again.
    repeats     int not null default 0,
    unique (hook_id, delivery)
);
create index hook_delivery_waiting on hook_delivery (position) where state = 'waiting';
create index hook_delivery_of_hook on hook_delivery (hook_id, position desc);

-- What a delivery came to by a rule.
create table push_result (
    id             text primary key,
    delivery_id    text not null references hook_delivery on delete cascade,
    environment_id text not null references environment on delete cascade,
    rule_id        text not null,
    -- 'skipped', 'waits', 'started', 'replaced', 'failed'.
    state          text not null,
    reason         jsonb not null,
    scope          jsonb,
    replace        boolean not null default false,
    -- Of one that waits: when it may start.
    due_at         timestamptz,
    -- A process has it in hand until then.
    claimed_until  timestamptz,
    attempt        int not null default 0,
    run_id         text references run on delete set null,
    problem        jsonb,
    changed_at     timestamptz not null default now(),
    unique (delivery_id, rule_id)
);
create index push_result_due on push_result (due_at) where state = 'waits';
create index push_result_of_environment on push_result (environment_id, changed_at desc);
