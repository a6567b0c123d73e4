-- One row: a known text sealed with the master key. Opening it at start proves that the key is the right one.
create table master_key_check (
    one    boolean primary key default true check (one),
    sealed bytea   not null
);
