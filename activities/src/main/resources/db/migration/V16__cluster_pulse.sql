-- That a worker looks at a cluster: one row for each, written anew every two seconds. Once it grows old, what is kept of the
-- cluster's components is no news any more.
create table cluster_pulse (
    cluster text primary key,
    beat_at timestamptz not null
);
