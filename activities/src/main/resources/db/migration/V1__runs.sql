-- What Slipway knows. Ids are made by the application and never change; names may be used again.

create table application (
    id          text primary key,
    name        text not null unique,
    title       text,
    -- The author's text, as it was given; revision counts its changes.
    document    text not null,
    revision    bigint not null default 1,
    -- Where the document is read from; null: it is kept here.
    git_url     text,
    git_branch  text,
    git_path    text,
    created_at  timestamptz not null default now(),
    changed_at  timestamptz not null default now()
);

create table environment (
    id             text primary key,
    name           text not null unique,
    application_id text not null references application,
    cluster        text not null,
    namespace      text not null,
    overrides      text not null default '',
    created_at     timestamptz not null default now(),
    unique (cluster, namespace)
);

-- Secret values of an environment's parameters, encrypted; versions are kept, a release names the one it used.
create table parameter_secret (
    environment_id text not null references environment on delete cascade,
    name           text not null,
    version        bigint not null,
    ciphertext     bytea not null,
    created_at     timestamptz not null default now(),
    primary key (environment_id, name, version)
);

create table run (
    id              text primary key,
    -- Order of acceptance: the order in the lane.
    position        bigserial not null unique,
    environment_id  text not null references environment on delete cascade,
    number          bigint not null,
    operation       text not null,
    trigger         text not null,
    actor           text not null,
    agreed_plan     text,
    idempotency_key text not null,
    state           text not null,
    outcome         text,
    accepted_at     timestamptz not null default now(),
    started_at      timestamptz,
    ended_at        timestamptz,
    -- The last Progress; written when the run ends.
    progress        jsonb,
    unique (environment_id, idempotency_key),
    unique (environment_id, number)
);
create index run_open on run (position) where state <> 'finished';
create index run_of_environment on run (environment_id, position desc);

-- A plan and its parts, under the id of its run or, for a preview, of its own. A part is written once.
create table plan_part (
    plan_id    text not null,
    part       text not null check (part in ('pins', 'images', 'plan')),
    body       jsonb not null,
    created_at timestamptz not null default now(),
    primary key (plan_id, part)
);

-- Effects that happened: looked up before an effect is caused, so that a repeated call causes none.
create table step_ledger (
    run_id      text not null references run on delete cascade,
    step_id     text not null,
    inputs_hash text not null,
    result      jsonb not null,
    recorded_at timestamptz not null default now(),
    primary key (run_id, step_id, inputs_hash)
);

create table step_log (
    id      bigserial primary key,
    run_id  text not null references run on delete cascade,
    step_id text not null,
    at      timestamptz not null default now(),
    line    text not null
);
create index step_log_of_step on step_log (run_id, step_id, id);

create table release (
    environment_id text not null references environment on delete cascade,
    number         bigint not null,
    run_id         text not null unique references run on delete cascade,
    state          text not null,
    -- The resolved document: overrides applied, every git source at a commit.
    document       text not null,
    created_at     timestamptz not null default now(),
    ended_at       timestamptz,
    primary key (environment_id, number)
);

create table release_image (
    environment_id text not null,
    number         bigint not null,
    component      text not null,
    image          text not null,
    git_commit     text,
    primary key (environment_id, number, component),
    foreign key (environment_id, number) references release on delete cascade
);

create table build (
    -- DESIGN section 5: git tree of the context + builder and base digests + arguments.
    key         text primary key,
    repository  text not null,
    digest      text not null,
    git_url     text not null,
    git_commit  text not null,
    builder     text not null,
    base_digest text,
    run_id      text,
    started_at  timestamptz not null,
    ended_at    timestamptz not null
);

create table component_state (
    environment_id text not null references environment on delete cascade,
    component      text not null,
    kind           text not null,
    state          text not null,
    reason         text not null default '',
    ready          int not null default 0,
    wanted         int not null default 0,
    image          text,
    since          timestamptz not null,
    primary key (environment_id, component)
);
