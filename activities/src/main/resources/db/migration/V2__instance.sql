-- Which Slipway this is: labels every object it owns in a cluster, and never changes.
create table instance (
    id         text primary key,
    created_at timestamptz not null default now()
);
create unique index instance_is_one on instance ((true));
