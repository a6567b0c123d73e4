-- Who did what, and what was refused. Rows are only ever appended; each carries the hash of itself and of the one before.
create table audit (
    -- Without gaps, from 1.
    seq        bigint primary key,
    at         timestamptz not null,
    -- One act has up to two rows: that it began, and how it ended.
    act        text not null,
    -- What came in, one or several acts.
    request    text not null,
    outcome    text not null check (outcome in ('begun', 'allowed', 'refused', 'failed')),
    -- Empty: nobody had signed in.
    who        text not null,
    user_id    text not null,
    token_id   text not null,
    door       text not null,
    address    text not null,
    action     text not null,
    kind       text not null,
    name       text not null,
    subject_id text not null,
    detail     text not null,
    -- Code of the first problem; empty: there was none.
    problem    text not null,
    -- How many acts alike this row stands for.
    times      bigint not null,
    -- SHA-256 over the hash of the row before and this row.
    hash       bytea not null
);
create index audit_of_act on audit (act);
create index audit_of_who on audit (who, seq desc);
create index audit_of_action on audit (action text_pattern_ops, seq desc);
create index audit_of_name on audit (name, seq desc);
create index audit_at on audit (at);

-- The newest row and its hash, sealed with the master key: who can write to the database and has no key cannot shorten the chain
-- or make a new one.
create table audit_head (
    one    boolean primary key default true check (one),
    sealed bytea not null
);

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the audit is append-only';
end $$;
create trigger audit_append_only before update or delete or truncate on audit
    for each statement execute function audit_is_append_only();
create trigger audit_head_stays before delete or truncate on audit_head
    for each statement execute function audit_is_append_only();
