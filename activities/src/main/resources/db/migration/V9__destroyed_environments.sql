-- Null: it lives. A destroyed one keeps its runs and releases; its name and its namespace are free.
alter table environment add column destroyed_at timestamptz;
alter table environment drop constraint environment_name_key;
alter table environment drop constraint environment_cluster_namespace_key;
create unique index environment_name on environment (name) where destroyed_at is null;
create unique index environment_namespace on environment (cluster, namespace) where destroyed_at is null;
