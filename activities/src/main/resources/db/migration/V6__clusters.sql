-- Clusters that were added while Slipway runs; those of the settings are not here.
create table cluster (
    name             text primary key,
    -- Sealed with the master key: one context, everything inside.
    kubeconfig       bytea not null,
    context          text not null,
    registry_address text,
    -- False while its first look is awaited: no environment can name it yet.
    accepted         boolean not null default false,
    created_at       timestamptz not null default now()
);

-- What the workers saw of each cluster last, whoever named it.
create table cluster_seen (
    name          text primary key,
    -- Uid of its kube-system namespace, as it was seen first: an environment never moves to another cluster silently.
    identity      text,
    address       text not null default '',
    version       text,
    nodes         int,
    architectures text not null default '',
    problem       jsonb,
    asked_at      timestamptz,
    answered_at   timestamptz,
    -- Somebody waits for a look that begins after this moment.
    wanted_at     timestamptz
);
