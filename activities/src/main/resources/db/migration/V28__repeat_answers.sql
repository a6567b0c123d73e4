-- What was answered to a request that came with an idempotency key. Kept for 24 hours.
create table repeat_answer (
    caller     text not null,
    key        text not null,
    -- Hash of the request, sealed.
    request    bytea not null,
    -- Null while it is being answered.
    status     integer,
    location   text,
    etag       text,
    body       text,
    created_at timestamptz not null default now(),
    primary key (caller, key)
);
create index repeat_answer_age on repeat_answer (created_at);
